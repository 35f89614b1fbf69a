package io.jvs.packet;

import io.jvs.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Reads server ids out of connection ids: plain or encrypted ones of QUIC-LB
 * (draft-ietf-quic-load-balancers-21 section 5), and those of DPVS, which carry the end of the
 * server's address and its port. A server id is the words {@link #first} and {@link #last}: its
 * bytes from the left, zeros behind them. One thread; nothing allocates after construction.
 */
public final class QuicIdReader {
    /** Bytes of a server id at most. */
    public static final int MAX_SERVER_ID_BYTES = 15;

    private static final int MIN_SUFFIX_ID_BYTES = 7;

    private final int serverIdBytes;
    private final int plainBytes;
    private final int half;
    private final @Nullable Aes128 cipher;
    private final byte[] left = new byte[Aes128.BYTES];
    private final byte[] right = new byte[Aes128.BYTES];
    private final byte[] block = new byte[Aes128.BYTES];
    private long first;
    private long last;

    /**
     * Reads ids of one configuration of QUIC-LB.
     *
     * @param serverIdBytes 1 to 15
     * @param nonceBytes 4 to 18; with the server id at most 19
     * @param key of 16 bytes, or none
     */
    public QuicIdReader(int serverIdBytes, int nonceBytes, byte[] key) {
        this.serverIdBytes = serverIdBytes;
        this.plainBytes = serverIdBytes + nonceBytes;
        this.half = plainBytes + 1 >> 1;
        this.cipher = key.length == 0 ? null : new Aes128(key);
    }

    /** The first 8 bytes of the last server id that was read. */
    public long first() {
        return first;
    }

    /** The other bytes of it. */
    public long last() {
        return last;
    }

    /**
     * Reads an id.
     *
     * @param id address of its first octet
     * @param bytes that it has at most
     * @return false when it is too short
     */
    public boolean read(long id, int bytes) {
        if (bytes < 1 + plainBytes) {
            return false;
        }
        begin();
        if (cipher == null) {
            for (int i = 0; i < serverIdBytes; i++) {
                add(i, Memory.getByte(id + 1 + i));
            }
        } else if (plainBytes == Aes128.BYTES) {
            Memory.copyOut(id + 1, block, 0, Aes128.BYTES);
            cipher.decrypt(block);
            for (int i = 0; i < serverIdBytes; i++) {
                add(i, block[i]);
            }
        } else {
            decrypt(cipher, id + 1);
        }
        return true;
    }

    private void begin() {
        first = 0;
        last = 0;
    }

    private void add(int index, int value) {
        long shifted = (value & 0xFFL) << 56 - (index << 3);
        if (index < 8) {
            first |= shifted;
        } else {
            last |= shifted;
        }
    }

    /** A Feistel network of four rounds, backwards (section 5.5.2). */
    private void decrypt(Aes128 aes, long text) {
        Memory.copyOut(text, left, 0, half);
        Memory.copyOut(text + plainBytes - half, right, 0, half);
        boolean odd = (plainBytes & 1) != 0;
        if (odd) {
            left[half - 1] &= (byte) 0xF0;
            right[0] &= 0x0F;
        }
        pass(aes, right, left, 4);
        clearLeft(odd);
        pass(aes, left, right, 3);
        clearRight(odd);
        pass(aes, right, left, 2);
        clearLeft(odd);
        if (serverIdBytes > plainBytes - serverIdBytes) {
            pass(aes, left, right, 1);
            clearRight(odd);
        }
        for (int i = 0; i < serverIdBytes; i++) {
            add(i, plain(i, odd));
        }
    }

    private void clearLeft(boolean odd) {
        left[half - 1] &= (byte) (odd ? 0xF0 : 0xFF);
    }

    private void clearRight(boolean odd) {
        right[0] &= (byte) (odd ? 0x0F : 0xFF);
    }

    private void pass(Aes128 aes, byte[] from, byte[] to, int number) {
        for (int i = 0; i < Aes128.BYTES; i++) {
            block[i] = i < half ? from[i] : 0;
        }
        block[Aes128.BYTES - 2] = (byte) plainBytes;
        block[Aes128.BYTES - 1] = (byte) number;
        aes.encrypt(block);
        for (int i = 0; i < half; i++) {
            to[i] ^= block[i];
        }
    }

    private int plain(int index, boolean odd) {
        if (odd && index == half - 1) {
            return left[index] | right[0];
        }
        return index < half ? left[index] : right[index - (plainBytes - half)];
    }

    /**
     * Reads an id as DPVS has it: behind the first octet three bits for the bytes of the address
     * less 1, one for whether there is a port, then both.
     *
     * @return bytes of the address in bits 4..1 and whether there is a port in bit 0, or negative
     *     when it is too short
     */
    public int readSuffix(long id, int bytes) {
        if (bytes < MIN_SUFFIX_ID_BYTES) {
            return QuicHeader.NONE;
        }
        int shape = Memory.getUnsignedByte(id + 1) >>> 4;
        int addressBytes = (shape >>> 1) + 1;
        int all = addressBytes + ((shape & 1) << 1);
        if (bytes < all + 2) {
            return QuicHeader.NONE;
        }
        begin();
        for (int i = 0; i < all; i++) {
            int high = Memory.getUnsignedByte(id + 1 + i) << 4;
            add(i, high | Memory.getUnsignedByte(id + 2 + i) >>> 4);
        }
        return addressBytes << 1 | shape & 1;
    }
}
