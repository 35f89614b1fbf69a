package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624, equation 3).
 *
 * <p>Checksums and words are as they lie in memory, loaded natively: the one's complement sum does
 * not depend on the byte order (RFC 1071 section 2 (B)), so that nothing is swapped. A sum is kept
 * unfolded in a long; sums may be added up.
 */
public final class InternetChecksum {
    private static final long LOW_INT = 0xFFFF_FFFFL;
    private static final int LOW_SHORT = 0xFFFF;

    /** What a length at most 65535, or a protocol number, needs to be as in memory. */
    private static long rawShort(int value) {
        return Short.reverseBytes((short) value) & LOW_SHORT;
    }

    private InternetChecksum() {}

    /** The unfolded sum of {@code bytes} bytes, at most 2^24; an odd last byte is padded with 0. */
    public static long sum(long address, int bytes) {
        long sum = 0;
        int at = 0;
        for (; at <= bytes - 8; at += 8) {
            sum += both(Memory.getLong(address + at));
        }
        if ((bytes & 4) != 0) {
            sum += Memory.getUnsignedInt(address + at);
            at += 4;
        }
        if ((bytes & 2) != 0) {
            sum += Memory.getUnsignedShort(address + at);
            at += 2;
        }
        return (bytes & 1) == 0 ? sum : sum + Memory.getUnsignedByte(address + at);
    }

    private static long both(long word) {
        return (word & LOW_INT) + (word >>> 32);
    }

    /**
     * Folds a sum (not negative) to 16 bits; gives 0 only for 0. Adding a word to itself with its
     * halves exchanged leaves the end-around sum of both halves in the upper one (csum_fold in the
     * kernel's include/asm-generic/checksum.h).
     */
    public static int fold(long sum) {
        int half = (int) (sum + Long.rotateRight(sum, 32) >>> 32);
        return half + Integer.rotateRight(half, 16) >>> 16;
    }

    /** The checksum of {@code bytes} bytes, to be stored with a native 16-bit store. */
    public static int checksum(long address, int bytes) {
        return ~fold(sum(address, bytes)) & LOW_SHORT;
    }

    /** Whether {@code bytes} bytes with their checksum within add up. */
    public static boolean isRight(long address, int bytes) {
        return fold(sum(address, bytes)) == LOW_SHORT;
    }

    /**
     * The sum of the pseudo header of TCP, UDP (RFC 9293 section 3.1) over IPv4.
     *
     * @param header address of the IPv4 header
     * @param protocol 8 bits
     * @param layer4Bytes bytes of transport header and data
     */
    public static long pseudoIpv4(long header, int protocol, int layer4Bytes) {
        return both(Ipv4Header.addresses(header)) + rawShort(protocol) + rawShort(layer4Bytes);
    }

    /**
     * The sum of the pseudo header of upper layers over IPv6 (RFC 8200 section 8.1).
     *
     * @param header address of the IPv6 header
     * @param protocol 8 bits, the last next header
     * @param layer4Bytes bytes of upper-layer header and data, at most 65535
     */
    public static long pseudoIpv6(long header, int protocol, int layer4Bytes) {
        return both(Ipv6Header.sourceHigh(header))
                + both(Ipv6Header.sourceLow(header))
                + both(Ipv6Header.destinationHigh(header))
                + both(Ipv6Header.destinationLow(header))
                + rawShort(protocol)
                + rawShort(layer4Bytes);
    }

    private static int apply(int checksum, long difference) {
        return ~fold((~checksum & LOW_SHORT) + difference) & LOW_SHORT;
    }

    /** The checksum after a 16-bit word at an even offset has changed. */
    public static int update16(int checksum, int before, int after) {
        return apply(checksum, (~before & LOW_SHORT) + (after & LOW_SHORT));
    }

    /** The checksum after 32 bits at an even offset have changed. */
    public static int update32(int checksum, int before, int after) {
        return apply(checksum, (~before & LOW_INT) + (after & LOW_INT));
    }

    /** The checksum after 64 bits at an even offset have changed. */
    public static int update64(int checksum, long before, long after) {
        return apply(checksum, both(~before) + both(after));
    }

    /** The checksum after 128 bits at an even offset have changed. */
    public static int update128(
            int checksum, long beforeHigh, long beforeLow, long afterHigh, long afterLow) {
        return apply(
                checksum, both(~beforeHigh) + both(~beforeLow) + both(afterHigh) + both(afterLow));
    }

    /** UDP's rule: a computed 0 is sent as all ones, since 0 says that there is none (RFC 768). */
    public static int forUdp(int checksum) {
        return checksum == 0 ? LOW_SHORT : checksum;
    }

    /** Computes an IPv4 header's checksum anew, options included, and writes it. */
    public static void writeIpv4Header(long header) {
        Memory.putShort(header + Ipv4Header.CHECKSUM, 0);
        int checksum = checksum(header, Ipv4Header.headerBytes(header));
        Memory.putShort(header + Ipv4Header.CHECKSUM, checksum);
    }

    /**
     * Computes a transport or ICMP checksum anew and writes it; for UDP the caller applies {@link
     * #forUdp}.
     *
     * @param pseudoSum sum of the pseudo header, 0 for ICMP over IPv4
     * @param layer4 address of the header
     * @param bytes bytes of header and data
     * @param checksumOffset where in the header the checksum is
     * @return what was written
     */
    public static int writeLayer4(long pseudoSum, long layer4, int bytes, int checksumOffset) {
        Memory.putShort(layer4 + checksumOffset, 0);
        int checksum = ~fold(pseudoSum + sum(layer4, bytes)) & LOW_SHORT;
        Memory.putShort(layer4 + checksumOffset, checksum);
        return checksum;
    }
}
