package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.SctpHeader;

/**
 * CRC32c (Castagnoli) over memory, eight bytes a step ("slicing by 8"), for SCTP (RFC 9260 section
 * 6.8 and appendix A). Allocates nothing, unlike {@code java.util.zip} over a wrapped buffer.
 */
final class Crc32c {
    /** Polynomial 0x1EDC6F41, bits reversed. */
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private static final int[] TABLE = tables();

    private Crc32c() {}

    private static int[] tables() {
        int[] table = new int[8 * 256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            table[i] = crc;
        }
        for (int i = 256; i < table.length; i++) {
            int previous = table[i - 256];
            table[i] = previous >>> 8 ^ table[previous & 0xFF];
        }
        return table;
    }

    /** Continues {@code crc} (begin with all ones, invert at the end) over {@code bytes} bytes. */
    static int update(int crc, long address, int bytes) {
        int value = crc;
        long at = address;
        long end = address + bytes;
        for (; at + 8 <= end; at += 8) {
            value = eight(Memory.getLong(at) ^ value & 0xFFFF_FFFFL);
        }
        for (; at < end; at++) {
            value = value >>> 8 ^ TABLE[(value ^ Memory.getByte(at)) & 0xFF];
        }
        return value;
    }

    private static int eight(long word) {
        int low = (int) word;
        int high = (int) (word >>> 32);
        return TABLE[7 * 256 + (low & 0xFF)]
                ^ TABLE[6 * 256 + (low >>> 8 & 0xFF)]
                ^ TABLE[5 * 256 + (low >>> 16 & 0xFF)]
                ^ TABLE[4 * 256 + (low >>> 24)]
                ^ TABLE[3 * 256 + (high & 0xFF)]
                ^ TABLE[2 * 256 + (high >>> 8 & 0xFF)]
                ^ TABLE[256 + (high >>> 16 & 0xFF)]
                ^ TABLE[high >>> 24];
    }

    /**
     * The checksum field of the SCTP packet at {@code header}, as a native (little-endian) word.
     *
     * @param bytes length of the packet, at least 12
     */
    static int ofSctp(long header, int bytes) {
        int crc = update(-1, header, SctpHeader.CHECKSUM);
        crc = zeroInt(crc);
        return ~update(crc, header + SctpHeader.BYTES, bytes - SctpHeader.BYTES);
    }

    private static int zeroInt(int crc) {
        int value = crc;
        for (int i = 0; i < 4; i++) {
            value = value >>> 8 ^ TABLE[value & 0xFF];
        }
        return value;
    }
}
