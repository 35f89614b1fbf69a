package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.UdpHeader;
import io.jvs.service.Tunnel;

/**
 * What lies between the outer IP header and the wrapped packet: nothing for IPIP, a GRE header (RFC
 * 2784), or UDP and GUE headers (draft-ietf-intarea-gue, variant 0), as ipvs_gre_encap and
 * ipvs_gue_encap write them.
 */
final class TunnelShim {
    static final int PROTOCOL_IPV4 = 4;
    static final int PROTOCOL_IPV6 = 41;
    static final int PROTOCOL_GRE = 47;

    private static final int GRE_BYTES = 4;
    private static final int GRE_CHECKSUM_BYTES = 4;
    private static final int GRE_CHECKSUM_PRESENT = 0x8000;
    private static final int GUE_BYTES = 4;

    /** Source ports of GUE carry the flow's hash within the dynamic range (RFC 6335). */
    private static final int DYNAMIC_PORTS = 0xC000;

    private TunnelShim() {}

    /** Its length in bytes. */
    static int bytes(Tunnel tunnel) {
        return switch (tunnel.type()) {
            case IPIP -> 0;
            case GRE -> GRE_BYTES + (tunnel.checksum() ? GRE_CHECKSUM_BYTES : 0);
            case GUE -> UdpHeader.BYTES + GUE_BYTES;
        };
    }

    /** What the outer header names as its payload; 0 for the wrapped packet's own number. */
    static int protocol(Tunnel tunnel) {
        return switch (tunnel.type()) {
            case IPIP -> 0;
            case GRE -> PROTOCOL_GRE;
            case GUE -> Ipv4Header.PROTOCOL_UDP;
        };
    }

    /**
     * Writes a GRE header.
     *
     * @param at its address
     * @param inner what it carries: {@link #PROTOCOL_IPV4} or {@link #PROTOCOL_IPV6}
     * @param bytes from {@code at} to the end of the wrapped packet
     * @param checksum whether it carries one
     */
    static void writeGre(long at, int inner, int bytes, boolean checksum) {
        int type = inner == PROTOCOL_IPV4 ? EthernetHeader.TYPE_IPV4 : EthernetHeader.TYPE_IPV6;
        Memory.putIntBe(at, (checksum ? GRE_CHECKSUM_PRESENT << 16 : 0) | type);
        if (checksum) {
            Memory.putInt(at + GRE_BYTES, 0);
            Memory.putShort(at + GRE_BYTES, InternetChecksum.checksum(at, bytes));
        }
    }

    /**
     * Writes UDP and GUE headers, without a UDP checksum.
     *
     * @param at address of the UDP header
     * @param inner what it carries: {@link #PROTOCOL_IPV4} or {@link #PROTOCOL_IPV6}
     * @param bytes from {@code at} to the end of the wrapped packet
     * @param port destination port
     * @param hash of the flow
     */
    static void writeGue(long at, int inner, int bytes, int port, long hash) {
        int entropy = (int) (hash ^ hash >>> 32);
        int source = DYNAMIC_PORTS | (entropy ^ entropy >>> 16) & ~DYNAMIC_PORTS & 0xFFFF;
        Memory.putIntBe(at, source << 16 | port);
        Memory.putIntBe(at + UdpHeader.LENGTH, bytes << 16);
        Memory.putIntBe(at + UdpHeader.BYTES, inner << 16);
    }

    /**
     * Adds the UDP checksum.
     *
     * @param at address of the UDP header
     * @param bytes from {@code at} to the end of the wrapped packet
     * @param outer address of the outer IP header, written
     */
    static void writeGueChecksum(long at, int bytes, long outer, boolean outerIpv6) {
        int protocol = Ipv4Header.PROTOCOL_UDP;
        long sum =
                outerIpv6
                        ? InternetChecksum.pseudoIpv6(outer, protocol, bytes)
                        : InternetChecksum.pseudoIpv4(outer, protocol, bytes);
        int checksum = InternetChecksum.writeLayer4(sum, at, bytes, UdpHeader.CHECKSUM);
        Memory.putShort(at + UdpHeader.CHECKSUM, InternetChecksum.forUdp(checksum));
    }
}
