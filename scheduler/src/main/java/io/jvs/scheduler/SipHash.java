package io.jvs.scheduler;

/** hsiphash() of linux/siphash.h on 64-bit machines: SipHash-1-3, cut to 32 bits. */
final class SipHash {
    private SipHash() {}

    /**
     * The hash of one 32-bit word (hsiphash_1u32) under the key {@code (key, key)}.
     *
     * <p>Written out without a state array, so that it allocates nothing.
     */
    static int hash13(int word, long key) {
        long v0 = 0x736f6d6570736575L ^ key;
        long v1 = 0x646f72616e646f6dL ^ key;
        long v2 = 0x6c7967656e657261L ^ key;
        long v3 = 0x7465646279746573L ^ key;
        // The length in bytes is in the top byte of the last block.
        long block = 4L << 56 | word & 0xFFFF_FFFFL;
        v3 ^= block;
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round == 0) {
                v0 ^= block;
                v2 ^= 0xFF;
            }
        }
        return (int) (v0 ^ v1 ^ v2 ^ v3);
    }
}
