package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;

/**
 * Datagrams whose fragments are on their way (docs/design/006-fragments.md). Nothing is put
 * together here: an entry knows which bytes of its datagram have come, so that no byte comes twice
 * (RFC 5722), and what becomes of them all, which the first fragment decides. One thread; nothing
 * allocates after construction.
 *
 * <p>The datagram is known by addresses, identification and, for IPv4, protocol (RFC 791; RFC 8200
 * section 4.5). An entry ends when all of its bytes have come, when its time is up, or, with all
 * entries in use, as the oldest one.
 */
public final class FragmentTable implements AutoCloseable {
    /** Most datagrams. */
    public static final int CAPACITY = 4096;

    /** Time that an IPv4 datagram has, in ticks of 10 ms (net.ipv4.ipfrag_time). */
    public static final int IPV4_TICKS = 3000;

    /** Time that an IPv6 datagram has, in ticks of 10 ms (RFC 8200 section 4.5). */
    public static final int IPV6_TICKS = 6000;

    private static final int NONE = -1;
    private static final int HEADS = 2 * CAPACITY;
    private static final int UNIT_SHIFT = 3;

    /** A bit for each 8 bytes of a datagram, and a copy of its connection's record. */
    private static final int BITMAP_BYTES = FragmentWord.MAX_BYTES >>> UNIT_SHIFT + 3;

    private static final int ENTRY_BYTES = BITMAP_BYTES + 128;
    private static final int IPV6 = 1 << 8;

    private final MemoryRegion region = MemoryRegion.anonymous((long) CAPACITY * ENTRY_BYTES);
    private final FlowHash hash;
    private final int[] heads = new int[HEADS];
    private final int[] chain = new int[CAPACITY];
    private final int[] bucket = new int[CAPACITY];
    private final long[] key0 = new long[CAPACITY];
    private final long[] key1 = new long[CAPACITY];
    private final long[] key2 = new long[CAPACITY];
    private final long[] key3 = new long[CAPACITY];
    private final int[] id = new int[CAPACITY];
    private final int[] tail = new int[CAPACITY];
    private final int[] createdTicks = new int[CAPACITY];
    private final int[] usedInBurst = new int[CAPACITY];
    private final int[] highestByte = new int[CAPACITY];
    private final int[] totalBytes = new int[CAPACITY];
    private final int[] seenUnits = new int[CAPACITY];
    private final byte[] fate = new byte[CAPACITY];
    private final byte[] direction = new byte[CAPACITY];
    private final long[] flowHash = new long[CAPACITY];
    private final int[] outId = new int[CAPACITY];
    private final EntryList ages4 = new EntryList(CAPACITY);
    private final EntryList ages6 = new EntryList(CAPACITY);
    private int free;
    private int size;
    private int burstNumber;

    /** An empty table; {@code seed} keeps others from building collisions. */
    public FragmentTable(long seed) {
        hash = new FlowHash(seed);
        Arrays.fill(heads, NONE);
        for (int i = 0; i < CAPACITY; i++) {
            chain[i] = i + 1 == CAPACITY ? NONE : i + 1;
        }
    }

    /** Entries that are found or made from now on are in use until the next call. */
    public void beginBurst() {
        burstNumber++;
    }

    /** The entry of a fragment's datagram, or -1. */
    public int find(PacketBurst burst, int row) {
        boolean ipv6 = isIpv6(burst, row);
        int number = bucketOf(burst, row, ipv6);
        int entry = heads[number];
        while (entry != NONE && !fits(entry, burst, row, ipv6)) {
            entry = chain[entry];
        }
        if (entry != NONE) {
            usedInBurst[entry] = burstNumber;
        }
        return entry;
    }

    private static boolean isIpv6(PacketBurst burst, int row) {
        return Memory.getByte(burst.data[row] + burst.layer3[row]) >>> 4 == 6;
    }

    private static int tailOf(PacketBurst burst, int row, boolean ipv6) {
        return ipv6 ? IPV6 : burst.protocol[row];
    }

    private int bucketOf(PacketBurst burst, int row, boolean ipv6) {
        long h =
                ipv6
                        ? hash.hash6(
                                burst.key0[row],
                                burst.key1[row],
                                burst.key2[row],
                                burst.key3[row],
                                burst.fragmentId[row],
                                IPV6)
                        : hash.hash4(burst.key0[row], burst.fragmentId[row], burst.protocol[row]);
        return (int) (h >>> 32) & HEADS - 1;
    }

    private boolean fits(int entry, PacketBurst burst, int row, boolean ipv6) {
        if (key0[entry] != burst.key0[row]
                || id[entry] != burst.fragmentId[row]
                || tail[entry] != tailOf(burst, row, ipv6)) {
            return false;
        }
        return !ipv6
                || key1[entry] == burst.key1[row]
                        && key2[entry] == burst.key2[row]
                        && key3[entry] == burst.key3[row];
    }

    /** Makes the entry of a fragment's datagram, which has none; -1 when all are in use. */
    public int create(PacketBurst burst, int row, int nowTicks) {
        int entry = free;
        if (entry == NONE) {
            return NONE;
        }
        free = chain[entry];
        size++;
        boolean ipv6 = isIpv6(burst, row);
        key0[entry] = burst.key0[row];
        key1[entry] = burst.key1[row];
        key2[entry] = burst.key2[row];
        key3[entry] = burst.key3[row];
        id[entry] = burst.fragmentId[row];
        tail[entry] = tailOf(burst, row, ipv6);
        createdTicks[entry] = nowTicks;
        usedInBurst[entry] = burstNumber;
        highestByte[entry] = 0;
        totalBytes[entry] = NONE;
        seenUnits[entry] = 0;
        fate[entry] = Verdict.NONE;
        Memory.zero(bitmap(entry), BITMAP_BYTES);
        int number = bucketOf(burst, row, ipv6);
        bucket[entry] = number;
        chain[entry] = heads[number];
        heads[number] = entry;
        (ipv6 ? ages6 : ages4).add(entry);
        return entry;
    }

    /** Forgets an entry; what {@link #record} gave stays readable until the next create. */
    public void remove(int entry) {
        int number = bucket[entry];
        if (heads[number] == entry) {
            heads[number] = chain[entry];
        } else {
            int before = heads[number];
            while (chain[before] != entry) {
                before = chain[before];
            }
            chain[before] = chain[entry];
        }
        ages4.remove(entry);
        ages6.remove(entry);
        totalBytes[entry] = NONE;
        chain[entry] = free;
        free = entry;
        size--;
    }

    /** The oldest entry that the present burst does not use, or -1. */
    public int oldest() {
        int four = ages4.first();
        int six = ages6.first();
        int entry = four;
        if (four == NONE || six != NONE && createdTicks[six] - createdTicks[four] < 0) {
            entry = six;
        }
        return entry == NONE || usedInBurst[entry] == burstNumber ? NONE : entry;
    }

    /** An entry whose time is up, or -1. */
    public int expired(int nowTicks) {
        int four = ages4.first();
        if (four != NONE && nowTicks - createdTicks[four] >= IPV4_TICKS) {
            return four;
        }
        int six = ages6.first();
        return six != NONE && nowTicks - createdTicks[six] >= IPV6_TICKS ? six : NONE;
    }

    /**
     * Notes which bytes have come.
     *
     * @param word the fragment's {@link FragmentWord}
     * @param bytes payload that it carries
     * @return NONE; DROP_FRAGMENT_DUPLICATE when they all came before; DROP_FRAGMENT_OVERLAP when
     *     some did, or when the datagram's length is contradicted: then the whole datagram is
     *     refused; or the drop verdict that its fate is already
     */
    public byte mark(int entry, int word, int bytes) {
        if (Verdict.isDrop(fate[entry])) {
            return fate[entry];
        }
        int end = FragmentWord.offset(word) + bytes;
        int from = FragmentWord.offset(word) >>> UNIT_SHIFT;
        int to = end + 7 >>> UNIT_SHIFT;
        if (contradicts(entry, end, !FragmentWord.hasMore(word))) {
            fate[entry] = Verdict.DROP_FRAGMENT_OVERLAP;
            return Verdict.DROP_FRAGMENT_OVERLAP;
        }
        int covered = covered(bitmap(entry), from, to);
        if (covered == to - from) {
            return Verdict.DROP_FRAGMENT_DUPLICATE;
        }
        if (covered != 0) {
            fate[entry] = Verdict.DROP_FRAGMENT_OVERLAP;
            return Verdict.DROP_FRAGMENT_OVERLAP;
        }
        cover(bitmap(entry), from, to);
        seenUnits[entry] += to - from;
        highestByte[entry] = Math.max(highestByte[entry], end);
        if (!FragmentWord.hasMore(word)) {
            totalBytes[entry] = end;
        }
        return Verdict.NONE;
    }

    /** Whether a fragment's end and its being the last one fit what is known of the length. */
    private boolean contradicts(int entry, int end, boolean last) {
        int total = totalBytes[entry];
        if (total != NONE) {
            return end > total || last && end != total;
        }
        return last && end < highestByte[entry];
    }

    private long bitmap(int entry) {
        return region.address() + (long) entry * ENTRY_BYTES;
    }

    /** Bits from..to-1 of the 64 of word {@code index}. */
    private static long mask(int index, int from, int to) {
        int low = Math.max(from - (index << 6), 0);
        int high = Math.min(to - (index << 6), 64);
        return -1L >>> 64 - (high - low) << low;
    }

    private static int covered(long bitmap, int from, int to) {
        int bits = 0;
        for (int index = from >>> 6; index << 6 < to; index++) {
            bits += Long.bitCount(Memory.getLong(bitmap + index * 8L) & mask(index, from, to));
        }
        return bits;
    }

    private static void cover(long bitmap, int from, int to) {
        for (int index = from >>> 6; index << 6 < to; index++) {
            long at = bitmap + index * 8L;
            Memory.putLong(at, Memory.getLong(at) | mask(index, from, to));
        }
    }

    /** Whether all bytes of the datagram have come. */
    public boolean isComplete(int entry) {
        int total = totalBytes[entry];
        return total != NONE && seenUnits[entry] == total + 7 >>> UNIT_SHIFT;
    }

    /**
     * What becomes of the datagram's fragments: NONE while its first one has not come, FORWARDED
     * (they follow its connection), REPLIED (turned round), EXCEPTION, HANDED_OVER (to the worker
     * of {@link #owner}), or a drop.
     */
    public byte fate(int entry) {
        return fate[entry];
    }

    /** Decides what becomes of the datagram's fragments. */
    public void setFate(int entry, byte verdict) {
        fate[entry] = verdict;
    }

    /**
     * Lets a datagram follow the connection of its first fragment. The record is copied: the
     * connection may end before the datagram.
     *
     * @param identification what the fragments are to carry from here on, or -1 for what they do
     */
    public void follow(int entry, PacketBurst burst, int row, int identification) {
        long record = burst.connection[row];
        Memory.copy(record, record(entry), ConnectionLayout.bytes(record));
        direction[entry] = burst.direction[row];
        flowHash[entry] = burst.hash[row];
        outId[entry] = identification;
        fate[entry] = Verdict.FORWARDED;
    }

    /**
     * Hands the datagram over to the worker that owns the connection of its first fragment.
     *
     * @param word what to remember about the worker
     */
    public void handOver(int entry, int word) {
        outId[entry] = word;
        fate[entry] = Verdict.HANDED_OVER;
    }

    /** What {@link #handOver} remembered. */
    public int owner(int entry) {
        return outId[entry];
    }

    /** Address of the copy of the connection's record. */
    public long record(int entry) {
        return bitmap(entry) + BITMAP_BYTES;
    }

    /** Which way the datagram goes. */
    public byte direction(int entry) {
        return direction[entry];
    }

    /** Hash of the flow, as the lookup wrote it for the first fragment. */
    public long flowHash(int entry) {
        return flowHash[entry];
    }

    /** What the fragments are to carry as their identification, or -1 for what they do. */
    public int outId(int entry) {
        return outId[entry];
    }

    /** Whether the datagram is IPv6. */
    public boolean isIpv6(int entry) {
        return tail[entry] == IPV6;
    }

    /** A number below {@code 2^12} for the datagram's sender, the same for all it sends. */
    public int source(int entry) {
        long h =
                isIpv6(entry)
                        ? hash.hash6(key0[entry], key1[entry], 0, 0, 0, IPV6)
                        : hash.hash4(key0[entry] & 0xFFFF_FFFFL, 0, 0);
        return (int) (h >>> 32) & FragmentParking.SOURCES - 1;
    }

    /** Datagrams now. */
    public int size() {
        return size;
    }

    @Override
    public void close() {
        region.close();
    }
}
