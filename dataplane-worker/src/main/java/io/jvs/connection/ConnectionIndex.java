package io.jvs.connection;

import io.jvs.memory.Memory;
import java.lang.invoke.VarHandle;

/**
 * Hash index over index entries (see {@link ConnectionRecords}) that grows by linear hashing
 * (Litwin, VLDB 1980): each insert splits at most {@link #SPLITS_PER_INSERT} buckets, so that no
 * insert is ever slow. One thread; others may read by {@link ConnectionProbe}.
 *
 * <pre>
 * bucket (64 bytes, one cache line): 12 tags of 8 bits | int overflow bucket | 12 int entries
 * </pre>
 *
 * <p>A tag is 8 bits of the hash, 0 for an empty place. An entry is written after its tag with
 * release order and taken out before it: whoever reads the memory after a crash trusts an entry
 * that is not 0 and lives. In a split the moved entries are in the new bucket before the count of
 * buckets shows it, and leave the old one after that. While entries change their places or a chain
 * its buckets, the word behind the count is odd.
 */
final class ConnectionIndex {
    /** Bytes of a bucket. */
    static final int BUCKET_BYTES = 64;

    /** Places of a bucket. */
    static final int PLACES = 12;

    /** Most buckets that one insert splits. */
    static final int SPLITS_PER_INSERT = 2;

    /**
     * A bucket is split when there are more than 40 of these units a bucket: 5 IPv4 or 8 IPv6
     * entries. A bucket whose turn to be split has not come has up to twice as many, and what it
     * has no place for costs a second miss to find.
     */
    private static final int BUCKET_UNITS = 40;

    private static final int IPV4_UNITS = 8;
    private static final int IPV6_UNITS = 5;

    /** Most buckets of a chain that are split; a keyed hash stays far below it. */
    private static final int MAX_CHAIN = 64;

    static final int LINK = 12;
    static final int ENTRIES = 16;
    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long FOUR_TAGS = 0xFFFF_FFFFL;

    private final long base;
    private final int baseBuckets;
    private final int allBuckets;
    private final long countWord;
    private final long changesWord;
    private final ConnectionRecords records;
    private final int[] moving = new int[MAX_CHAIN];
    private int buckets;
    private int lowBuckets;
    private int entries;
    private long units;
    private int overflowHighest;
    private int overflowInUse;
    private int overflowFree;
    private long splits;

    /**
     * Takes a range of zeros of {@link #bytes} bytes.
     *
     * @param base its address, 64-aligned
     * @param maxEntries the most entries ever
     * @param countWord where the count of buckets and, behind it, the changes are published
     * @param records what the entries mean
     */
    ConnectionIndex(long base, int maxEntries, long countWord, ConnectionRecords records) {
        this.base = base;
        this.baseBuckets = baseBuckets(maxEntries);
        this.allBuckets = baseBuckets + overflowBuckets(maxEntries);
        this.countWord = countWord;
        this.changesWord = countWord + 8;
        this.records = records;
        this.overflowHighest = baseBuckets;
        this.buckets = 1;
        this.lowBuckets = 1;
        Memory.putLongRelease(countWord, buckets);
    }

    private static int baseBuckets(int maxEntries) {
        return (int) ((long) maxEntries * IPV4_UNITS / BUCKET_UNITS) + 64;
    }

    private static int overflowBuckets(int maxEntries) {
        return baseBuckets(maxEntries) / 2 + 64;
    }

    /** Bytes to reserve for {@code maxEntries} entries. */
    static long bytes(int maxEntries) {
        return (long) (baseBuckets(maxEntries) + overflowBuckets(maxEntries)) * BUCKET_BYTES;
    }

    /** Bytes touched so far. */
    long bytesUsed() {
        return (long) (buckets + overflowHighest - baseBuckets) * BUCKET_BYTES;
    }

    int entries() {
        return entries;
    }

    int buckets() {
        return buckets;
    }

    int overflowInUse() {
        return overflowInUse;
    }

    long splits() {
        return splits;
    }

    private long address(int bucket) {
        return base + ((long) bucket << 6);
    }

    private void beginChange() {
        Memory.putLongOpaque(changesWord, Memory.getLong(changesWord) + 1);
        VarHandle.storeStoreFence();
    }

    private void endChange() {
        Memory.putLongRelease(changesWord, Memory.getLong(changesWord) + 1);
    }

    long base() {
        return base;
    }

    long countWord() {
        return countWord;
    }

    /** Address of the bucket (one cache line) where entries of {@code hash} begin. */
    long bucketAddress(long hash) {
        int bucket = (int) hash & 2 * lowBuckets - 1;
        return address(bucket < buckets ? bucket : bucket - lowBuckets);
    }

    /** Buckets (low 32 bits), and those before the present round of splits began. */
    long shape() {
        return buckets | (long) lowBuckets << 32;
    }

    /** {@link #bucketAddress(long)} for loops: base and shape are loaded once. */
    static long bucketAddress(long base, long shape, long hash) {
        int low = (int) (shape >>> 32);
        int bucket = (int) hash & 2 * low - 1;
        return base + ((long) (bucket < (int) shape ? bucket : bucket - low) << 6);
    }

    static int tag(long hash) {
        int tag = (int) (hash >>> 56);
        return tag + (tag - 1 >>> 31); // 0 is an empty place's
    }

    /** The high bit of each byte of {@code word} that is 0, and no other bit. */
    private static long zeroBytes(long word) {
        return ~((word & LOW_BITS) + LOW_BITS | word | LOW_BITS);
    }

    /** The first entry in {@code bucket} itself whose tag fits, or 0. */
    static int firstMatch(long bucket, long hash) {
        long pattern = tag(hash) * ONES;
        long hits = zeroBytes(Memory.getLong(bucket) ^ pattern);
        if (hits != 0) {
            return entryAt(bucket, Long.numberOfTrailingZeros(hits) >>> 3);
        }
        hits = zeroBytes(Memory.getLong(bucket + 8) ^ pattern) & FOUR_TAGS;
        return hits == 0 ? 0 : entryAt(bucket, 8 + (Long.numberOfTrailingZeros(hits) >>> 3));
    }

    private static int entryAt(long bucket, int place) {
        return Memory.getInt(bucket + ENTRIES + place * 4L);
    }

    /** The high bit of bits 8i..8i+7 for i = 0..7 of places whose tag is {@code tag}. */
    static int places(long bucket, int tag) {
        long pattern = tag * ONES;
        long low = zeroBytes(Memory.getLong(bucket) ^ pattern);
        long high = zeroBytes(Memory.getLong(bucket + 8) ^ pattern) & FOUR_TAGS;
        return gather(low) | gather(high) << 8;
    }

    /** Bits 7, 15, ... 63 as bits 0..7. */
    private static int gather(long highBits) {
        return (int) ((highBits >>> 7) * 0x0102_0408_1020_4080L >>> 56);
    }

    /** Whether entries of {@code bucket} go on in another one. */
    static boolean hasOverflow(long bucket) {
        return Memory.getInt(bucket + LINK) != 0;
    }

    private long next(long bucket) {
        int link = Memory.getInt(bucket + LINK);
        return link == 0 ? 0 : address(link);
    }

    /** The entry that {@code key}, of this hash, is found by, or 0. */
    int find(FlowKey key, long hash) {
        long firstWord = key.firstWord();
        int tag = tag(hash);
        for (long bucket = bucketAddress(hash); bucket != 0; bucket = next(bucket)) {
            for (int hits = places(bucket, tag); hits != 0; hits &= hits - 1) {
                int entry = entryAt(bucket, Integer.numberOfTrailingZeros(hits));
                if (records.fits(entry, key, firstWord)) {
                    return entry;
                }
            }
        }
        return 0;
    }

    /** The entry of a plain IPv4 flow ({@link ConnectionRecords#fits4}), or 0. */
    int find4(long addresses, long firstWord, long hash) {
        int tag = tag(hash);
        for (long bucket = bucketAddress(hash); bucket != 0; bucket = next(bucket)) {
            for (int hits = places(bucket, tag); hits != 0; hits &= hits - 1) {
                int entry = entryAt(bucket, Integer.numberOfTrailingZeros(hits));
                if (records.fits4(entry, addresses, firstWord)) {
                    return entry;
                }
            }
        }
        return 0;
    }

    /** Adds an entry; false when there is no bucket left for it. */
    boolean insert(int entry, long hash) {
        if (!add(bucketAddress(hash), tag(hash), entry)) {
            return false;
        }
        entries++;
        units += units(entry);
        for (int i = 0; i < SPLITS_PER_INSERT && needsSplit(); i++) {
            split();
        }
        return true;
    }

    private static int units(int entry) {
        return (entry & ConnectionRecords.IPV6_BIT) == 0 ? IPV4_UNITS : IPV6_UNITS;
    }

    private boolean needsSplit() {
        return units > (long) BUCKET_UNITS * buckets && buckets < baseBuckets;
    }

    private boolean add(long first, int tag, int entry) {
        long bucket = first;
        while (true) {
            int empty = places(bucket, 0);
            if (empty != 0) {
                put(bucket, Integer.numberOfTrailingZeros(empty), tag, entry);
                return true;
            }
            long next = next(bucket);
            if (next == 0) {
                return addOverflow(bucket, tag, entry);
            }
            bucket = next;
        }
    }

    private boolean addOverflow(long bucket, int tag, int entry) {
        int number = overflowFree;
        if (number != 0) {
            overflowFree = Memory.getInt(address(number) + ENTRIES);
            Memory.putInt(address(number) + ENTRIES, 0);
        } else if (overflowHighest < allBuckets) {
            number = overflowHighest++;
        } else {
            return false;
        }
        overflowInUse++;
        put(address(number), 0, tag, entry);
        Memory.putIntRelease(bucket + LINK, number);
        return true;
    }

    private static void put(long bucket, int place, int tag, int entry) {
        Memory.putByte(bucket + place, tag);
        Memory.putIntRelease(bucket + ENTRIES + place * 4L, entry);
    }

    private static void clear(long bucket, int place) {
        Memory.putIntRelease(bucket + ENTRIES + place * 4L, 0);
        Memory.putByte(bucket + place, 0);
    }

    /** Takes an entry out; false when it is not there. */
    boolean remove(int entry, long hash) {
        int tag = tag(hash);
        long previous = 0;
        for (long bucket = bucketAddress(hash); bucket != 0; bucket = next(bucket)) {
            for (int hits = places(bucket, tag); hits != 0; hits &= hits - 1) {
                int place = Integer.numberOfTrailingZeros(hits);
                if (entryAt(bucket, place) == entry) {
                    clear(bucket, place);
                    entries--;
                    units -= units(entry);
                    if (previous != 0) {
                        beginChange();
                        freeIfEmpty(previous, bucket);
                        endChange();
                    }
                    return true;
                }
            }
            previous = bucket;
        }
        return false;
    }

    private void freeIfEmpty(long previous, long bucket) {
        boolean empty = (Memory.getLong(bucket) | Memory.getUnsignedInt(bucket + 8)) == 0;
        if (previous == 0 || !empty) {
            return;
        }
        int number = Memory.getInt(previous + LINK);
        Memory.putIntRelease(previous + LINK, Memory.getInt(bucket + LINK));
        Memory.putInt(bucket + LINK, 0);
        Memory.putInt(bucket + ENTRIES, overflowFree);
        overflowFree = number;
        overflowInUse--;
    }

    private void split() {
        int old = buckets - lowBuckets;
        if (!copyMoving(address(old), address(buckets))) {
            return;
        }
        beginChange();
        buckets++;
        if (buckets == 2 * lowBuckets) {
            lowBuckets = buckets;
        }
        Memory.putLongRelease(countWord, buckets);
        splits++;
        clearMoved(address(old));
        endChange();
    }

    /** Copies what belongs there to the bucket at {@code to}; false if the chain is too long. */
    private boolean copyMoving(long from, long to) {
        int depth = 0;
        for (long bucket = from; bucket != 0; bucket = next(bucket)) {
            if (depth == MAX_CHAIN) {
                return undoCopy(to);
            }
            touchRecords(bucket);
            int moved = moving(bucket);
            for (int rest = moved; rest != 0; rest &= rest - 1) {
                int place = Integer.numberOfTrailingZeros(rest);
                int tag = Memory.getUnsignedByte(bucket + place);
                if (!add(to, tag, entryAt(bucket, place))) {
                    return undoCopy(to);
                }
            }
            moving[depth++] = moved;
        }
        return true;
    }

    private boolean undoCopy(long to) {
        long bucket = to;
        long previous = 0;
        while (bucket != 0) {
            for (int place = 0; place < PLACES; place++) {
                clear(bucket, place);
            }
            long next = next(bucket);
            freeIfEmpty(previous, bucket);
            if (previous == 0) {
                previous = bucket;
            }
            bucket = next;
        }
        return false;
    }

    /** Loads a word of each record first, so that the cache misses overlap. */
    private void touchRecords(long bucket) {
        long sum = 0;
        for (int place = 0; place < PLACES; place++) {
            sum += Memory.getLong(records.address(entryAt(bucket, place)));
        }
        touched = sum;
    }

    @SuppressWarnings("unused") // written so that the loads above are not removed
    private long touched;

    private int moving(long bucket) {
        int mask = 0;
        for (int place = 0; place < PLACES; place++) {
            int entry = entryAt(bucket, place);
            if (entry != 0 && ((int) records.hashOf(entry) & lowBuckets) != 0) {
                mask |= 1 << place;
            }
        }
        return mask;
    }

    private void clearMoved(long first) {
        int depth = 0;
        for (long bucket = first; bucket != 0; bucket = next(bucket)) {
            for (int rest = moving[depth++]; rest != 0; rest &= rest - 1) {
                clear(bucket, Integer.numberOfTrailingZeros(rest));
            }
        }
        drainOverflow(first);
    }

    /** Moves entries of overflow buckets to empty places of the first bucket. */
    private void drainOverflow(long first) {
        long previous = first;
        long bucket = next(first);
        while (bucket != 0) {
            long next = next(bucket);
            refill(first, bucket);
            int before = overflowInUse;
            freeIfEmpty(previous, bucket);
            if (overflowInUse == before) {
                previous = bucket;
            }
            bucket = next;
        }
    }

    private static void refill(long first, long bucket) {
        int empty = places(first, 0);
        for (int place = 0; place < PLACES && empty != 0; place++) {
            int entry = entryAt(bucket, place);
            if (entry != 0) {
                int tag = Memory.getUnsignedByte(bucket + place);
                put(first, Integer.numberOfTrailingZeros(empty), tag, entry);
                clear(bucket, place);
                empty &= empty - 1;
            }
        }
    }
}
