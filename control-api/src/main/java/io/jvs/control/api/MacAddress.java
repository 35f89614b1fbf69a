package io.jvs.control.api;

import java.util.regex.Pattern;

/** MAC addresses: 48 bits, first byte of the wire in bits 47..40. */
public final class MacAddress {
    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");

    private MacAddress() {}

    /** For example 02:00:00:00:00:01. */
    public static String text(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(String.format("%02x", mac >>> shift & 255)).append(shift == 0 ? "" : ":");
        }
        return text.toString();
    }

    /**
     * Reads six bytes in hexadecimal with colons.
     *
     * @throws IllegalArgumentException with one sentence that names the text
     */
    public static long parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a MAC address such as 02:00:00:00:00:01");
        }
        return Long.parseLong(text.replace(":", ""), 16);
    }
}
