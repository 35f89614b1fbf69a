package io.jvs.service;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Literal addresses as text, read as inet_pton(3) and written as inet_ntop(3) of glibc do. */
final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The address, or null when {@code text} is not one. */
    static @Nullable Address parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        long bits = parseIpv4(text);
        return bits < 0 ? null : Address.ofIpv4((int) bits);
    }

    /** Four numbers from 0 to 255 in decimal without leading zeros: 32 bits, or -1. */
    private static long parseIpv4(String text) {
        long bits = 0;
        int start = 0;
        for (int part = 0; part < 4; part++) {
            int end = part < 3 ? text.indexOf('.', start) : text.length();
            int length = end - start;
            if (length < 1 || length > 3 || length > 1 && text.charAt(start) == '0') {
                return -1;
            }
            int number = 0;
            for (int i = start; i < end; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                number = number * 10 + digit;
            }
            if (number > 255) {
                return -1;
            }
            bits = bits << 8 | number;
            start = end + 1;
        }
        return bits;
    }

    /** RFC 4291, 2.2: groups of hexadecimal digits, one "::" at most, perhaps an IPv4 tail. */
    private static @Nullable Address parseIpv6(String text) {
        int fold = text.indexOf("::");
        int[] before = parseGroups(fold < 0 ? text : text.substring(0, fold), fold < 0);
        int[] after = fold < 0 ? new int[0] : parseGroups(text.substring(fold + 2), true);
        if (before == null || after == null) {
            return null;
        }
        int given = before.length + after.length;
        if (fold < 0 ? given != GROUPS : given >= GROUPS) {
            return null;
        }
        int[] groups = new int[GROUPS];
        System.arraycopy(before, 0, groups, 0, before.length);
        System.arraycopy(after, 0, groups, GROUPS - after.length, after.length);
        return Address.ofIpv6(word(groups, 0), word(groups, 4));
    }

    private static long word(int[] groups, int from) {
        long word = 0;
        for (int i = from; i < from + 4; i++) {
            word = word << 16 | groups[i];
        }
        return word;
    }

    private static int @Nullable [] parseGroups(String text, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return new int[0];
        }
        int[] groups = new int[GROUPS + 1];
        int count = 0;
        int start = 0;
        while (start <= text.length()) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            if (colon < 0 && mayEndInIpv4 && text.indexOf('.', start) >= 0) {
                long tail = parseIpv4(text.substring(start));
                if (tail < 0 || count > GROUPS - 2) {
                    return null;
                }
                groups[count++] = (int) (tail >>> 16);
                groups[count++] = (int) tail & 0xFFFF;
            } else {
                int group = parseGroup(text, start, end);
                if (group < 0 || count == GROUPS) {
                    return null;
                }
                groups[count++] = group;
            }
            start = end + 1;
        }
        return Arrays.copyOf(groups, count);
    }

    private static int parseGroup(String text, int start, int end) {
        if (end <= start || end - start > 4) {
            return -1;
        }
        int group = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            group = group << 4 | digit;
        }
        return group;
    }

    /** Dotted quad, or RFC 5952: the first longest run of two or more zero groups is folded. */
    static String format(Address address) {
        if (!address.isIpv6()) {
            return ipv4((int) address.low());
        }
        long upper = address.low() >>> 32;
        if (address.high() == 0 && upper == 0xFFFF) {
            return "::ffff:" + ipv4((int) address.low());
        }
        // glibc takes ::a:b for an IPv4-compatible address (RFC 4291, 2.5.5.1).
        if (address.high() == 0 && upper == 0 && address.low() >>> 16 != 0) {
            return "::" + ipv4((int) address.low());
        }
        return ipv6(address);
    }

    private static String ipv4(int bits) {
        return (bits >>> 24)
                + "."
                + (bits >>> 16 & 255)
                + "."
                + (bits >>> 8 & 255)
                + "."
                + (bits & 255);
    }

    private static String ipv6(Address address) {
        int foldStart = -1;
        int foldLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = zerosFrom(address, i);
            if (run > foldLength) {
                foldStart = i;
                foldLength = run;
            }
        }
        StringBuilder text = new StringBuilder(39);
        int i = 0;
        while (i < GROUPS) {
            if (i == foldStart) {
                text.append("::");
                i += foldLength;
            } else {
                boolean joined = i == 0 || i == foldStart + foldLength && foldStart >= 0;
                text.append(joined ? "" : ":").append(Integer.toHexString(group(address, i)));
                i++;
            }
        }
        return text.toString();
    }

    private static int zerosFrom(Address address, int index) {
        int end = index;
        while (end < GROUPS && group(address, end) == 0) {
            end++;
        }
        return end - index;
    }

    private static int group(Address address, int index) {
        long half = index < 4 ? address.high() : address.low();
        return (int) (half >>> (3 - (index & 3)) * 16) & 0xFFFF;
    }
}
