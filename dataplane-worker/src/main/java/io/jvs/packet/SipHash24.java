package io.jvs.packet;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of whole 64-bit words under a 128-bit key, fed word by
 * word. One thread; allocates nothing.
 */
final class SipHash24 {
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long bytes;

    /** Begins a message under a key. */
    void begin(long key0, long key1) {
        v0 = 0x736f6d6570736575L ^ key0;
        v1 = 0x646f72616e646f6dL ^ key1;
        v2 = 0x6c7967656e657261L ^ key0;
        v3 = 0x7465646279746573L ^ key1;
        bytes = 0;
    }

    /** Adds 8 bytes, little endian. */
    void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
        bytes += 8;
    }

    /** Ends the message and gives its hash. */
    long end() {
        add(bytes << 56);
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
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
    }
}
