package io.jvs.cli.net;

import org.jspecify.annotations.Nullable;

/** Reads addresses as inet_aton(3) and inet_pton(3) do. */
public final class HostAddressParser {
    private static final int GROUPS = 8;

    private HostAddressParser() {}

    /**
     * Reads an IPv4 address as inet_aton(3): one to four parts, each decimal, octal (0...) or
     * hexadecimal (0x...); the last part fills the octets that are left. Null when it is none.
     */
    public static @Nullable HostAddress parseLenientIpv4(String text) {
        long value = 0;
        int parts = 0;
        int at = 0;
        while (true) {
            int end = text.indexOf('.', at);
            boolean last = end < 0;
            long part = parsePart(text, at, last ? text.length() : end);
            if (part < 0 || parts > 3) {
                return null;
            }
            if (last) {
                long room = 1L << 8 * (4 - parts);
                return part < room ? HostAddress.ofIpv4((int) (value | part)) : null;
            }
            if (part > 255) {
                return null;
            }
            value |= part << 8 * (3 - parts);
            parts++;
            at = end + 1;
        }
    }

    /** A number with the base that its prefix tells; -1 when it is none or above 32 bits. */
    private static long parsePart(String text, int from, int to) {
        int radix = 10;
        int at = from;
        if (to - from > 2 && text.charAt(from) == '0' && (text.charAt(from + 1) | 32) == 'x') {
            radix = 16;
            at = from + 2;
        } else if (to - from > 1 && text.charAt(from) == '0') {
            radix = 8;
        }
        if (at == to) {
            return -1;
        }
        long value = 0;
        for (; at < to; at++) {
            char c = text.charAt(at);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            value = value * radix + digit;
            if (digit < 0 || value > 0xFFFF_FFFFL) {
                return -1;
            }
        }
        return value;
    }

    /** Reads a dotted quad as inet_pton(3) with AF_INET; null when it is none. */
    public static @Nullable HostAddress parseQuad(String text) {
        int value = 0;
        int octets = 0;
        int octet = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (octet < 0 || octets++ > 3) {
                    return null;
                }
                value = value << 8 | octet;
                octet = -1;
            } else {
                if (c < '0' || c > '9' || octet == 0) {
                    return null;
                }
                octet = Math.max(octet, 0) * 10 + (c - '0');
                if (octet > 255) {
                    return null;
                }
            }
        }
        return octets == 4 ? HostAddress.ofIpv4(value) : null;
    }

    /** Reads an IPv6 address (RFC 4291 2.2) as inet_pton(3) with AF_INET6; null when it is none. */
    public static @Nullable HostAddress parseIpv6(String text) {
        int[] groups = new int[GROUPS];
        int fold = text.indexOf("::");
        if (fold < 0) {
            return readGroups(text, true, groups, 0) == GROUPS ? assemble(groups) : null;
        }
        int left = readGroups(text.substring(0, fold), false, groups, 0);
        if (left < 0 || text.indexOf("::", fold + 1) >= 0) {
            return null;
        }
        int end = readGroups(text.substring(fold + 2), true, groups, left);
        if (end < 0 || end == GROUPS) {
            return null;
        }
        int right = end - left;
        System.arraycopy(groups, left, groups, GROUPS - right, right);
        for (int i = left; i < GROUPS - right; i++) {
            groups[i] = 0;
        }
        return assemble(groups);
    }

    /**
     * Reads groups between colons, the last one a dotted quad where {@code atEnd}.
     *
     * @return how many groups are filled then, or -1 for an error
     */
    private static int readGroups(String text, boolean atEnd, int[] groups, int filled) {
        int count = filled;
        int at = 0;
        while (at < text.length()) {
            int colon = text.indexOf(':', at);
            String part = text.substring(at, colon < 0 ? text.length() : colon);
            HostAddress quad = atEnd && colon < 0 ? parseQuad(part) : null;
            if (quad != null && count <= GROUPS - 2) {
                groups[count++] = quad.word(0) >>> 16;
                groups[count++] = quad.word(0) & 0xFFFF;
                return count;
            }
            int group = readGroup(part);
            if (group < 0 || count == GROUPS || colon == text.length() - 1) {
                return -1;
            }
            groups[count++] = group;
            at = colon < 0 ? text.length() : colon + 1;
        }
        return count;
    }

    /** One to four hexadecimal digits, or -1. */
    private static int readGroup(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static HostAddress assemble(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS; i++) {
            high = high << 16 | low >>> 48;
            low = low << 16 | groups[i];
        }
        return new HostAddress(true, high, low);
    }
}
