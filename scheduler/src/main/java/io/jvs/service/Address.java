package io.jvs.service;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address as two words in host order: an IPv4 address is the low 32 bits of {@code low}; an
 * IPv6 address has its first 64 bits in {@code high}, its last 64 in {@code low}.
 *
 * @param family IPv4 or IPv6
 * @param high bits 127..64 of an IPv6 address, 0 for IPv4
 * @param low bits 63..0 of an IPv6 address, bits 31..0 of an IPv4 address (zero-extended)
 */
public record Address(AddressFamily family, long high, long low) implements Comparable<Address> {

    /** An IPv4 address from its 32 bits in host order. */
    public static Address ofIpv4(int bits) {
        return new Address(AddressFamily.IPV4, 0, bits & 0xFFFF_FFFFL);
    }

    /** An IPv6 address from its two halves in host order. */
    public static Address ofIpv6(long high, long low) {
        return new Address(AddressFamily.IPV6, high, low);
    }

    /** An address from its 4 or 16 bytes in network order. */
    public static Address ofBytes(byte[] bytes) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < bytes.length; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | bytes[i] & 0xFF;
        }
        return switch (bytes.length) {
            case 4 -> ofIpv4((int) low);
            case 16 -> ofIpv6(high, low);
            default ->
                    throw new IllegalArgumentException(
                            "an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /**
     * Reads a literal address: dotted quad, or RFC 4291 text. Names are never resolved.
     *
     * @throws IllegalArgumentException with one sentence that names the text
     */
    public static Address parse(String text) {
        try {
            boolean v6 = text.indexOf(':') >= 0;
            if (!v6 && !text.matches("(\\d{1,3}\\.){3}\\d{1,3}")) {
                throw new IllegalArgumentException(badAddress(text));
            }
            if (text.indexOf('%') >= 0) {
                throw new IllegalArgumentException(badAddress(text));
            }
            byte[] bytes = InetAddress.ofLiteral(text).getAddress();
            // ::ffff:1.2.3.4 comes back as four bytes: an address of the IPv6 family all the same.
            return v6 && bytes.length == 4
                    ? ofIpv6(0, 0xFFFF_0000_0000L | ofBytes(bytes).low)
                    : ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(badAddress(text), e);
        }
    }

    private static String badAddress(String text) {
        return "'" + text + "' is not an IPv4 or IPv6 address";
    }

    /** True for IPv6. */
    public boolean isIpv6() {
        return family == AddressFamily.IPV6;
    }

    /** The 4 or 16 bytes in network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[family.bits() / 8];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd >= 8 ? high >>> (fromEnd - 8) * 8 : low >>> fromEnd * 8);
        }
        return bytes;
    }

    /** IPv4 before IPv6, then by unsigned value. */
    @Override
    public int compareTo(Address other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The text of inet_ntop(3): dotted quad, or RFC 5952 with the longest run of zeros folded. */
    @Override
    public String toString() {
        return isIpv6() ? ipv6Text() : ipv4Text((int) low);
    }

    private static String ipv4Text(int bits) {
        return (bits >>> 24)
                + "."
                + (bits >>> 16 & 255)
                + "."
                + (bits >>> 8 & 255)
                + "."
                + (bits & 255);
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (3 - (index & 3)) * 16) & 0xFFFF;
    }

    private int zerosFrom(int index) {
        int end = index;
        while (end < 8 && group(end) == 0) {
            end++;
        }
        return end - index;
    }

    private String ipv6Text() {
        if (high == 0 && low >>> 32 == 0xFFFFL) {
            return "::ffff:" + ipv4Text((int) low);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = zerosFrom(i);
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    /**
     * Whether the first {@code prefixLength} bits are those of {@code network}; false for another
     * family.
     */
    public boolean isIn(Address network, int prefixLength) {
        return family == network.family
                && masked(prefixLength).equals(network.masked(prefixLength));
    }

    /** This address with all bits after the first {@code prefixLength} cleared. */
    public Address masked(int prefixLength) {
        if (family == AddressFamily.IPV4) {
            long mask = prefixLength <= 0 ? 0 : -1L << 32 - Math.min(prefixLength, 32);
            return new Address(family, 0, low & mask & 0xFFFF_FFFFL);
        }
        long highMask = prefixLength <= 0 ? 0 : prefixLength >= 64 ? -1L : -1L << 64 - prefixLength;
        long lowMask =
                prefixLength <= 64 ? 0 : prefixLength >= 128 ? -1L : -1L << 128 - prefixLength;
        return new Address(family, high & highMask, low & lowMask);
    }

    /** The address for a Java socket. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(bytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes was refused", e);
        }
    }
}
