package io.jvs.forwarding;

import io.jvs.packet.PacketBurst;

/**
 * Direct routing: the packet stays as it is but for its TTL (ip_vs_dr_xmit, ip_vs_dr_xmit_v6); the
 * neighbour stage gives it the real server's MAC address.
 */
final class DirectRouteForwarder implements Forwarder {

    @Override
    public void ipv4(PacketBurst burst, int row) {
        HopCount.decrementTtl(burst.data[row] + burst.layer3[row]);
    }

    @Override
    public void ipv6(PacketBurst burst, int row) {
        HopCount.decrementHopLimit(burst.data[row] + burst.layer3[row]);
    }
}
