package io.jvs.service;

/**
 * All addresses that begin with the same bits.
 *
 * @param address an address with those bits; the others do not matter
 * @param length how many bits, 0..32 or 0..128
 */
public record AddressPrefix(Address address, int length) {
    private static final int MAX_DIGITS = 3;

    /** Clears the bits that do not matter. */
    public AddressPrefix {
        address = address.masked(length);
    }

    /**
     * Reads {@code ADDRESS/LENGTH}, or an address, which is a prefix of its whole length.
     *
     * @throws IllegalArgumentException with one sentence that names the text
     */
    public static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        Address address = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
        int length = -1;
        if (address != null) {
            int most = address.family().bits();
            length = slash < 0 ? most : length(text.substring(slash + 1), most);
        }
        if (address == null || length < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a prefix such as 10.0.0.0/8 or 2001:db8::/32");
        }
        return new AddressPrefix(address, length);
    }

    private static int length(String text, int most) {
        if (text.isEmpty()
                || text.length() > MAX_DIGITS
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int length = Integer.parseInt(text);
        return length <= most ? length : -1;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
