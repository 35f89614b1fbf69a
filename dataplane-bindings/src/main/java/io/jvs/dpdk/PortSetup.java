package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The configuration of a stopped port: device, receive queues, transmit queues. */
final class PortSetup {
    private static final long RSS_WANTED =
            Dpdk.RTE_ETH_RSS_IP() | Dpdk.RTE_ETH_RSS_TCP() | Dpdk.RTE_ETH_RSS_UDP();

    private final EthPort port;
    private final Eal eal;
    private final Arena arena;
    private final long info;

    /**
     * @param info the port's struct rte_eth_dev_info, as long as {@code arena} lives
     */
    PortSetup(EthPort port, Eal eal, Arena arena, long info) {
        this.port = port;
        this.eal = eal;
        this.arena = arena;
        this.info = info;
    }

    /** Configures device and queues; the offloads that are on then. */
    Set<Offload> configure(EthPortSpec spec, List<MbufPool> pools) {
        PortCapabilities can = port.capabilities();
        checkQueues(spec, can, pools.size());
        Set<Offload> offloads = EnumSet.noneOf(Offload.class);
        offloads.addAll(spec.wantedOffloads());
        offloads.retainAll(can.offloads());
        eal.log().drain();
        port.check(
                Dpdk.rte_eth_dev_configure(
                        port.id(),
                        (short) spec.rxQueues(),
                        (short) spec.txQueues(),
                        deviceConfiguration(spec, offloads)),
                "rte_eth_dev_configure",
                "ask for other queues, another MTU or fewer offloads");
        setUpQueues(spec, pools);
        return Collections.unmodifiableSet(offloads);
    }

    private void checkQueues(EthPortSpec spec, PortCapabilities can, int pools) {
        if (spec.rxQueues() > can.maxRxQueues() || spec.txQueues() > can.maxTxQueues()) {
            throw new DpdkException(
                    "rte_eth_dev_configure",
                    Errno.EINVAL,
                    "Port '%s' has %d receive and %d transmit queues at most, and %d and %d were"
                                    .formatted(
                                            port.device(),
                                            can.maxRxQueues(),
                                            can.maxTxQueues(),
                                            spec.rxQueues(),
                                            spec.txQueues())
                            + " asked for: use fewer workers or a port with more queues.");
        }
        if (pools != spec.rxQueues()) {
            throw new IllegalArgumentException(
                    "%d pools were given for %d receive queues.".formatted(pools, spec.rxQueues()));
        }
    }

    /** struct rte_eth_conf. */
    private MemorySegment deviceConfiguration(EthPortSpec spec, Set<Offload> offloads) {
        MemorySegment segment = arena.allocate(eal.layout().ethConfBytes(), 8);
        long conf = segment.address();
        Memory.putInt(conf + Layouts.ETH_CONF_RXMODE_MTU(), spec.mtu());
        Memory.putLong(conf + Layouts.ETH_CONF_RXMODE_OFFLOADS(), Offload.bits(offloads, true));
        Memory.putLong(conf + Layouts.ETH_CONF_TXMODE_OFFLOADS(), Offload.bits(offloads, false));
        long rss = port.capabilities().rssTypes() & RSS_WANTED;
        if (spec.rss() && spec.rxQueues() > 1 && rss != 0) {
            Memory.putInt(conf + Layouts.ETH_CONF_RXMODE_MQ_MODE(), Dpdk.RTE_ETH_MQ_RX_RSS());
            Memory.putLong(conf + Layouts.ETH_CONF_RSS_CONF() + Layouts.RSS_CONF_HF(), rss);
        }
        return segment;
    }

    private void setUpQueues(EthPortSpec spec, List<MbufPool> pools) {
        MemorySegment rx = arena.allocateFrom(ValueLayout.JAVA_SHORT, (short) spec.rxDescriptors());
        MemorySegment tx = arena.allocateFrom(ValueLayout.JAVA_SHORT, (short) spec.txDescriptors());
        port.check(
                Dpdk.rte_eth_dev_adjust_nb_rx_tx_desc(port.id(), rx, tx),
                "rte_eth_dev_adjust_nb_rx_tx_desc",
                "ask for other queue lengths");
        short rxDescriptors = rx.get(ValueLayout.JAVA_SHORT, 0);
        short txDescriptors = tx.get(ValueLayout.JAVA_SHORT, 0);
        int socket = port.capabilities().socketId();
        // The driver's own defaults, which hold no offloads beyond those of the device.
        MemorySegment rxConf = MemorySegment.ofAddress(info + Layouts.DEV_INFO_DEFAULT_RXCONF());
        MemorySegment txConf = MemorySegment.ofAddress(info + Layouts.DEV_INFO_DEFAULT_TXCONF());
        for (short queue = 0; queue < spec.rxQueues(); queue++) {
            port.check(
                    Dpdk.rte_eth_rx_queue_setup(
                            port.id(),
                            queue,
                            rxDescriptors,
                            socket,
                            rxConf,
                            pools.get(queue).segment()),
                    "rte_eth_rx_queue_setup of queue " + queue,
                    "give the pool larger or more buffers, or choose a smaller MTU");
        }
        for (short queue = 0; queue < spec.txQueues(); queue++) {
            port.check(
                    Dpdk.rte_eth_tx_queue_setup(port.id(), queue, txDescriptors, socket, txConf),
                    "rte_eth_tx_queue_setup of queue " + queue,
                    "ask for another queue length");
        }
    }
}
