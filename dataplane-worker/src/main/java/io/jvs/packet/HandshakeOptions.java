package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * The options of a handshake, read from a header and written: maximum segment size, window scale
 * and time stamps (RFC 7323) and whether SACK is permitted (RFC 2018). All but time stamps, which
 * every segment of who uses them has, are packed into the 8 bits that a SYN cookie can carry. Bits
 * 0..2 of the pack are the place of the segment size in a table, rounded down; bits 3..6 the window
 * scale, 15 for none; bit 7 is SACK. One thread.
 */
public final class HandshakeOptions {
    /** Most bytes that {@link #write} writes. */
    public static final int MOST_BYTES = 20;

    /** {@link #windowScale}: not offered. */
    public static final int NO_SCALE = 15;

    private static final int MOST_SCALE = 14;
    private static final int DEFAULT_SIZE = 536;
    private static final int END = 0;
    private static final int NOTHING = 1;
    private static final int SIZE = 2;
    private static final int SCALE = 3;
    private static final int SACK = 4;
    private static final int STAMPS = 8;
    private static final int STAMPS_BYTES = 10;
    private static final int[] SIZES = {216, 536, 1220, 1300, 1400, 1440, 1460, 8940};

    /** Maximum segment size in bytes, 536 when the header does not say (RFC 9293). */
    public int segmentSize;

    /** Window scale, 0 to 14, or {@link #NO_SCALE}. */
    public int windowScale;

    /** Whether SACK is permitted. */
    public boolean sack;

    /** Whether there are time stamps. */
    public boolean stamped;

    /** The sender's time stamp (TSval), and the one that it answers (TSecr). */
    public int stamp;

    /** See {@link #stamp}. */
    public int echo;

    /** Reads a header, whole; what does not belong there is passed over. */
    public void read(long header) {
        segmentSize = DEFAULT_SIZE;
        windowScale = NO_SCALE;
        sack = false;
        stamped = false;
        int end = TcpHeader.headerBytes(header);
        int at = TcpHeader.BYTES;
        while (at + 1 < end) {
            int kind = Memory.getUnsignedByte(header + at);
            int bytes = kind == NOTHING ? 1 : Memory.getUnsignedByte(header + at + 1);
            if (kind == END || bytes < 1 || at + bytes > end) {
                return;
            }
            option(header + at, kind, bytes);
            at += bytes;
        }
    }

    private void option(long at, int kind, int bytes) {
        if (kind == SIZE && bytes == 4) {
            segmentSize = Memory.getUnsignedShortBe(at + 2);
        } else if (kind == SCALE && bytes == 3) {
            windowScale = Math.min(MOST_SCALE, Memory.getUnsignedByte(at + 2));
        } else if (kind == SACK && bytes == 2) {
            sack = true;
        } else if (kind == STAMPS && bytes == STAMPS_BYTES) {
            stamped = true;
            stamp = Memory.getIntBe(at + 2);
            echo = Memory.getIntBe(at + 6);
        }
    }

    /** Everything but time stamps in 8 bits. */
    public int pack() {
        int place = SIZES.length - 1;
        while (place > 0 && SIZES[place] > segmentSize) {
            place--;
        }
        return place | windowScale << 3 | (sack ? 1 << 7 : 0);
    }

    /** The other way round. */
    public void unpack(int packed) {
        segmentSize = SIZES[packed & 7];
        windowScale = packed >>> 3 & 15;
        sack = (packed >>> 7 & 1) != 0;
    }

    /** The window scale of a pack. */
    public static int windowScale(int packed) {
        return packed >>> 3 & 15;
    }

    /** Writes those of a SYN behind a header; gives the bytes written, a multiple of 4. */
    public int write(long at) {
        Memory.putIntBe(at, SIZE << 24 | 4 << 16 | segmentSize);
        int bytes = 4;
        if (stamped) {
            bytes += writeStamps(at + bytes, sack);
        }
        if (windowScale != NO_SCALE) {
            Memory.putIntBe(at + bytes, NOTHING << 24 | SCALE << 16 | 3 << 8 | windowScale);
            bytes += 4;
        }
        if (sack && !stamped) {
            Memory.putIntBe(at + bytes, NOTHING << 24 | NOTHING << 16 | SACK << 8 | 2);
            bytes += 4;
        }
        return bytes;
    }

    /** Writes time stamps alone, if there are any; gives the bytes written, a multiple of 4. */
    public int writeStamps(long at) {
        return stamped ? writeStamps(at, false) : 0;
    }

    /** Two bytes are left in front of them, which SACK fits into. */
    private int writeStamps(long at, boolean withSack) {
        int front = withSack ? SACK << 24 | 2 << 16 : NOTHING << 24 | NOTHING << 16;
        Memory.putIntBe(at, front | STAMPS << 8 | STAMPS_BYTES);
        Memory.putIntBe(at + 4, stamp);
        Memory.putIntBe(at + 8, echo);
        return STAMPS_BYTES + 2;
    }
}
