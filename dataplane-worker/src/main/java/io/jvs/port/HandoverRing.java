package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;

/**
 * What one worker hands over to another one: a ring of fixed size, off heap, with one producer and
 * one consumer (Lamport 1983). With a packet its buffer goes over to the consumer. Entries are seen
 * by the consumer when the producer publishes them, once a burst.
 *
 * <pre>
 *   0 long head, written by the consumer (release)     256 producer's own: tail, head as last seen
 * 128 long tail, written by the producer (release)     384 consumer's own: head, tail as last seen
 * 512 entries of 64 bytes:
 *      0 long handle    16 int length    24 int tailroom    32 int kind
 *      8 long data      20 int headroom  28 int port        36 int hop
 * </pre>
 */
public final class HandoverRing {
    /** Kind of entry: a packet to take through the pipeline. */
    public static final int PACKET = 0;

    /** Kind of entry: a copy of an ARP or ND packet, to learn from and to free. */
    public static final int COPY = 1;

    /** Kind of entry: a finished frame for a port whose transmit queue the consumer has. */
    public static final int FRAME = 2;

    /** Kind of entry: the MTU on the way to a tunnel's end. No buffer. */
    public static final int PATH_MTU = 3;

    /** Entries of a ring. */
    public static final int CAPACITY = 1024;

    private static final int HEAD = 0;
    private static final int TAIL = 128;
    private static final int PRODUCER = 256;
    private static final int CONSUMER = 384;
    private static final int ENTRIES = 512;
    private static final int ENTRY_SHIFT = 6;
    private static final int HANDLE = 0;
    private static final int DATA = 8;
    private static final int LENGTH = 16;
    private static final int HEADROOM = 20;
    private static final int TAILROOM = 24;
    private static final int PORT = 28;
    private static final int KIND = 32;
    private static final int HOP = 36;

    private final long base;

    private HandoverRing(long base) {
        this.base = base;
    }

    /** Bytes of a ring. */
    public static long bytes() {
        return ENTRIES + ((long) CAPACITY << ENTRY_SHIFT);
    }

    /** Ring number {@code number} in a region that is made for several, all zero. */
    public static HandoverRing in(MemoryRegion region, int number) {
        return new HandoverRing(region.address() + number * bytes());
    }

    /** Producer: the place of the next entry, or 0 when the ring is full. */
    private long claim() {
        long own = base + PRODUCER;
        long tail = Memory.getLong(own);
        if (tail - Memory.getLong(own + 8) == CAPACITY) {
            long head = Memory.getLongAcquire(base + HEAD);
            Memory.putLong(own + 8, head);
            if (tail - head == CAPACITY) {
                return 0;
            }
        }
        Memory.putLong(own, tail + 1);
        return place(tail);
    }

    private long place(long position) {
        return base + ENTRIES + ((position & CAPACITY - 1) << ENTRY_SHIFT);
    }

    /**
     * Producer: hands a row's packet over.
     *
     * @param kind PACKET or COPY
     * @param hop how often it was handed over, this time included
     * @return false when the ring is full; the buffer stays the caller's then
     */
    public boolean offer(int kind, PacketBurst burst, int row, int hop) {
        long entry = claim();
        if (entry == 0) {
            return false;
        }
        Memory.putLong(entry + HANDLE, burst.handle[row]);
        Memory.putLong(entry + DATA, burst.data[row]);
        Memory.putInt(entry + LENGTH, burst.length[row]);
        Memory.putInt(entry + HEADROOM, burst.headroom[row]);
        Memory.putInt(entry + TAILROOM, burst.tailroom[row]);
        Memory.putInt(entry + PORT, burst.port[row]);
        Memory.putInt(entry + KIND, kind);
        Memory.putInt(entry + HOP, hop);
        return true;
    }

    /** Producer: hands a finished frame over; false when the ring is full. */
    public boolean offerFrame(int port, long handle, long data, int length) {
        long entry = claim();
        if (entry == 0) {
            return false;
        }
        Memory.putLong(entry + HANDLE, handle);
        Memory.putLong(entry + DATA, data);
        Memory.putInt(entry + LENGTH, length);
        Memory.putInt(entry + PORT, port);
        Memory.putInt(entry + KIND, FRAME);
        return true;
    }

    /**
     * Producer: tells the MTU on the way to a tunnel's end; false when the ring is full.
     *
     * @param first raw: IPv4 in the low 32 bits; IPv6 bytes 0..7
     * @param second raw: IPv6 bytes 8..15
     */
    public boolean offerPathMtu(long first, long second, boolean ipv6, int bytes) {
        long entry = claim();
        if (entry == 0) {
            return false;
        }
        Memory.putLong(entry + HANDLE, first);
        Memory.putLong(entry + DATA, second);
        Memory.putInt(entry + LENGTH, bytes);
        Memory.putInt(entry + PORT, ipv6 ? 1 : 0);
        Memory.putInt(entry + KIND, PATH_MTU);
        return true;
    }

    /** Producer: lets the consumer see what was offered. */
    public void publish() {
        long tail = Memory.getLong(base + PRODUCER);
        if (tail != Memory.getLong(base + TAIL)) {
            Memory.putLongRelease(base + TAIL, tail);
        }
    }

    /** Consumer: entries that are there, looked for again when none is left. */
    public int available() {
        long own = base + CONSUMER;
        long head = Memory.getLong(own);
        if (head == Memory.getLong(own + 8)) {
            Memory.putLong(own + 8, Memory.getLongAcquire(base + TAIL));
        }
        return (int) (Memory.getLong(own + 8) - head);
    }

    /** Consumer: address of the first entry; there is one. */
    public long first() {
        return place(Memory.getLong(base + CONSUMER));
    }

    /** Consumer: goes past the first entry. */
    public void skip() {
        Memory.putLong(base + CONSUMER, Memory.getLong(base + CONSUMER) + 1);
    }

    /** Consumer: gives the places of skipped entries back. */
    public void release() {
        Memory.putLongRelease(base + HEAD, Memory.getLong(base + CONSUMER));
    }

    /** Kind of an entry. */
    public static int kind(long entry) {
        return Memory.getInt(entry + KIND);
    }

    /** Describes an entry's packet in a new row. */
    public static void addRow(long entry, PacketBurst burst) {
        int row = burst.add();
        burst.handle[row] = handle(entry);
        burst.data[row] = data(entry);
        burst.length[row] = length(entry);
        burst.headroom[row] = Memory.getInt(entry + HEADROOM);
        burst.tailroom[row] = Memory.getInt(entry + TAILROOM);
        burst.port[row] = port(entry);
        burst.hop[row] = (byte) Memory.getInt(entry + HOP);
    }

    /** Buffer of a frame; for a path's MTU the first word of its end. */
    public static long handle(long entry) {
        return Memory.getLong(entry + HANDLE);
    }

    /** Address of a frame's first byte; for a path's MTU the second word of its end. */
    public static long data(long entry) {
        return Memory.getLong(entry + DATA);
    }

    /** Bytes of a frame; for a path's MTU the MTU. */
    public static int length(long entry) {
        return Memory.getInt(entry + LENGTH);
    }

    /** Port of a frame; for a path's MTU 1 for IPv6, 0 for IPv4. */
    public static int port(long entry) {
        return Memory.getInt(entry + PORT);
    }
}
