package io.jvs.service;

/**
 * All addresses that begin with the same bits.
 *
 * @param address an address with those bits; the others do not matter
 * @param length how many bits, 0..32 or 0..128
 */
public record AddressPrefix(Address address, int length) {
    /** Clears the bits that do not matter. */
    public AddressPrefix {
        address = address.masked(length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
