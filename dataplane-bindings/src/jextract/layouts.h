/*
 * The sizes and offsets of the structure fields that io.jvs.dpdk touches, as enum constants that libclang evaluates against the
 * headers of one DPDK version. jextract then writes one small class a version, where a class a structure would take 20,000 lines
 * (rte_eth_conf alone drags in eight structures that nobody reads). Bitfields have no offset: those are named by the field before
 * them and are read by hand, see Mbuf and EthPort.
 */
#include <stddef.h>
#include "dpdk.h"

enum jvs_layouts {
    MBUF_SIZE = sizeof(struct rte_mbuf),
    MBUF_BUF_ADDR = offsetof(struct rte_mbuf, buf_addr),
    MBUF_DATA_OFF = offsetof(struct rte_mbuf, data_off),
    MBUF_REFCNT = offsetof(struct rte_mbuf, refcnt),
    MBUF_NB_SEGS = offsetof(struct rte_mbuf, nb_segs),
    MBUF_PORT = offsetof(struct rte_mbuf, port),
    MBUF_OL_FLAGS = offsetof(struct rte_mbuf, ol_flags),
    MBUF_PACKET_TYPE = offsetof(struct rte_mbuf, packet_type),
    MBUF_PKT_LEN = offsetof(struct rte_mbuf, pkt_len),
    MBUF_DATA_LEN = offsetof(struct rte_mbuf, data_len),
    MBUF_VLAN_TCI = offsetof(struct rte_mbuf, vlan_tci),
    MBUF_HASH_RSS = offsetof(struct rte_mbuf, hash.rss),
    MBUF_VLAN_TCI_OUTER = offsetof(struct rte_mbuf, vlan_tci_outer),
    MBUF_BUF_LEN = offsetof(struct rte_mbuf, buf_len),
    MBUF_POOL = offsetof(struct rte_mbuf, pool),
    MBUF_NEXT = offsetof(struct rte_mbuf, next),
    MBUF_TX_OFFLOAD = offsetof(struct rte_mbuf, tx_offload),

    MEMPOOL_CACHE_SIZE_FIELD = offsetof(struct rte_mempool, cache_size),
    MEMPOOL_OPS_INDEX = offsetof(struct rte_mempool, ops_index),
    MEMPOOL_LOCAL_CACHE = offsetof(struct rte_mempool, local_cache),
    MEMPOOL_CACHE_SIZE = sizeof(struct rte_mempool_cache),
    MEMPOOL_CACHE_LEN = offsetof(struct rte_mempool_cache, len),
    MEMPOOL_CACHE_OBJS = offsetof(struct rte_mempool_cache, objs),
    MEMPOOL_OPS_TABLE_OPS = offsetof(struct rte_mempool_ops_table, ops),
    MEMPOOL_OPS_SIZE = sizeof(struct rte_mempool_ops),
    MEMPOOL_OPS_DEQUEUE = offsetof(struct rte_mempool_ops, dequeue),

    POOL_PRIVATE_SIZE = sizeof(struct rte_pktmbuf_pool_private),
    POOL_PRIVATE_DATA_ROOM = offsetof(struct rte_pktmbuf_pool_private, mbuf_data_room_size),

    FP_OPS_SIZE = sizeof(struct rte_eth_fp_ops),
    FP_OPS_RX_PKT_BURST = offsetof(struct rte_eth_fp_ops, rx_pkt_burst),
    FP_OPS_RXQ_DATA = offsetof(struct rte_eth_fp_ops, rxq.data),
    FP_OPS_TX_PKT_BURST = offsetof(struct rte_eth_fp_ops, tx_pkt_burst),
    FP_OPS_TX_PKT_PREPARE = offsetof(struct rte_eth_fp_ops, tx_pkt_prepare),
    FP_OPS_TXQ_DATA = offsetof(struct rte_eth_fp_ops, txq.data),

    DEV_INFO_SIZE = sizeof(struct rte_eth_dev_info),
    DEV_INFO_DRIVER_NAME = offsetof(struct rte_eth_dev_info, driver_name),
    DEV_INFO_MIN_MTU = offsetof(struct rte_eth_dev_info, min_mtu),
    DEV_INFO_MAX_MTU = offsetof(struct rte_eth_dev_info, max_mtu),
    DEV_INFO_MAX_RX_QUEUES = offsetof(struct rte_eth_dev_info, max_rx_queues),
    DEV_INFO_MAX_TX_QUEUES = offsetof(struct rte_eth_dev_info, max_tx_queues),
    DEV_INFO_RX_OFFLOAD_CAPA = offsetof(struct rte_eth_dev_info, rx_offload_capa),
    DEV_INFO_TX_OFFLOAD_CAPA = offsetof(struct rte_eth_dev_info, tx_offload_capa),
    DEV_INFO_RETA_SIZE = offsetof(struct rte_eth_dev_info, reta_size),
    DEV_INFO_HASH_KEY_SIZE = offsetof(struct rte_eth_dev_info, hash_key_size),
    DEV_INFO_FLOW_TYPE_RSS_OFFLOADS = offsetof(struct rte_eth_dev_info, flow_type_rss_offloads),
    DEV_INFO_DEFAULT_RXCONF = offsetof(struct rte_eth_dev_info, default_rxconf),
    DEV_INFO_DEFAULT_TXCONF = offsetof(struct rte_eth_dev_info, default_txconf),

    ETH_CONF_SIZE = sizeof(struct rte_eth_conf),
    ETH_CONF_RXMODE_MQ_MODE = offsetof(struct rte_eth_conf, rxmode.mq_mode),
    ETH_CONF_RXMODE_MTU = offsetof(struct rte_eth_conf, rxmode.mtu),
    ETH_CONF_RXMODE_OFFLOADS = offsetof(struct rte_eth_conf, rxmode.offloads),
    ETH_CONF_TXMODE_OFFLOADS = offsetof(struct rte_eth_conf, txmode.offloads),
    ETH_CONF_RSS_CONF = offsetof(struct rte_eth_conf, rx_adv_conf.rss_conf),
    RSS_CONF_SIZE = sizeof(struct rte_eth_rss_conf),
    RSS_CONF_KEY = offsetof(struct rte_eth_rss_conf, rss_key),
    RSS_CONF_KEY_LEN = offsetof(struct rte_eth_rss_conf, rss_key_len),
    RSS_CONF_HF = offsetof(struct rte_eth_rss_conf, rss_hf),
    RETA_ENTRY_SIZE = sizeof(struct rte_eth_rss_reta_entry64),
    RETA_ENTRY_MASK = offsetof(struct rte_eth_rss_reta_entry64, mask),
    RETA_ENTRY_RETA = offsetof(struct rte_eth_rss_reta_entry64, reta),

    RXCONF_OFFLOADS = offsetof(struct rte_eth_rxconf, offloads),
    TXCONF_OFFLOADS = offsetof(struct rte_eth_txconf, offloads),

    STATS_SIZE = sizeof(struct rte_eth_stats),
    STATS_IPACKETS = offsetof(struct rte_eth_stats, ipackets),
    STATS_OPACKETS = offsetof(struct rte_eth_stats, opackets),
    STATS_IBYTES = offsetof(struct rte_eth_stats, ibytes),
    STATS_OBYTES = offsetof(struct rte_eth_stats, obytes),
    STATS_IMISSED = offsetof(struct rte_eth_stats, imissed),
    STATS_IERRORS = offsetof(struct rte_eth_stats, ierrors),
    STATS_OERRORS = offsetof(struct rte_eth_stats, oerrors),
    STATS_RX_NOMBUF = offsetof(struct rte_eth_stats, rx_nombuf),

    LINK_SIZE = sizeof(struct rte_eth_link),
    LINK_SPEED = offsetof(struct rte_eth_link, link_speed),
};
