package io.jvs.dpdk;

/**
 * The structure layouts that differ between DPDK 22.11 and 24.11, chosen at start by rte_version().
 * What is the same in both is read from {@link io.jvs.dpdk.raw.v22.Layouts}; a test holds that.
 *
 * @param rxBurst offset of rx_pkt_burst in struct rte_eth_fp_ops
 * @param rxQueues offset of rxq.data in it
 * @param txBurst offset of tx_pkt_burst in it
 * @param txPrepare offset of tx_pkt_prepare in it
 * @param txQueues offset of txq.data in it
 * @param maxRxQueues offset of max_rx_queues in struct rte_eth_dev_info
 * @param maxTxQueues offset of max_tx_queues in it
 * @param ethConfBytes size of struct rte_eth_conf
 * @param rssConfBytes size of struct rte_eth_rss_conf
 */
record DpdkLayout(
        long rxBurst,
        long rxQueues,
        long txBurst,
        long txPrepare,
        long txQueues,
        long maxRxQueues,
        long maxTxQueues,
        long ethConfBytes,
        long rssConfBytes) {

    static DpdkLayout of(DpdkVersion version) {
        return version.year() == 22 ? of22() : of24();
    }

    private static DpdkLayout of22() {
        return new DpdkLayout(
                io.jvs.dpdk.raw.v22.Layouts.FP_OPS_RX_PKT_BURST(),
                io.jvs.dpdk.raw.v22.Layouts.FP_OPS_RXQ_DATA(),
                io.jvs.dpdk.raw.v22.Layouts.FP_OPS_TX_PKT_BURST(),
                io.jvs.dpdk.raw.v22.Layouts.FP_OPS_TX_PKT_PREPARE(),
                io.jvs.dpdk.raw.v22.Layouts.FP_OPS_TXQ_DATA(),
                io.jvs.dpdk.raw.v22.Layouts.DEV_INFO_MAX_RX_QUEUES(),
                io.jvs.dpdk.raw.v22.Layouts.DEV_INFO_MAX_TX_QUEUES(),
                io.jvs.dpdk.raw.v22.Layouts.ETH_CONF_SIZE(),
                io.jvs.dpdk.raw.v22.Layouts.RSS_CONF_SIZE());
    }

    private static DpdkLayout of24() {
        return new DpdkLayout(
                io.jvs.dpdk.raw.v24.Layouts.FP_OPS_RX_PKT_BURST(),
                io.jvs.dpdk.raw.v24.Layouts.FP_OPS_RXQ_DATA(),
                io.jvs.dpdk.raw.v24.Layouts.FP_OPS_TX_PKT_BURST(),
                io.jvs.dpdk.raw.v24.Layouts.FP_OPS_TX_PKT_PREPARE(),
                io.jvs.dpdk.raw.v24.Layouts.FP_OPS_TXQ_DATA(),
                io.jvs.dpdk.raw.v24.Layouts.DEV_INFO_MAX_RX_QUEUES(),
                io.jvs.dpdk.raw.v24.Layouts.DEV_INFO_MAX_TX_QUEUES(),
                io.jvs.dpdk.raw.v24.Layouts.ETH_CONF_SIZE(),
                io.jvs.dpdk.raw.v24.Layouts.RSS_CONF_SIZE());
    }
}
