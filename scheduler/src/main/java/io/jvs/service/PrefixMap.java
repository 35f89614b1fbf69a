package io.jvs.service;

import java.util.Arrays;

/**
 * The value of the longest prefix that an address has, over many prefixes of one family; immutable,
 * so that any number of threads may look things up. Prefixes are cut into ranges without overlap,
 * neighbours of one value joined: a lookup is a binary search within the ranges of an address's
 * first 16 bits. A prefix makes at most two ranges, of 8 bytes each for IPv4 and 20 for IPv6.
 */
public final class PrefixMap {
    private static final int INDEX_BITS = 16;
    private static final int INDEX_SHIFT = 32 - INDEX_BITS;

    /** With fewer ranges than that the first 16 bits are not looked at. */
    private static final int INDEX_MIN = 64;

    private final int size;

    /** IPv4: first addresses of the ranges, host order. */
    private final int[] starts4;

    /** IPv6: first addresses of the ranges, host order. */
    private final long[] highs;

    private final long[] lows;
    private final int[] values;

    /**
     * By an address's first 16 bits: the last range that begins at or before the first of them;
     * empty for few ranges.
     */
    private final int[] index;

    PrefixMap(PrefixRanges ranges) {
        size = ranges.size();
        values = Arrays.copyOf(ranges.values(), size);
        boolean ipv6 = ranges.isIpv6();
        starts4 = ipv6 ? new int[0] : firsts(ranges);
        highs = ipv6 ? Arrays.copyOf(ranges.highs(), size) : new long[0];
        lows = ipv6 ? Arrays.copyOf(ranges.lows(), size) : new long[0];
        index = size < INDEX_MIN ? new int[0] : index(ipv6);
    }

    private static int[] firsts(PrefixRanges ranges) {
        int[] firsts = new int[ranges.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = (int) ranges.lows()[i];
        }
        return firsts;
    }

    private int[] index(boolean ipv6) {
        int[] made = new int[(1 << INDEX_BITS) + 1];
        int range = 0;
        for (int first = 0; first < 1 << INDEX_BITS; first++) {
            while (range + 1 < size && isAtOrBefore(range + 1, first, ipv6)) {
                range++;
            }
            made[first] = range;
        }
        made[1 << INDEX_BITS] = size - 1;
        return made;
    }

    private boolean isAtOrBefore(int range, int first, boolean ipv6) {
        if (ipv6) {
            long bits = (long) first << 64 - INDEX_BITS;
            int order = Long.compareUnsigned(highs[range], bits);
            return order < 0 || order == 0 && lows[range] == 0;
        }
        return Integer.compareUnsigned(starts4[range], first << INDEX_SHIFT) <= 0;
    }

    /** The value of an IPv4 address, host order. */
    public int find4(int address) {
        return values[range4(address)];
    }

    /** The first of the addresses around {@code address} that are known to have its value. */
    public int first4(int address) {
        return starts4[range4(address)];
    }

    /** The last of the addresses around {@code address} that are known to have its value. */
    public int last4(int address) {
        int next = range4(address) + 1;
        return next < size ? starts4[next] - 1 : -1;
    }

    private int range4(int address) {
        int first = 0;
        int last = size - 1;
        if (index.length != 0) {
            int bits = address >>> INDEX_SHIFT;
            first = index[bits];
            last = index[bits + 1];
        }
        while (first < last) {
            int middle = first + last + 1 >>> 1;
            if (Integer.compareUnsigned(starts4[middle], address) <= 0) {
                first = middle;
            } else {
                last = middle - 1;
            }
        }
        return first;
    }

    /** The value of an IPv6 address, its halves in host order. */
    public int find6(long high, long low) {
        int first = 0;
        int last = size - 1;
        if (index.length != 0) {
            int bits = (int) (high >>> 64 - INDEX_BITS);
            first = index[bits];
            last = index[bits + 1];
        }
        while (first < last) {
            int middle = first + last + 1 >>> 1;
            int order = Long.compareUnsigned(highs[middle], high);
            if (order < 0 || order == 0 && Long.compareUnsigned(lows[middle], low) <= 0) {
                first = middle;
            } else {
                last = middle - 1;
            }
        }
        return values[first];
    }

    /** Ranges. */
    public int size() {
        return size;
    }

    /** Bytes that it takes, object headers aside. */
    public long bytes() {
        return 4L * (starts4.length + values.length + index.length)
                + 8L * (highs.length + lows.length);
    }
}
