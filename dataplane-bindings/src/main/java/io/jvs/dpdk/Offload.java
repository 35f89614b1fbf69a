package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a port can do by itself (rte_ethdev.h, RTE_ETH_RX_OFFLOAD_* and RTE_ETH_TX_OFFLOAD_*). */
public enum Offload {
    /** Checks IPv4 header checksums. */
    RX_IPV4_CHECKSUM(true, Dpdk.RTE_ETH_RX_OFFLOAD_IPV4_CKSUM()),
    /** Checks UDP checksums. */
    RX_UDP_CHECKSUM(true, Dpdk.RTE_ETH_RX_OFFLOAD_UDP_CKSUM()),
    /** Checks TCP checksums. */
    RX_TCP_CHECKSUM(true, Dpdk.RTE_ETH_RX_OFFLOAD_TCP_CKSUM()),
    /** Takes VLAN tags off into the mbuf. */
    RX_VLAN_STRIP(true, Dpdk.RTE_ETH_RX_OFFLOAD_VLAN_STRIP()),
    /** Delivers the RSS hash. */
    RX_RSS_HASH(true, Dpdk.RTE_ETH_RX_OFFLOAD_RSS_HASH()),
    /** Receives frames larger than a buffer as chains. */
    RX_SCATTER(true, Dpdk.RTE_ETH_RX_OFFLOAD_SCATTER()),
    /** Computes IPv4 header checksums. */
    TX_IPV4_CHECKSUM(false, Dpdk.RTE_ETH_TX_OFFLOAD_IPV4_CKSUM()),
    /** Computes UDP checksums. */
    TX_UDP_CHECKSUM(false, Dpdk.RTE_ETH_TX_OFFLOAD_UDP_CKSUM()),
    /** Computes TCP checksums. */
    TX_TCP_CHECKSUM(false, Dpdk.RTE_ETH_TX_OFFLOAD_TCP_CKSUM()),
    /** Puts VLAN tags on. */
    TX_VLAN_INSERT(false, Dpdk.RTE_ETH_TX_OFFLOAD_VLAN_INSERT()),
    /** Sends chains. */
    TX_MULTI_SEGMENTS(false, Dpdk.RTE_ETH_TX_OFFLOAD_MULTI_SEGS()),
    /** Frees without looking: one pool a queue and no shared mbufs. */
    TX_FAST_FREE(false, Dpdk.RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE()),
    /** Cuts large TCP segments. */
    TX_TCP_SEGMENTATION(false, Dpdk.RTE_ETH_TX_OFFLOAD_TCP_TSO());

    private final boolean receive;
    private final long bit;

    Offload(boolean receive, long bit) {
        this.receive = receive;
        this.bit = bit;
    }

    static Set<Offload> of(long receiveBits, long transmitBits) {
        Set<Offload> set = EnumSet.noneOf(Offload.class);
        for (Offload offload : values()) {
            if (((offload.receive ? receiveBits : transmitBits) & offload.bit) != 0) {
                set.add(offload);
            }
        }
        return Collections.unmodifiableSet(set);
    }

    static long bits(Set<Offload> set, boolean receive) {
        long bits = 0;
        for (Offload offload : set) {
            if (offload.receive == receive) {
                bits |= offload.bit;
            }
        }
        return bits;
    }
}
