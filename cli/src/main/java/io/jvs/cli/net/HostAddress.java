package io.jvs.cli.net;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address.
 *
 * @param ipv6 whether it is an IPv6 address
 * @param high the first 64 bits of an IPv6 address, 0 for IPv4
 * @param low the last 64 bits of an IPv6 address, the 32 bits of an IPv4 address
 */
public record HostAddress(boolean ipv6, long high, long low) {
    private static final int GROUPS = 8;

    /** An IPv4 address from its 32 bits, the first octet in bits 31..24. */
    public static HostAddress ofIpv4(int bits) {
        return new HostAddress(false, 0, bits & 0xFFFF_FFFFL);
    }

    /** An address from its 4 or 16 bytes in network order. */
    public static HostAddress ofBytes(byte[] bytes) {
        long high = 0;
        long low = 0;
        for (byte octet : bytes) {
            high = high << 8 | low >>> 56;
            low = low << 8 | octet & 0xFF;
        }
        return new HostAddress(bytes.length == 16, high, low);
    }

    /** Reads a literal of either family as inet_pton(3) does; null when it is none. */
    public static @Nullable HostAddress parse(String text) {
        return text.indexOf(':') >= 0
                ? HostAddressParser.parseIpv6(text)
                : HostAddressParser.parseQuad(text);
    }

    /** The 4 or 16 bytes in network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd >= 8 ? high >>> (fromEnd - 8) * 8 : low >>> fromEnd * 8);
        }
        return bytes;
    }

    /** 32 bits of the address: words 0 to 3; those of IPv4 after the first are 0. */
    public int word(int index) {
        if (!ipv6) {
            return index == 0 ? (int) low : 0;
        }
        long half = index < 2 ? high : low;
        return (int) ((index & 1) == 0 ? half >>> 32 : half);
    }

    private int group(int index) {
        return word(index / 2) >>> ((index & 1) == 0 ? 16 : 0) & 0xFFFF;
    }

    /** The text of glibc's inet_ntop(3). */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(40);
        if (!ipv6) {
            appendQuad(text, (int) low);
            return text.toString();
        }
        int start = longestZeroRun();
        int length = start < 0 ? 0 : zerosFrom(start);
        boolean quadAtEnd = start == 0 && endsInQuad(length);
        int end = quadAtEnd ? GROUPS - 2 : GROUPS;
        for (int i = 0; i < end; ) {
            if (i == start) {
                text.append("::");
                i += length;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i++)));
            }
        }
        if (quadAtEnd) {
            text.append(length == 5 ? ":" : "");
            appendQuad(text, (int) low);
        }
        return text.toString();
    }

    /** IPv4-compatible and IPv4-mapped addresses, as glibc's inet_ntop6 tells them. */
    private boolean endsInQuad(int zeros) {
        return zeros == 6 || zeros == 7 && group(7) != 1 || zeros == 5 && group(5) == 0xFFFF;
    }

    private int zerosFrom(int index) {
        int end = index;
        while (end < GROUPS && group(end) == 0) {
            end++;
        }
        return end - index;
    }

    /** Where the first longest run of at least two zero groups starts, or -1. */
    private int longestZeroRun() {
        int start = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = zerosFrom(i);
            if (run > longest) {
                longest = run;
                start = i;
            }
        }
        return start;
    }

    private static void appendQuad(StringBuilder text, int bits) {
        text.append(bits >>> 24).append('.').append(bits >>> 16 & 255);
        text.append('.').append(bits >>> 8 & 255).append('.').append(bits & 255);
    }
}
