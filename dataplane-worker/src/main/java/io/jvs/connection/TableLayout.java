package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;

/**
 * Where the parts of a connection table lie in its region, and the first page that says so to
 * whoever maps the region again:
 *
 * <pre>
 *  0 long magic (written last)      32 long capacity        64 long timer ticks at the start
 *  8 int  version                   40 long seed            72 long offset of the IPv4 slab
 * 12 int  IPv4 record bytes         56 long highest IPv4    80 long offset of the IPv6 slab
 * 16 int  IPv6 record bytes                 slot            88 long highest IPv6 slot
 * 20 int  bucket bytes              192 long buckets        4096 timer wheel, 8192 index, slabs
 *                                   200 long changes of the index (odd: one is under way)
 * </pre>
 *
 * <p>What other workers read of the index has a line of its own.
 */
final class TableLayout {
    /** "JVSCONNT" in ASCII, read as a little-endian word. */
    static final long MAGIC = 0x544E_4E4F_4353_564AL;

    static final int PAGE_BYTES = 4096;
    static final int WHEEL = PAGE_BYTES;
    static final int INDEX = WHEEL + TimerWheel.BYTES;
    static final int BUCKETS = 192;
    static final int HIGHEST4 = 56;
    static final int HIGHEST6 = 88;

    /** Most connections of a table; keeps every count within an int. */
    static final int MAX_CONNECTIONS = 1 << 28;

    private static final int VERSION = 8;
    private static final int IPV4_BYTES = 12;
    private static final int IPV6_BYTES = 16;
    private static final int BUCKET_BYTES = 20;
    private static final int CAPACITY = 32;
    private static final int SEED = 40;
    private static final int START_TICKS = 64;
    private static final int SLAB4 = 72;
    private static final int SLAB6 = 80;

    private TableLayout() {}

    /** Offset of the IPv4 slab. */
    static long slab4(int capacity) {
        return INDEX + wholePages(ConnectionIndex.bytes(2 * capacity));
    }

    /** Offset of the IPv6 slab. */
    static long slab6(int capacity) {
        return slab4(capacity) + wholePages((capacity + 1L) * ConnectionLayout.IPV4_BYTES);
    }

    /** Bytes in all. */
    static long bytes(int capacity) {
        return slab6(capacity) + wholePages((capacity + 1L) * ConnectionLayout.IPV6_BYTES);
    }

    private static long wholePages(long bytes) {
        return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    /**
     * Checks that a new table may be made there.
     *
     * @throws IllegalArgumentException with one sentence otherwise
     */
    static void check(MemoryRegion region, int capacity) {
        if (capacity <= 0 || capacity > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "A connection table takes 1 to "
                            + MAX_CONNECTIONS
                            + " connections, not "
                            + capacity
                            + ".");
        }
        if (region.bytes() < bytes(capacity)) {
            throw new IllegalArgumentException(
                    "A table of "
                            + capacity
                            + " connections needs a region of "
                            + bytes(capacity)
                            + " bytes, this one has "
                            + region.bytes()
                            + ".");
        }
        if (Memory.getLong(region.address()) != 0) {
            throw new IllegalArgumentException(
                    "The memory region for a new connection table is not empty.");
        }
    }

    /** Writes the first page; the magic comes last. */
    static void write(long base, int capacity, long seed, int nowTicks) {
        Memory.putInt(base + VERSION, ConnectionLayout.VERSION);
        Memory.putInt(base + IPV4_BYTES, ConnectionLayout.IPV4_BYTES);
        Memory.putInt(base + IPV6_BYTES, ConnectionLayout.IPV6_BYTES);
        Memory.putInt(base + BUCKET_BYTES, ConnectionIndex.BUCKET_BYTES);
        Memory.putLong(base + CAPACITY, capacity);
        Memory.putLong(base + SEED, seed);
        Memory.putLong(base + START_TICKS, nowTicks);
        Memory.putLong(base + SLAB4, slab4(capacity));
        Memory.putLong(base + SLAB6, slab6(capacity));
        Memory.putLongRelease(base, MAGIC);
    }
}
