package io.jvs.bench.model;

/** SipHash-c-d as the paper has it (Aumasson, Bernstein, INDOCRYPT 2012), over bytes. */
final class SipHash {
    private SipHash() {}

    static long hash(int c, int d, long k0, long k1, byte[] message) {
        long[] v = {
            k0 ^ 0x736f6d6570736575L,
            k1 ^ 0x646f72616e646f6dL,
            k0 ^ 0x6c7967656e657261L,
            k1 ^ 0x7465646279746573L
        };
        for (int block = 0; block <= message.length / 8; block++) {
            long m = 0;
            for (int i = 0; i < 8 && block * 8 + i < message.length; i++) {
                m |= (message[block * 8 + i] & 0xFFL) << 8 * i;
            }
            if (block == message.length / 8) {
                m |= (long) message.length << 56;
            }
            v[3] ^= m;
            rounds(v, c);
            v[0] ^= m;
        }
        v[2] ^= 0xFF;
        rounds(v, d);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            half(v, 0, 1, 13, 32);
            half(v, 2, 3, 16, 0);
            half(v, 0, 3, 21, 0);
            half(v, 2, 1, 17, 32);
        }
    }

    private static void half(long[] v, int a, int b, int rotation, int second) {
        v[a] += v[b];
        v[b] = Long.rotateLeft(v[b], rotation) ^ v[a];
        v[a] = Long.rotateLeft(v[a], second);
    }

    static byte[] littleEndian(int word, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (word >>> 8 * i);
        }
        return bytes;
    }
}
