package io.jvs.bench.replay;

/** The Internet checksum (RFC 1071), the obvious way. */
final class Checksum {
    private Checksum() {}

    /** Sum of 16-bit words, not folded. */
    static long add(byte[] bytes) {
        return add(bytes, bytes.length);
    }

    private static long add(byte[] bytes, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = bytes[i] & 0xFF;
            sum += (i & 1) == 0 ? octet << 8 : octet;
        }
        return sum;
    }

    /** The checksum of the first bytes, on top of a sum that is already there. */
    static int of(byte[] bytes, int length, long sum) {
        long all = sum + add(bytes, length);
        while (all >>> 16 != 0) {
            all = (all & 0xFFFF) + (all >>> 16);
        }
        return (int) ~all & 0xFFFF;
    }
}
