package io.jvs.packet;

import io.jvs.memory.Memory;

/** A short text that is built without allocating and then copied into a packet. One thread. */
public final class AsciiBuffer {
    /** The most bytes; what comes after is lost. */
    public static final int CAPACITY = 96;

    private final byte[] bytes = new byte[CAPACITY];
    private int length;

    /** Forgets what is there. */
    public void clear() {
        length = 0;
    }

    /** Bytes of the text. */
    public int length() {
        return length;
    }

    /** Adds a character. */
    public void put(int character) {
        if (length < CAPACITY) {
            bytes[length++] = (byte) character;
        }
    }

    /** Adds a text. */
    public void put(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            put(text[i]);
        }
    }

    /** Adds a decimal number, 0 to 99999. */
    public void putDecimal(int value) {
        int unit = 1;
        while (value / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            put('0' + value / unit % 10);
        }
    }

    private void putHex(int value) {
        boolean begun = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = value >>> shift & 15;
            begun |= digit != 0 || shift == 0;
            if (begun) {
                put(digit < 10 ? '0' + digit : 'a' + digit - 10);
            }
        }
    }

    /** Adds a raw IPv4 address with {@code separator} between its numbers. */
    public void putIpv4(int raw, int separator) {
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                put(separator);
            }
            putDecimal(raw >>> 8 * i & 0xFF);
        }
    }

    /** Adds a raw IPv6 address, all eight groups. */
    public void putIpv6(long rawFirst, long rawLast) {
        long high = Long.reverseBytes(rawFirst);
        long low = Long.reverseBytes(rawLast);
        for (int i = 0; i < 8; i++) {
            if (i > 0) {
                put(':');
            }
            long half = i < 4 ? high : low;
            putHex((int) (half >>> 16 * (3 - (i & 3))) & 0xFFFF);
        }
    }

    /** Copies the text to memory; the caller has seen to it that there is room. */
    public void copyTo(long address) {
        Memory.copyIn(bytes, 0, address, length);
    }
}
