package io.jvs.scheduler;

/** The hashes of addresses that schedulers use; an address is two words as in {@link Flow}. */
final class AddressHash {
    private static final int GOLDEN_RATIO_32 = 0x61C88647;

    private AddressHash() {}

    /** An IPv4 address as it is, the four 32-bit words of an IPv6 address folded by xor. */
    static int fold(long high, long low) {
        return (int) (high >>> 32) ^ (int) high ^ (int) (low >>> 32) ^ (int) low;
    }

    /** hash_32() of linux/hash.h: the upper {@code bits} bits of a product. */
    static int hash32(int value, int bits) {
        return value * GOLDEN_RATIO_32 >>> 32 - bits;
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit of the word. */
    static long mix(long word) {
        long z = word;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
