package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;

/** The parts that all ICMPv6 messages made here share. */
final class Ipv6Message {
    static final int NEIGHBOR_SOLICITATION = 135;
    static final int NEIGHBOR_ADVERTISEMENT = 136;
    static final int ICMPV6 = 58;
    private static final int HOP_LIMIT = 255;

    private Ipv6Message() {}

    /** Writes version, length, next header ICMPv6 and hop limit 255. */
    static void header(long ip, int payloadBytes) {
        Memory.putIntBe(ip, 6 << 28);
        Memory.putIntBe(ip + 4, payloadBytes << 16 | ICMPV6 << 8 | HOP_LIMIT);
    }

    /** Writes a link-layer address option (RFC 4861 section 4.6.1), 8 bytes. */
    static void linkLayerOption(long at, int type, long mac) {
        Memory.putShortBe(at, type << 8 | 1);
        Memory.putShortBe(at + 2, (int) (mac >>> 32));
        Memory.putIntBe(at + 4, (int) mac);
    }

    /** Computes the ICMPv6 checksum of the message behind a 40-byte header. */
    static void checksum(long ip, int payloadBytes) {
        long pseudo = InternetChecksum.pseudoIpv6(ip, ICMPV6, payloadBytes);
        InternetChecksum.writeLayer4(pseudo, ip + 40, payloadBytes, 2);
    }
}
