package io.jvs.packet;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;

/**
 * The rows of a burst that the express lane looks at: IPv4 packets of TCP or UDP without options,
 * tags or fragments. One cache line each, off heap, so that a stage touches one line a packet and
 * needs no array, whose reference and length it would have to load and check for each packet.
 *
 * <pre>
 *  0 long handle    16 long addresses    32 long hash      48 int bytes and flags    56 int server
 *  8 long frame     24 long transport    40 long record    52 int entry              60 int row and hop
 * </pre>
 *
 * <p>Owned by one worker's thread.
 */
public final class ExpressRows implements AutoCloseable {
    /** Offset of the port's own name for the buffer, 8 bytes. */
    public static final long HANDLE = 0;

    /** Offset of the frame's address; the IPv4 header begins at its byte 14, transport at 34. */
    public static final long FRAME = 8;

    /** Offset of source (low 32 bits) and destination address, raw. */
    public static final long ADDRESSES = 16;

    /** Offset of the ports, raw, source in the low 16 bits, and the protocol in bits 32..39. */
    public static final long TRANSPORT = 24;

    /** Offset of the flow's hash. */
    public static final long HASH = 32;

    /** Offset of the frame's length when it is sent, 4 bytes: in place of the hash, in the end. */
    public static final long LENGTH = HASH;

    /** Offset of the address of the connection's record, 0 for none. */
    public static final long RECORD = 40;

    /** Offset of the bytes of the IP packet (low 16 bits) and the TCP flags (from bit 16). */
    public static final long BYTES_AND_FLAGS = 48;

    /** Offset of the connection's id with the direction in bit 31, 0 from the client. */
    public static final long ENTRY = 52;

    /** Offset of the real server's number. */
    public static final long SERVER = 56;

    /** Offset of the row of the burst, 16 bits. */
    public static final long ROW = 60;

    /** Offset of the next hop's index, 16 bits. */
    public static final long HOP = 62;

    private static final int BYTES_SHIFT = 6;

    /** Bytes of a row. */
    public static final int BYTES = 1 << BYTES_SHIFT;

    private final MemoryRegion region;
    private final long base;

    /** Rows in use. */
    public int count;

    /** Room for a burst. */
    public ExpressRows() {
        region = MemoryRegion.anonymous((long) PacketBurst.CAPACITY << BYTES_SHIFT);
        base = region.address();
    }

    /** Address of row 0. */
    public long base() {
        return base;
    }

    /** Address of a row. */
    public static long address(long base, int j) {
        return base + ((long) j << BYTES_SHIFT);
    }

    /** A row as a view; see {@link Memory#line}. */
    public static MemorySegment row(long base, int j) {
        return Memory.line(address(base, j));
    }

    /** Copies a row to an earlier place. Rare: no view, which code that is not hot allocates. */
    public static void move(long base, int from, int to) {
        long source = address(base, from);
        long target = address(base, to);
        for (int at = 0; at < BYTES; at += 8) {
            Memory.putLong(target + at, Memory.getLong(source + at));
        }
    }

    @Override
    public void close() {
        region.close();
    }
}
