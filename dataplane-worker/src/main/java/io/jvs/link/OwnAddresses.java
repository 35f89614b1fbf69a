package io.jvs.link;

import io.jvs.service.Address;
import java.util.HashMap;
import java.util.Map;

/**
 * The addresses that the director answers for, with what they are to it. Changed by control
 * commands, looked up by stages; one thread. Raw words: as they lie in a packet.
 */
public final class OwnAddresses {
    /** Flag: a virtual address (VIP). */
    public static final int VIRTUAL = 1;

    /** Flag: a local address (LIP) of FULLNAT. */
    public static final int LOCAL = 2;

    /** Flag: an interface's own address. */
    public static final int OWN = 4;

    /** In a slot's flags: it holds an IPv6 address. */
    private static final int IPV6 = 8;

    private static final int ALL = VIRTUAL | LOCAL | OWN;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** How often each address is used as what: VIPs, LIPs, own. */
    private final Map<Address, int[]> uses = new HashMap<>();

    private int mask = 15;
    private long[] high = new long[16];
    private long[] low = new long[16];
    private byte[] flags = new byte[16];

    /** One more service has this virtual address. */
    public void addVirtual(Address address) {
        change(address, 0, 1);
    }

    /** One service less has this virtual address. */
    public void removeVirtual(Address address) {
        change(address, 0, -1);
    }

    /** One more service has this local address. */
    public void addLocal(Address address) {
        change(address, 1, 1);
    }

    /** One service less has this local address. */
    public void removeLocal(Address address) {
        change(address, 1, -1);
    }

    /** An interface has this address. */
    public void addOwn(Address address) {
        change(address, 2, 1);
    }

    /** Whether an interface has this address. */
    public boolean isOwn(Address address) {
        int[] counts = uses.get(address);
        return counts != null && counts[2] > 0;
    }

    /** Costs the same however many addresses there are. */
    private void change(Address address, int use, int by) {
        int[] counts = uses.computeIfAbsent(address, key -> new int[3]);
        boolean before = counts[use] > 0;
        counts[use] = Math.max(0, counts[use] + by);
        boolean isNone = counts[0] + counts[1] + counts[2] == 0;
        if (isNone) {
            uses.remove(address);
        }
        if (before == counts[use] > 0) {
            return;
        }
        if (isNone) {
            take(address);
        } else if (uses.size() * 2 > flags.length) {
            makeRoom();
        } else {
            put(address, counts);
        }
    }

    private void makeRoom() {
        int capacity = flags.length * 2;
        mask = capacity - 1;
        high = new long[capacity];
        low = new long[capacity];
        flags = new byte[capacity];
        uses.forEach(this::put);
    }

    private void put(Address address, int[] counts) {
        int slot = find(address);
        high[slot] = high(address);
        low[slot] = low(address);
        flags[slot] =
                (byte)
                        ((address.isIpv6() ? IPV6 : 0)
                                | (counts[0] > 0 ? VIRTUAL : 0)
                                | (counts[1] > 0 ? LOCAL : 0)
                                | (counts[2] > 0 ? OWN : 0));
    }

    /** Those behind it that stand after their own place move up, so that they are found. */
    private void take(Address address) {
        int hole = find(address);
        for (int slot = hole + 1 & mask; flags[slot] != 0; slot = slot + 1 & mask) {
            int home = slot(high[slot], low[slot]);
            if ((slot - home & mask) >= (slot - hole & mask)) {
                high[hole] = high[slot];
                low[hole] = low[slot];
                flags[hole] = flags[slot];
                hole = slot;
            }
        }
        flags[hole] = 0;
    }

    /** The slot of an address, or the one that it may have. */
    private int find(Address address) {
        long keyHigh = high(address);
        long keyLow = low(address);
        int family = address.isIpv6() ? IPV6 : 0;
        int slot = slot(keyHigh, keyLow);
        while (flags[slot] != 0
                && (low[slot] != keyLow
                        || high[slot] != keyHigh
                        || (flags[slot] & IPV6) != family)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long high(Address address) {
        return address.isIpv6() ? Long.reverseBytes(address.high()) : 0;
    }

    private static long low(Address address) {
        return address.isIpv6()
                ? Long.reverseBytes(address.low())
                : Integer.toUnsignedLong(Integer.reverseBytes((int) address.low()));
    }

    private int slot(long keyHigh, long keyLow) {
        long mixed = (keyHigh * MIX ^ keyLow) * MIX;
        return (int) (mixed >>> 40) & mask;
    }

    /** What an IPv4 address is to us: a set of flags, 0 for nothing. */
    public int flags4(int raw) {
        return flags(0, Integer.toUnsignedLong(raw), 0);
    }

    /** What an IPv6 address is to us: a set of flags, 0 for nothing. */
    public int flags6(long rawHigh, long rawLow) {
        return flags(rawHigh, rawLow, IPV6);
    }

    private int flags(long keyHigh, long keyLow, int family) {
        int slot = slot(keyHigh, keyLow);
        while (flags[slot] != 0) {
            if (low[slot] == keyLow && high[slot] == keyHigh && (flags[slot] & IPV6) == family) {
                return flags[slot] & ALL;
            }
            slot = slot + 1 & mask;
        }
        return 0;
    }
}
