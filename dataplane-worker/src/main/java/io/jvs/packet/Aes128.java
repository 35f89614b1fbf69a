package io.jvs.packet;

/**
 * AES-128 of single blocks (FIPS 197), for connection ids. Unlike {@code javax.crypto} it allocates
 * nothing and takes no lock; like all table-driven AES its time depends on cached tables, which is
 * of no use to who cannot run beside it.
 */
final class Aes128 {
    /** Bytes of a key and of a block. */
    static final int BYTES = 16;

    private static final int ROUNDS = 10;
    private static final int[] SBOX = new int[256];
    private static final int[] INVERSE = new int[256];
    private static final int[] MIX = new int[256];
    private static final int[] UNMIX = new int[256];

    static {
        int p = 1;
        int q = 1;
        do {
            p = p ^ times2(p);
            q = divideBy3(q);
            SBOX[p] = 0x63 ^ q ^ rotate8(q, 1) ^ rotate8(q, 2) ^ rotate8(q, 3) ^ rotate8(q, 4);
        } while (p != 1);
        SBOX[0] = 0x63;
        for (int x = 0; x < 256; x++) {
            INVERSE[SBOX[x]] = x;
        }
        for (int x = 0; x < 256; x++) {
            int s = SBOX[x];
            int s2 = times2(s);
            MIX[x] = s2 << 24 | s << 16 | s << 8 | s2 ^ s;
            UNMIX[x] = unmixed(INVERSE[x]);
        }
    }

    private final int[] keys = new int[4 * (ROUNDS + 1)];
    private final int[] inverseKeys = new int[4 * (ROUNDS + 1)];

    /** Expands {@code key}, 16 bytes. */
    Aes128(byte[] key) {
        int constant = 1;
        for (int i = 0; i < keys.length; i++) {
            if (i < 4) {
                keys[i] = word(key, 4 * i);
                continue;
            }
            int word = keys[i - 1];
            if (i % 4 == 0) {
                word = substituted(Integer.rotateLeft(word, 8)) ^ constant << 24;
                constant = times2(constant);
            }
            keys[i] = keys[i - 4] ^ word;
        }
        for (int round = 0; round <= ROUNDS; round++) {
            for (int i = 0; i < 4; i++) {
                int word = keys[4 * (ROUNDS - round) + (-i & 3)];
                boolean outer = round == 0 || round == ROUNDS;
                inverseKeys[4 * round + i] = outer ? word : unmixedWord(word);
            }
        }
    }

    private static int times2(int x) {
        return (x << 1 ^ (x >>> 7) * 0x11B) & 0xFF;
    }

    private static int divideBy3(int x) {
        int y = x ^ x << 1;
        y ^= y << 2;
        y ^= y << 4;
        y &= 0xFF;
        return (y & 0x80) == 0 ? y : y ^ 0x09;
    }

    private static int rotate8(int x, int by) {
        return (x << by | x >>> 8 - by) & 0xFF;
    }

    /** The column that one byte of a column makes when columns are mixed back. */
    private static int unmixed(int x) {
        int x2 = times2(x);
        int x4 = times2(x2);
        int x8 = times2(x4);
        return (x8 ^ x4 ^ x2) << 24 | (x8 ^ x) << 16 | (x8 ^ x4 ^ x) << 8 | x8 ^ x2 ^ x;
    }

    private static int unmixedWord(int word) {
        return unmixed(word >>> 24)
                ^ Integer.rotateRight(unmixed(word >>> 16 & 0xFF), 8)
                ^ Integer.rotateRight(unmixed(word >>> 8 & 0xFF), 16)
                ^ Integer.rotateRight(unmixed(word & 0xFF), 24);
    }

    private static int substituted(int word) {
        return SBOX[word >>> 24] << 24
                | SBOX[word >>> 16 & 0xFF] << 16
                | SBOX[word >>> 8 & 0xFF] << 8
                | SBOX[word & 0xFF];
    }

    private static int word(byte[] bytes, int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    private static void put(byte[] block, int at, int word) {
        block[at] = (byte) (word >>> 24);
        block[at + 1] = (byte) (word >>> 16);
        block[at + 2] = (byte) (word >>> 8);
        block[at + 3] = (byte) word;
    }

    /** Encrypts a block in place. */
    void encrypt(byte[] block) {
        cipher(block, keys, MIX, SBOX, 4);
    }

    /**
     * Decrypts a block in place: rows are shifted the other way, which is the same with columns in
     * the other order, from the first one.
     */
    void decrypt(byte[] block) {
        cipher(block, inverseKeys, UNMIX, INVERSE, 12);
    }

    /** {@code second}: where the column is that counts as the second one. */
    private static void cipher(byte[] block, int[] keys, int[] mix, int[] box, int second) {
        int fourth = 16 - second;
        int a = word(block, 0) ^ keys[0];
        int b = word(block, second) ^ keys[1];
        int c = word(block, 8) ^ keys[2];
        int d = word(block, fourth) ^ keys[3];
        for (int at = 4; at < 4 * ROUNDS; at += 4) {
            int w = mixed(mix, a, b, c, d) ^ keys[at];
            int x = mixed(mix, b, c, d, a) ^ keys[at + 1];
            int y = mixed(mix, c, d, a, b) ^ keys[at + 2];
            int z = mixed(mix, d, a, b, c) ^ keys[at + 3];
            a = w;
            b = x;
            c = y;
            d = z;
        }
        int at = 4 * ROUNDS;
        put(block, 0, boxed(box, a, b, c, d) ^ keys[at]);
        put(block, second, boxed(box, b, c, d, a) ^ keys[at + 1]);
        put(block, 8, boxed(box, c, d, a, b) ^ keys[at + 2]);
        put(block, fourth, boxed(box, d, a, b, c) ^ keys[at + 3]);
    }

    private static int mixed(int[] mix, int first, int second, int third, int fourth) {
        return mix[first >>> 24]
                ^ Integer.rotateRight(mix[second >>> 16 & 0xFF], 8)
                ^ Integer.rotateRight(mix[third >>> 8 & 0xFF], 16)
                ^ Integer.rotateRight(mix[fourth & 0xFF], 24);
    }

    private static int boxed(int[] box, int first, int second, int third, int fourth) {
        return box[first >>> 24] << 24
                | box[second >>> 16 & 0xFF] << 16
                | box[third >>> 8 & 0xFF] << 8
                | box[fourth & 0xFF];
    }
}
