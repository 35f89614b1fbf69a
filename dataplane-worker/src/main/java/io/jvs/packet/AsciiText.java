package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * A cursor over text in memory: reads numbers and addresses without allocating. A reader that fails
 * answers -1 (or false) and leaves the cursor anywhere. One thread.
 */
public final class AsciiText {
    private static final int GROUPS = 8;
    private static final int PORT_MAX = 0xFFFF;

    private final int[] groups = new int[GROUPS];
    private long at;
    private long end;

    /** IPv6 address of the last {@link #ipv6}: first 8 bytes, raw; IPv4 of {@link #ipv4}. */
    private long first;

    private long last;

    /** Begins at {@code from}; nothing is read from {@code to} on. */
    public void set(long from, long to) {
        at = from;
        end = to;
    }

    /** Where it is. */
    public long at() {
        return at;
    }

    /** Whether there is no more. */
    public boolean isAtEnd() {
        return at >= end;
    }

    /** The next byte without taking it, or -1. */
    public int peek() {
        return at < end ? Memory.getUnsignedByte(at) : -1;
    }

    /** Takes the next byte; -1 at the end. */
    public int take() {
        return at < end ? Memory.getUnsignedByte(at++) : -1;
    }

    /** Takes the next byte if it is {@code wanted}. */
    public boolean take(int wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes what follows of blanks; how many. */
    public int blanks() {
        long from = at;
        while (peek() == ' ') {
            at++;
        }
        return (int) (at - from);
    }

    /** A decimal number of 1 to 5 digits, at most {@code max}; -1 when there is none. */
    public int decimal(int max) {
        int value = 0;
        int digits = 0;
        for (int c = peek(); c >= '0' && c <= '9'; c = peek()) {
            value = value * 10 + c - '0';
            digits++;
            at++;
            if (digits > 5 || value > max) {
                return -1;
            }
        }
        return digits == 0 ? -1 : value;
    }

    /** A port, 1 to 65535; -1 when there is none. */
    public int port() {
        int port = decimal(PORT_MAX);
        return port == 0 ? -1 : port;
    }

    /** Four decimal bytes with {@code separator} between them; {@link #first} is the address. */
    public boolean ipv4(int separator) {
        long raw = 0;
        for (int i = 0; i < 4; i++) {
            if (i > 0 && !take(separator)) {
                return false;
            }
            int value = decimal(255);
            if (value < 0) {
                return false;
            }
            raw |= (long) value << 8 * i;
        }
        first = raw;
        last = 0;
        return true;
    }

    /** IPv6 text of RFC 4291 section 2.2, forms 1 and 2, without a zone. */
    public boolean ipv6() {
        int count = 0;
        int gap = -1;
        if (peek() == ':') {
            at++;
            if (peek() != ':') {
                return false;
            }
            at++;
            gap = 0;
        }
        while (hexDigit(peek()) >= 0) {
            int group = hex();
            if (group < 0 || count == GROUPS) {
                return false;
            }
            groups[count++] = group;
            if (peek() != ':') {
                break;
            }
            at++;
            if (peek() == ':') {
                if (gap >= 0) {
                    return false;
                }
                at++;
                gap = count;
            } else if (hexDigit(peek()) < 0) {
                return false;
            }
        }
        return spread(count, gap);
    }

    private int hex() {
        int value = 0;
        int digits = 0;
        for (int digit = hexDigit(peek()); digit >= 0; digit = hexDigit(peek())) {
            value = value << 4 | digit;
            at++;
            if (++digits > 4) {
                return -1;
            }
        }
        return value;
    }

    private static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return c >= 0 && letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    private boolean spread(int count, int gap) {
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            return false;
        }
        int zeros = GROUPS - count;
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS; i++) {
            int group = 0;
            if (gap < 0 || i < gap) {
                group = groups[i];
            } else if (i >= gap + zeros) {
                group = groups[i - zeros];
            }
            if (i < GROUPS / 2) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        first = Long.reverseBytes(high);
        last = Long.reverseBytes(low);
        return true;
    }

    /** The address read last: IPv4 in the low 32 bits, or the first 8 bytes of IPv6; raw. */
    public long first() {
        return first;
    }

    /** The last 8 bytes of the IPv6 address read last, raw. */
    public long last() {
        return last;
    }
}
