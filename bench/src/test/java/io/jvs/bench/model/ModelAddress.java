package io.jvs.bench.model;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address as a number.
 *
 * @param ipv6 its family
 * @param value its 32 or 128 bits
 */
record ModelAddress(boolean ipv6, BigInteger value) {
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);

    static ModelAddress of(String text) {
        try {
            byte[] bytes = InetAddress.getByName(text).getAddress();
            return new ModelAddress(bytes.length == 16, new BigInteger(1, bytes));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The 32-bit words of it, exclusive-ored. */
    long folded() {
        long folded = 0;
        for (int shift = 0; shift < 128; shift += 32) {
            folded ^= value.shiftRight(shift).and(WORD).longValue();
        }
        return folded;
    }

    /** Only the first bits that a mask leaves; the mask is an IPv4 address or a count of bits. */
    ModelAddress masked(String mask) {
        if (mask.isEmpty()) {
            return this;
        }
        BigInteger bits =
                ipv6
                        ? BigInteger.ONE
                                .shiftLeft(128)
                                .subtract(BigInteger.ONE.shiftLeft(128 - Integer.parseInt(mask)))
                        : of(mask).value;
        return new ModelAddress(ipv6, value.and(bits));
    }

    /** The address and a port as /proc/net/ip_vs_conn's reader writes them. */
    String withPort(int port) {
        return (ipv6 ? "[" + this + "]" : toString()) + ":" + port;
    }

    @Override
    public String toString() {
        if (!ipv6) {
            long v = value.longValue();
            return (v >> 24) + "." + (v >> 16 & 255) + "." + (v >> 8 & 255) + "." + (v & 255);
        }
        StringBuilder text = new StringBuilder();
        for (int shift = 112; shift >= 0; shift -= 16) {
            text.append(text.isEmpty() ? "" : ":");
            text.append(Long.toHexString(value.shiftRight(shift).longValue() & 0xFFFF));
        }
        return shortened(text.toString());
    }

    /** RFC 5952: the longest run of zeros, of two or more, becomes "::". */
    private static String shortened(String full) {
        for (int length = 8; length >= 2; length--) {
            String zeros = "0:".repeat(length - 1) + "0";
            String padded = ":" + full + ":";
            int at = padded.indexOf(":" + zeros + ":");
            if (at >= 0) {
                String before = padded.substring(0, at).replaceFirst("^:", "");
                String after = padded.substring(at + zeros.length() + 2).replaceFirst(":$", "");
                return before + "::" + after;
            }
        }
        return full;
    }
}
