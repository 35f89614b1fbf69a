package io.jvs.connection;

/**
 * Keyed hash of a flow: secret words are mixed in before each 64x64→128-bit multiplication whose
 * halves are folded (the "mum" step of wyhash), so that who does not know the seed cannot build
 * collisions. Immutable.
 *
 * <p>The hash depends on the direction: a packet and its answer hash differently.
 */
public final class FlowHash {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final long k0;
    private final long k1;
    private final long k2;
    private final long k3;
    private final long k4;
    private final long k5;

    /** Spreads {@code seed}, 64 secret bits, over the key words (SplitMix64). */
    public FlowHash(long seed) {
        k0 = word(seed, 1);
        k1 = word(seed, 2);
        k2 = word(seed, 3);
        k3 = word(seed, 4);
        k4 = word(seed, 5);
        k5 = word(seed, 6);
    }

    private static long word(long seed, int number) {
        return mix(seed + number * GOLDEN_GAMMA);
    }

    private static long mix(long word) {
        long z = (word ^ word >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    /**
     * Hash of an IPv4 flow.
     *
     * @param key0 source (low 32 bits) and destination address, raw
     * @param ports source (low 16 bits) and destination port, raw
     * @param protocol IP protocol number
     */
    public long hash4(long key0, int ports, int protocol) {
        long transport = ports & 0xFFFF_FFFFL | (long) protocol << 32;
        return fold(fold(key0 ^ k0, transport ^ k1) ^ k2, transport ^ k3);
    }

    /**
     * Hash of an IPv6 flow.
     *
     * @param key0 source bytes 0..7, raw
     * @param key1 source bytes 8..15, raw
     * @param key2 destination bytes 0..7, raw
     * @param key3 destination bytes 8..15, raw
     * @param ports source (low 16 bits) and destination port, raw
     * @param protocol IP protocol number
     */
    public long hash6(long key0, long key1, long key2, long key3, int ports, int protocol) {
        long transport = ports & 0xFFFF_FFFFL | (long) protocol << 32;
        long addresses = fold(key0 ^ k1, key1 ^ k0) ^ fold(key2 ^ k3, key3 ^ k2);
        return fold(addresses ^ k4, transport ^ k5);
    }
}
