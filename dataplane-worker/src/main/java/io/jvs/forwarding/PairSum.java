package io.jvs.forwarding;

import io.jvs.memory.Memory;

/**
 * What the change of a pseudo header's addresses from one IP version to the other makes in a
 * checksum (RFC 7915 sections 4.5 and 5.5): all words of the old ones go, all of the new ones come.
 * Length and protocol add the same to both pseudo headers.
 */
final class PairSum {
    private PairSum() {}

    /**
     * The difference for {@link ChecksumDifference#apply}.
     *
     * @param before address of the pair of addresses that the packet has: 8 or 32 bytes
     * @param after address of the pair that it gets: the other length
     * @param toIpv6 whether {@code after} is the IPv6 pair
     */
    static long difference(long before, long after, boolean toIpv6) {
        return toIpv6 ? without4(before) + with6(after) : without6(before) + with4(after);
    }

    private static long with4(long pair) {
        return ChecksumDifference.sumOfLong(Memory.getLong(pair));
    }

    private static long without4(long pair) {
        return ChecksumDifference.sumOfLong(~Memory.getLong(pair));
    }

    /** The sum of the words of an IPv6 pair, unfolded. */
    static long with6(long pair) {
        return ChecksumDifference.sumOfLong(Memory.getLong(pair))
                + ChecksumDifference.sumOfLong(Memory.getLong(pair + 8))
                + ChecksumDifference.sumOfLong(Memory.getLong(pair + 16))
                + ChecksumDifference.sumOfLong(Memory.getLong(pair + 24));
    }

    private static long without6(long pair) {
        return ChecksumDifference.sumOfLong(~Memory.getLong(pair))
                + ChecksumDifference.sumOfLong(~Memory.getLong(pair + 8))
                + ChecksumDifference.sumOfLong(~Memory.getLong(pair + 16))
                + ChecksumDifference.sumOfLong(~Memory.getLong(pair + 24));
    }
}
