package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.TcpHeader;

/** The maximum segment size that a SYN tells (RFC 9293 section 3.7.1). */
final class TcpSegmentSize {
    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_SIZE = 2;
    private static final int OPTION_BYTES = 4;

    private TcpSegmentSize() {}

    /**
     * Lowers what the header tells to {@code most} bytes, and brings its checksum up to date. The
     * parser has seen to it that the header is whole. Nothing is added where nothing is told: the
     * other end then takes a size that fits every way.
     */
    static void clamp(long header, int most) {
        int headerBytes = TcpHeader.headerBytes(header);
        int at = TcpHeader.BYTES;
        while (at < headerBytes) {
            int kind = Memory.getUnsignedByte(header + at);
            int left = headerBytes - at;
            if (kind == OPTION_END || kind != OPTION_NOTHING && left < 2) {
                return;
            }
            int bytes = kind == OPTION_NOTHING ? 1 : Memory.getUnsignedByte(header + at + 1);
            if (kind == OPTION_SIZE) {
                if (bytes == OPTION_BYTES && left >= OPTION_BYTES) {
                    lower(header, at + 2, most);
                }
                return;
            }
            if (bytes == 0) {
                return;
            }
            at += bytes;
        }
    }

    private static void lower(long header, int at, int most) {
        int told = Memory.getUnsignedShortBe(header + at);
        if (told <= most || most <= 0) {
            return;
        }
        Memory.putShortBe(header + at, most);
        // At an odd place its bytes count in the other halves of the checksum's words.
        boolean even = (at & 1) == 0;
        int before = even ? swapped(told) : told;
        int after = even ? swapped(most) : most;
        int checksum = Memory.getUnsignedShort(header + TcpHeader.CHECKSUM);
        Memory.putShort(
                header + TcpHeader.CHECKSUM,
                ChecksumDifference.apply(checksum, ChecksumDifference.ofShort(before, after)));
    }

    /** As a native load at an even place gives it. */
    private static int swapped(int value) {
        return Short.reverseBytes((short) value) & 0xFFFF;
    }
}
