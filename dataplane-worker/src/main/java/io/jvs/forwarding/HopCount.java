package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;

/** Takes this hop off TTL and hop limit where nothing else of the header changes. */
final class HopCount {
    private HopCount() {}

    /** Takes 1 from an IPv4 packet's TTL, which is not 0 (RFC 1812 section 5.3.1). */
    static void decrementTtl(long header) {
        int word = Memory.getInt(header + Ipv4Header.TTL);
        int checksum =
                ChecksumDifference.apply(word >>> 16, ChecksumDifference.FIRST_BYTE_DECREMENT);
        Memory.putInt(header + Ipv4Header.TTL, word - 1 & 0xFFFF | checksum << 16);
    }

    /** Takes back what {@link #decrementTtl} did. */
    static void incrementTtl(long header) {
        int word = Memory.getInt(header + Ipv4Header.TTL);
        int checksum = ChecksumDifference.apply(word >>> 16, 1);
        Memory.putInt(header + Ipv4Header.TTL, word + 1 & 0xFFFF | checksum << 16);
    }

    /** Takes back what {@link #decrementHopLimit} did. */
    static void incrementHopLimit(long header) {
        int limit = Memory.getByte(header + Ipv6Header.HOP_LIMIT);
        Memory.putByte(header + Ipv6Header.HOP_LIMIT, limit + 1);
    }

    /** Takes 1 from an IPv6 packet's hop limit, which is not 0 (RFC 8200 section 3). */
    static void decrementHopLimit(long header) {
        int limit = Memory.getByte(header + Ipv6Header.HOP_LIMIT);
        Memory.putByte(header + Ipv6Header.HOP_LIMIT, limit - 1);
    }
}
