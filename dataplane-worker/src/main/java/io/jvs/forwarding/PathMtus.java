package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import java.util.Arrays;

/**
 * What routers have told about the size of packets on the way to tunnels' ends (RFC 1191, RFC
 * 8201), by the end's address. Forgotten after ten minutes, as Linux does
 * (net.ipv4.route.mtu_expires). Owned by one worker's thread.
 */
public final class PathMtus {
    /** How long a told MTU holds, in ticks. */
    public static final int VALID_TICKS = 600 * ConnectionLayout.TICKS_PER_SECOND;

    /** Nobody is believed who tells less of IPv4 (net.ipv4.route.min_pmtu). */
    private static final int MIN_IPV4 = 552;

    /** Every IPv6 link carries this much (RFC 8200 section 5). */
    private static final int MIN_IPV6 = 1280;

    private static final int NONE = -1;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private int size;
    private int learned;
    private int[] index = new int[0];
    private long[] word0 = new long[0];
    private long[] word1 = new long[0];
    private boolean[] ipv6 = new boolean[0];
    private int[] mtu = new int[0];
    private int[] learnedTicks = new int[0];

    /** No tunnels. */
    PathMtus() {
        grow(16);
    }

    private void grow(int capacity) {
        word0 = Arrays.copyOf(word0, capacity);
        word1 = Arrays.copyOf(word1, capacity);
        ipv6 = Arrays.copyOf(ipv6, capacity);
        mtu = Arrays.copyOf(mtu, capacity);
        learnedTicks = Arrays.copyOf(learnedTicks, capacity);
        index = new int[capacity * 2];
        Arrays.fill(index, NONE);
        for (int slot = 0; slot < size; slot++) {
            index[place(word0[slot], word1[slot], ipv6[slot])] = slot;
        }
    }

    /** Where an address is in the index, or would be. */
    private int place(long first, long second, boolean six) {
        int place = (int) ((first * MIX ^ second) * MIX >>> 40) & index.length - 1;
        while (index[place] != NONE && !fits(index[place], first, second, six)) {
            place = place + 1 & index.length - 1;
        }
        return place;
    }

    private boolean fits(int slot, long first, long second, boolean six) {
        return word0[slot] == first && word1[slot] == second && ipv6[slot] == six;
    }

    /**
     * The number of a tunnel's end, made if need be; it stays for good (control commands only).
     *
     * @param first raw: IPv4 in the low 32 bits; IPv6 bytes 0..7
     * @param second raw: IPv6 bytes 8..15, 0 for IPv4
     */
    int hold(long first, long second, boolean six) {
        int found = find(first, second, six);
        if (found >= 0) {
            return found;
        }
        if (size == mtu.length) {
            grow(size * 2);
        }
        int slot = size++;
        word0[slot] = first;
        word1[slot] = second;
        ipv6[slot] = six;
        index[place(first, second, six)] = slot;
        return slot;
    }

    /** The number of a tunnel's end with that address, as for hold, or -1. */
    int find(long first, long second, boolean six) {
        return index[place(first, second, six)];
    }

    /**
     * A router has told the MTU on the way to a tunnel's end.
     *
     * @param bytes the largest packet, outer header included; less than may be counts as the least
     */
    public void learn(int slot, int bytes, int nowTicks) {
        int told = Math.max(bytes, ipv6[slot] ? MIN_IPV6 : MIN_IPV4);
        if (mtu[slot] != 0 && !isOver(slot, nowTicks) && mtu[slot] < told) {
            return;
        }
        learned += mtu[slot] == 0 ? 1 : 0;
        mtu[slot] = told;
        learnedTicks[slot] = nowTicks;
    }

    /**
     * Another worker was told the MTU on the way to the end of that address.
     *
     * @param first raw: IPv4 in the low 32 bits; IPv6 bytes 0..7
     * @param second raw: IPv6 bytes 8..15, 0 for IPv4
     */
    public void learn(long first, long second, boolean six, int bytes, int nowTicks) {
        int slot = find(first, second, six);
        if (slot >= 0) {
            learn(slot, bytes, nowTicks);
        }
    }

    /** First word of a tunnel end's address. */
    public long first(int slot) {
        return word0[slot];
    }

    /** Second word of a tunnel end's address. */
    public long second(int slot) {
        return word1[slot];
    }

    /** Whether a tunnel's end has an IPv6 address. */
    public boolean isIpv6(int slot) {
        return ipv6[slot];
    }

    private boolean isOver(int slot, int nowTicks) {
        return nowTicks - learnedTicks[slot] >= VALID_TICKS;
    }

    /** The MTU on the way to a tunnel's end; {@code configured} is that of the way's begin. */
    int limit(int slot, int configured, int nowTicks) {
        if (learned == 0 || mtu[slot] == 0) {
            return configured;
        }
        if (isOver(slot, nowTicks)) {
            mtu[slot] = 0;
            learned--;
            return configured;
        }
        return Math.min(mtu[slot], configured);
    }
}
