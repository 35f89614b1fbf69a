package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;

/** How much a packet that has not been translated yet may grow and still fit its way. */
public final class PacketRoom {
    private PacketRoom() {}

    /**
     * Bytes that may be added to a row whose connection and MTU are known; negative when it is too
     * big as it is. A packet of a mixed connection counts as it will be in the other IP version.
     */
    public static int bytes(PacketBurst burst, int row) {
        long record = burst.connection[row];
        if (!ConnectionLayout.isMixed(record)) {
            return burst.mtu[row] - (burst.end[row] - burst.layer3[row]);
        }
        int payload = burst.end[row] - burst.layer4[row];
        int header = leavesAsIpv6(burst, row) ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        return burst.mtu[row] - payload - header;
    }

    private static boolean leavesAsIpv6(PacketBurst burst, int row) {
        long record = burst.connection[row];
        return burst.direction[row] == PacketBurst.FROM_CLIENT
                ? ConnectionLayout.isServerIpv6(record)
                : ConnectionLayout.isIpv6(record);
    }
}
