package io.jvs.dpdk;

import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.util.Set;

/**
 * What a port's driver tells of itself (struct rte_eth_dev_info).
 *
 * @param driver its name, net_af_packet for example
 * @param minMtu the least MTU in bytes
 * @param maxMtu the largest MTU in bytes, 65535 when it does not tell
 * @param maxRxQueues how many receive queues it can have
 * @param maxTxQueues how many transmit queues it can have
 * @param offloads what it can do by itself
 * @param retaSize entries of its redirection table, 0 when it has none
 * @param hashKeyBytes length of its RSS key, 0 when it has none
 * @param rssTypes bits RTE_ETH_RSS_* of what it can hash
 * @param socketId its NUMA node, or -1
 */
public record PortCapabilities(
        String driver,
        int minMtu,
        int maxMtu,
        int maxRxQueues,
        int maxTxQueues,
        Set<Offload> offloads,
        int retaSize,
        int hashKeyBytes,
        long rssTypes,
        int socketId) {

    private static final int DEFAULT_KEY_BYTES = 40; // struct rte_eth_rss_conf

    // RTE_ETH_FLOW_NONFRAG_* of rte_ethdev.h: bit numbers of RTE_ETH_RSS_*
    private static final int FLOW_IPV4_TCP = 4;
    private static final int FLOW_IPV4_UDP = 5;
    private static final int FLOW_IPV6_TCP = 10;
    private static final int FLOW_IPV6_UDP = 11;
    private static final int TCP = 6;
    private static final int UDP = 17;

    /**
     * Whether a port that was configured with RSS hashes the ports of packets of a protocol that
     * are no fragments. Only TCP and UDP are asked for.
     *
     * @param protocol IP protocol number
     */
    public boolean hashesPorts(boolean ipv6, int protocol) {
        return switch (protocol) {
            case TCP -> (rssTypes >>> (ipv6 ? FLOW_IPV6_TCP : FLOW_IPV4_TCP) & 1) != 0;
            case UDP -> (rssTypes >>> (ipv6 ? FLOW_IPV6_UDP : FLOW_IPV4_UDP) & 1) != 0;
            default -> false;
        };
    }

    static PortCapabilities of(long info, DpdkLayout layout, int socketId) {
        long rssTypes = Memory.getLong(info + Layouts.DEV_INFO_FLOW_TYPE_RSS_OFFLOADS());
        int keyBytes = Memory.getUnsignedByte(info + Layouts.DEV_INFO_HASH_KEY_SIZE());
        return new PortCapabilities(
                CText.read(Memory.getLong(info + Layouts.DEV_INFO_DRIVER_NAME())),
                Memory.getUnsignedShort(info + Layouts.DEV_INFO_MIN_MTU()),
                Memory.getUnsignedShort(info + Layouts.DEV_INFO_MAX_MTU()),
                Memory.getUnsignedShort(info + layout.maxRxQueues()),
                Memory.getUnsignedShort(info + layout.maxTxQueues()),
                Offload.of(
                        Memory.getLong(info + Layouts.DEV_INFO_RX_OFFLOAD_CAPA()),
                        Memory.getLong(info + Layouts.DEV_INFO_TX_OFFLOAD_CAPA())),
                Memory.getUnsignedShort(info + Layouts.DEV_INFO_RETA_SIZE()),
                keyBytes == 0 && rssTypes != 0 ? DEFAULT_KEY_BYTES : keyBytes,
                rssTypes,
                socketId);
    }
}
