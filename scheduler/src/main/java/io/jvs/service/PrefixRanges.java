package io.jvs.service;

import java.util.Arrays;

/**
 * Cuts nested prefixes into ranges without overlap. Prefixes come in order of their first address,
 * the shorter one first; a stack holds those that the present address is in.
 */
public final class PrefixRanges {
    private static final long IPV4_ONES = 0xFFFF_FFFFL;

    /** No prefix encloses more than one of each length, and all is enclosed by the other value. */
    private static final int MAX_DEPTH = 130;

    private final boolean ipv6;
    private final long[] endHighs = new long[MAX_DEPTH];
    private final long[] endLows = new long[MAX_DEPTH];
    private final int[] endValues = new int[MAX_DEPTH];
    private int depth;
    private long[] highs = new long[16];
    private long[] lows = new long[16];
    private int[] values = new int[16];
    private int size;

    /**
     * Begins with no prefixes.
     *
     * @param other the value of addresses that no prefix has
     */
    public PrefixRanges(boolean ipv6, int other) {
        this.ipv6 = ipv6;
        push(ipv6 ? -1 : 0, ipv6 ? -1 : IPV4_ONES, other);
        begin(0, 0, other);
    }

    /**
     * Adds a prefix behind those before it; the same one again takes the value of the last.
     *
     * @param high bits 127..64 of its first address, 0 for IPv4
     * @param low bits 63..0, or the 32 bits of IPv4
     * @param length 0..32 or 0..128
     */
    public void add(long high, long low, int length, int value) {
        while (compare(endHighs[depth - 1], endLows[depth - 1], high, low) < 0) {
            pop();
        }
        int bits = ipv6 ? length : length + 96;
        long endHigh = bits >= 64 || !ipv6 ? high : high | -1L >>> bits;
        long ones = bits >= 128 ? 0 : bits <= 64 ? -1L : -1L >>> bits - 64;
        long endLow = low | (ipv6 ? ones : ones & IPV4_ONES);
        push(endHigh, endLow, value);
        begin(high, low, value);
    }

    /** The map of what was added; ends this. */
    public PrefixMap build() {
        while (depth > 1) {
            pop();
        }
        return new PrefixMap(this);
    }

    private void push(long endHigh, long endLow, int value) {
        if (depth > 1 && endHighs[depth - 1] == endHigh && endLows[depth - 1] == endLow) {
            // It ends where the one around it does, which is then never come back to.
            depth--;
        }
        endHighs[depth] = endHigh;
        endLows[depth] = endLow;
        endValues[depth] = value;
        depth++;
    }

    /** The innermost prefix is over: what is around it goes on, unless that ends there too. */
    private void pop() {
        depth--;
        long nextLow = endLows[depth] + 1;
        long nextHigh = endHighs[depth] + (nextLow == 0 ? 1 : 0);
        boolean last = ipv6 ? nextHigh == 0 && nextLow == 0 : nextLow > IPV4_ONES;
        if (!last) {
            begin(nextHigh, nextLow, endValues[depth - 1]);
        }
    }

    private void begin(long high, long low, int value) {
        if (size > 0 && highs[size - 1] == high && lows[size - 1] == low) {
            size--;
        }
        if (size > 0 && values[size - 1] == value) {
            return;
        }
        if (size == values.length) {
            highs = Arrays.copyOf(highs, size * 2);
            lows = Arrays.copyOf(lows, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        highs[size] = high;
        lows[size] = low;
        values[size] = value;
        size++;
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    boolean isIpv6() {
        return ipv6;
    }

    int size() {
        return size;
    }

    long[] highs() {
        return highs;
    }

    long[] lows() {
        return lows;
    }

    int[] values() {
        return values;
    }
}
