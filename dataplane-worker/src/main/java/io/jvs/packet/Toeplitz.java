package io.jvs.packet;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The hash with which network adapters spread flows over their queues (Microsoft, "RSS Hashing
 * Types"; rte_softrss of DPDK's rte_thash.h). Its input is source address, destination address,
 * source port, destination port, as they lie in the packet. Immutable.
 *
 * <p>It is linear over exclusive or: the hash of a flow is the exclusive or of what each byte of it
 * contributes. Here these are looked up, a byte at a time.
 */
public final class Toeplitz {
    /** Bytes of a key that an IPv6 flow with ports needs; longer keys are the same hash. */
    public static final int KEY_BYTES = 40;

    private static final int INPUT_BYTES = 36;
    private static final int PORTS4 = 8;
    private static final int PORTS6 = 32;

    private final byte[] key;

    /** Contribution of each value of each byte of the input. */
    private final int[] table = new int[INPUT_BYTES * 256];

    /**
     * Prepares a key.
     *
     * @param key at least {@value #KEY_BYTES} bytes; those behind are not looked at
     * @throws IllegalArgumentException if it is shorter
     */
    public Toeplitz(byte[] key) {
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "An RSS key needs " + KEY_BYTES + " bytes at least, not " + key.length + ".");
        }
        this.key = Arrays.copyOf(key, KEY_BYTES);
        for (int at = 0; at < INPUT_BYTES; at++) {
            fill(at, window(key, at));
        }
    }

    /**
     * A hash with a key of its own, so that nobody outside can aim at a queue, and with which
     * {@link #reachesAll} holds.
     *
     * @param entries of the redirection table, a power of two up to 65536
     */
    public static Toeplitz random(int entries, RandomGenerator random) {
        byte[] key = new byte[KEY_BYTES];
        Toeplitz hash;
        do {
            random.nextBytes(key);
            hash = new Toeplitz(key);
        } while (!hash.reachesAll(entries));
        return hash;
    }

    /** The key's first {@value #KEY_BYTES} bytes. */
    public byte[] key() {
        return key.clone();
    }

    /** The 40 bits of the key under which byte {@code at} of the input slides. */
    private static long window(byte[] key, int at) {
        long bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | key[at + i] & 0xFF;
        }
        return bits;
    }

    private void fill(int at, long window) {
        for (int bit = 0; bit < 8; bit++) {
            int value = 1 << bit;
            int contribution = (int) (window >>> 1 + bit);
            for (int lower = 0; lower < value; lower++) {
                table[at << 8 | value | lower] = table[at << 8 | lower] ^ contribution;
            }
        }
    }

    private int word(long raw, int bytes, int at) {
        int hash = 0;
        for (int i = 0; i < bytes; i++) {
            hash ^= table[at + i << 8 | (int) (raw >>> 8 * i) & 0xFF];
        }
        return hash;
    }

    /**
     * Hash of an IPv4 packet by its addresses alone.
     *
     * @param key0 source (low 32 bits) and destination, raw
     */
    public int hash4(long key0) {
        return word(key0, 8, 0);
    }

    /**
     * Hash of an IPv4 flow.
     *
     * @param key0 source (low 32 bits) and destination, raw
     * @param ports source (low 16 bits) and destination port, raw
     */
    public int hash4(long key0, int ports) {
        return hash4(key0) ^ word(ports, 4, PORTS4);
    }

    /** Hash of an IPv6 packet by its addresses alone: the raw words of source and destination. */
    public int hash6(long key0, long key1, long key2, long key3) {
        return word(key0, 8, 0) ^ word(key1, 8, 8) ^ word(key2, 8, 16) ^ word(key3, 8, 24);
    }

    /** Hash of an IPv6 flow; see {@link #hash6(long, long, long, long)} and {@link #hash4}. */
    public int hash6(long key0, long key1, long key2, long key3, int ports) {
        return hash6(key0, key1, key2, key3) ^ word(ports, 4, PORTS6);
    }

    /** What a destination port, host order, contributes to the hash of a flow. */
    public int ofDestinationPort(boolean ipv6, int port) {
        int at = (ipv6 ? PORTS6 : PORTS4) + 2;
        return table[at << 8 | port >>> 8 & 0xFF] ^ table[at + 1 << 8 | port & 0xFF];
    }

    /**
     * Whether destination ports alone reach every one of {@code entries} results of the hash's low
     * bits, for both families, whatever the rest of the flow. Then each entry gets the same number
     * of ports.
     *
     * @param entries a power of two up to 65536
     */
    public boolean reachesAll(int entries) {
        return rank(false, entries) == entries && rank(true, entries) == entries;
    }

    /** How many of the low results there are: a power of two (elimination over GF(2)). */
    private int rank(boolean ipv6, int entries) {
        int[] basis = new int[16];
        int reached = 1;
        for (int bit = 0; bit < 16; bit++) {
            int vector = ofDestinationPort(ipv6, 1 << bit) & entries - 1;
            while (vector != 0) {
                int lead = 31 - Integer.numberOfLeadingZeros(vector);
                if (basis[lead] == 0) {
                    basis[lead] = vector;
                    reached *= 2;
                    break;
                }
                vector ^= basis[lead];
            }
        }
        return reached;
    }
}
