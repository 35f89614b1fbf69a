package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;

/** Translation of the ports of a packet to the other side of its connection's record. */
final class RecordPorts {
    private RecordPorts() {}

    /**
     * Writes the ports of the other side, swapped, and the transport checksum.
     *
     * @param difference of the pseudo header
     */
    static void rewrite(PacketBurst burst, int row, long difference) {
        long record = burst.connection[row];
        int swing = burst.direction[row] << 3;
        int before = Memory.getInt(record + ConnectionLayout.IN_PORTS + swing);
        int after = Memory.getInt(record + ConnectionLayout.OUT_PORTS - swing);
        TransportHeader.rewrite(
                burst.data[row] + burst.layer4[row],
                burst.protocol[row],
                before,
                Integer.rotateLeft(after, 16),
                difference,
                burst.end[row] - burst.layer4[row]);
    }
}
