package io.jvs.worker;

import io.jvs.service.Address;
import java.util.List;

/**
 * An L3 interface on a port.
 *
 * @param vlan VLAN id 1..4094, 0 for untagged
 * @param addresses its own addresses with their prefix lengths; connected routes follow from them
 */
public record InterfaceSpec(int vlan, List<Prefix> addresses) {
    /** Copies its list. */
    public InterfaceSpec {
        addresses = List.copyOf(addresses);
    }

    /**
     * An address with a prefix length.
     *
     * @param address the address (its host bits kept)
     * @param length 0..32 or 0..128
     */
    public record Prefix(Address address, int length) {
        @Override
        public String toString() {
            return address + "/" + length;
        }
    }
}
