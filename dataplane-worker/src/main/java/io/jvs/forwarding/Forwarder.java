package io.jvs.forwarding;

import io.jvs.packet.PacketBurst;

/**
 * How a packet of a connection is rewritten, one class for each forwarding method. The stage has
 * made sure before that TTL or hop limit is more than 1, and that the packet fits or may be cut.
 * Used by one worker's thread.
 */
sealed interface Forwarder
        permits NatForwarder, DirectRouteForwarder, TunnelForwarder, FullNatForwarder {

    /** Rewrites an IPv4 packet in place, TTL included. */
    void ipv4(PacketBurst burst, int row);

    /** Rewrites an IPv6 packet in place, hop limit included. */
    void ipv6(PacketBurst burst, int row);
}
