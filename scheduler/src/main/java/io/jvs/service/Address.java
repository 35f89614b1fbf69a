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

    // Written out, for tables of a hundred thousand servers are hashed before any of it is
    // compiled.
    @Override
    public int hashCode() {
        long mixed = high * 31 + low;
        return (int) (mixed ^ mixed >>> 32);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address address
                && address.low == low
                && address.high == high
                && address.family == family;
    }

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
     * Reads a literal address as inet_pton(3) does: dotted quad without leading zeros, or RFC 4291
     * text. Names are never resolved; zones ("%eth0") and brackets are not part of an address.
     *
     * @throws IllegalArgumentException with one sentence that names the text
     */
    public static Address parse(String text) {
        Address address = AddressText.parse(text);
        if (address == null) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
        }
        return address;
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

    /**
     * The text of inet_ntop(3): dotted quad, or RFC 5952; the tail of an IPv4-mapped or
     * IPv4-compatible address is a dotted quad.
     */
    @Override
    public String toString() {
        return AddressText.format(this);
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
