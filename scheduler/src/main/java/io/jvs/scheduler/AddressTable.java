package io.jvs.scheduler;

import java.util.Arrays;

/**
 * What lblc and lblcr know virtual addresses by: a fixed number of entries, {@link #CAPACITY} at
 * most, each with the second of its last use. All memory is taken at the start; one thread.
 *
 * <p>The kernel lets its table grow past this size and once a minute drops entries that were unused
 * for six minutes (ip_vs_lblc_check_expire). Here a full table gives up the longest unused of a few
 * entries for each new one, so that its memory and the work for a packet are bounded. In place of
 * the kernel's full check each half hour the schedulers look at an entry's age when they find it.
 */
final class AddressTable {
    /** The kernel's max_size: 16 entries for each of 1024 buckets. */
    static final int CAPACITY = 16 * 1024;

    /** No entry. */
    static final int NONE = -1;

    private static final int CANDIDATES = 8;

    private final int capacity;
    private final int[] buckets;
    private final int[] next;
    private final long[] high;
    private final long[] low;
    private final int[] lastUsed;
    private final long seed;
    private int free;
    private int rover;
    private int size;

    /** For so many addresses, rounded up to a power of two, CAPACITY at most. */
    AddressTable(long seed, int addresses) {
        this.seed = seed;
        capacity = Math.min(CAPACITY, Integer.highestOneBit(Math.max(addresses, 1) * 2 - 1));
        buckets = new int[capacity];
        next = new int[capacity];
        high = new long[capacity];
        low = new long[capacity];
        lastUsed = new int[capacity];
        Arrays.fill(buckets, NONE);
        for (int i = 0; i < capacity; i++) {
            next[i] = i + 1 < capacity ? i + 1 : NONE;
        }
    }

    int capacity() {
        return capacity;
    }

    int size() {
        return size;
    }

    /** The entry of an address, or NONE. */
    int find(long addressHigh, long addressLow) {
        int entry = buckets[bucket(addressHigh, addressLow)];
        while (entry != NONE && (low[entry] != addressLow || high[entry] != addressHigh)) {
            entry = next[entry];
        }
        return entry;
    }

    /** Marks an entry as used now. */
    void touch(int entry, int nowSeconds) {
        lastUsed[entry] = nowSeconds;
    }

    /** How long an entry was not used. */
    int idleSeconds(int entry, int nowSeconds) {
        return nowSeconds - lastUsed[entry];
    }

    boolean isFull() {
        return free == NONE;
    }

    /** The longest unused of a few entries of a full table; other ones each time. */
    int stale(int nowSeconds) {
        int stale = rover;
        for (int i = 0; i < CANDIDATES; i++) {
            if (idleSeconds(rover, nowSeconds) > idleSeconds(stale, nowSeconds)) {
                stale = rover;
            }
            rover = rover + 1 & capacity - 1;
        }
        return stale;
    }

    /** Adds an address that is not there; the table must not be full. */
    int add(long addressHigh, long addressLow, int nowSeconds) {
        int entry = free;
        free = next[entry];
        high[entry] = addressHigh;
        low[entry] = addressLow;
        lastUsed[entry] = nowSeconds;
        int bucket = bucket(addressHigh, addressLow);
        next[entry] = buckets[bucket];
        buckets[bucket] = entry;
        size++;
        return entry;
    }

    /** Takes an entry out; its number may be given out again. */
    void remove(int entry) {
        int bucket = bucket(high[entry], low[entry]);
        if (buckets[bucket] == entry) {
            buckets[bucket] = next[entry];
        } else {
            int before = buckets[bucket];
            while (next[before] != entry) {
                before = next[before];
            }
            next[before] = next[entry];
        }
        next[entry] = free;
        free = entry;
        size--;
    }

    private int bucket(long addressHigh, long addressLow) {
        return (int) AddressHash.mix(AddressHash.mix(addressHigh ^ seed) ^ addressLow)
                & capacity - 1;
    }
}
