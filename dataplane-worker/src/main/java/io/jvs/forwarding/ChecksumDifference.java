package io.jvs.forwarding;

import io.jvs.packet.InternetChecksum;

/**
 * Incremental Internet checksums (RFC 1624, equation 3) where several words change at once: {@code
 * HC' = ~(~HC + sum(~m + m'))}.
 *
 * <p>All words are as they lie in the packet, loaded natively; the one's complement sum does not
 * care about byte order (RFC 1071 section 2) as long as the checksum field is loaded the same way.
 * A difference is an unfolded sum below 2^35, so that many of them can be added up in a long.
 */
final class ChecksumDifference {
    private static final long LOW_INT = 0xFFFF_FFFFL;

    /** What one less in the first byte of a 16-bit word, native load, makes (TTL). */
    static final long FIRST_BYTE_DECREMENT = 0xFFFE;

    private ChecksumDifference() {}

    /** The difference when a 16-bit word changes; the upper bits of both are 0. */
    static long ofShort(int before, int after) {
        return (~before & 0xFFFFL) + after;
    }

    /** The difference when a 32-bit word changes. */
    static long ofInt(int before, int after) {
        return (~before & LOW_INT) + (after & LOW_INT);
    }

    /** The difference when a 64-bit word changes. */
    static long ofLong(long before, long after) {
        long not = ~before;
        return (not & LOW_INT) + (not >>> 32) + (after & LOW_INT) + (after >>> 32);
    }

    /** The sum of the 16-bit words of a 64-bit word, unfolded. */
    static long sumOfLong(long word) {
        return (word & LOW_INT) + (word >>> 32);
    }

    /** The 16-bit checksum field after a difference. */
    static int apply(int checksum, long difference) {
        return ~InternetChecksum.fold((~checksum & 0xFFFF) + difference) & 0xFFFF;
    }

    /**
     * The checksum field of UDP after a difference: 0 means none and stays, a computed 0 is sent as
     * all ones (RFC 768).
     */
    static int applyUdp(int checksum, long difference) {
        if (checksum == 0) {
            return 0;
        }
        int updated = apply(checksum, difference);
        return updated == 0 ? 0xFFFF : updated;
    }
}
