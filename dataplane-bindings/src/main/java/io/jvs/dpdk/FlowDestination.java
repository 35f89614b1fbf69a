package io.jvs.dpdk;

/**
 * The packets for one address and transport protocol.
 *
 * @param tagged whether they carry a VLAN tag (of any VLAN), as {@code rte_flow} tells them apart
 * @param ipv6 the address's family
 * @param high bits 127 to 64 of an IPv6 address, 0 with IPv4
 * @param low bits 63 to 0, or an IPv4 address in bits 31 to 0; host order
 * @param protocol IP protocol number: TCP (6), UDP (17) or SCTP (132)
 */
public record FlowDestination(boolean tagged, boolean ipv6, long high, long low, int protocol) {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int SCTP = 132;

    /** Refuses protocols without ports. */
    public FlowDestination {
        if (protocol != TCP && protocol != UDP && protocol != SCTP) {
            throw new IllegalArgumentException(
                    "A flow rule takes protocol 6 (TCP), 17 (UDP) or 132 (SCTP), not " + protocol);
        }
    }
}
