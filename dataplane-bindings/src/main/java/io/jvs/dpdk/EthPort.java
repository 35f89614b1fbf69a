package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network port (rte_ethdev.h): attached, configured, started, stopped, closed by the control
 * plane; workers hold its {@link RxQueue}s and {@link TxQueue}s between start and stop only.
 */
public final class EthPort implements AutoCloseable {
    private static final int MAC_BYTES = 6;

    private final Eal eal;
    private final DeviceArgument device;
    private final String name;
    private final short port;
    private final PortCapabilities capabilities;
    private final List<RxQueue> rxQueues = new ArrayList<>();
    private final List<TxQueue> txQueues = new ArrayList<>();
    private @Nullable EthPortSpec spec;
    private Set<Offload> offloads = Set.of();
    private boolean started;
    private boolean closed;

    EthPort(Eal eal, DeviceArgument device, String name, int port) {
        this.eal = eal;
        this.device = device;
        this.name = name;
        this.port = (short) port;
        try (Arena arena = Arena.ofConfined()) {
            this.capabilities =
                    PortCapabilities.of(
                            info(arena).address(),
                            eal.layout(),
                            Dpdk.rte_eth_dev_socket_id(this.port));
        }
    }

    /** DPDK's number of the port. */
    public int portId() {
        return Short.toUnsignedInt(port);
    }

    /** DPDK's name of the device. */
    public String name() {
        return name;
    }

    /** What it was attached as. */
    public DeviceArgument device() {
        return device;
    }

    /** What its driver can do. */
    public PortCapabilities capabilities() {
        return capabilities;
    }

    /** The offloads that {@link #configure} switched on: wanted, and the port has them. */
    public Set<Offload> offloads() {
        return offloads;
    }

    /** As {@link #configure(EthPortSpec, List)} with one pool for all receive queues. */
    public synchronized void configure(EthPortSpec wanted, MbufPool pool) {
        configure(wanted, Collections.nCopies(wanted.rxQueues(), pool));
    }

    /**
     * Sets the port up; it must be stopped.
     *
     * @param pools the pool that each receive queue fills its frames from
     * @throws DpdkException one sentence, when the port cannot be so
     */
    public synchronized void configure(EthPortSpec wanted, List<MbufPool> pools) {
        if (started) {
            throw new IllegalStateException("Port '" + device + "' is started: stop it first");
        }
        try (Arena arena = Arena.ofConfined()) {
            var setup = new PortSetup(this, eal, arena, info(arena).address());
            offloads = setup.configure(wanted, pools);
        }
        spec = wanted;
    }

    /**
     * Starts receiving and sending, and makes the queues.
     *
     * @throws DpdkException when the driver refuses
     */
    public synchronized void start() {
        EthPortSpec current = spec;
        if (current == null) {
            throw new IllegalStateException("Port '" + device + "' is not configured");
        }
        if (started) {
            return;
        }
        eal.log().drain();
        check(Dpdk.rte_eth_dev_start(port), "rte_eth_dev_start", "see the reason");
        started = true;
        readQueues(current);
    }

    /** Reads rte_eth_fp_ops[port], which rte_eth_dev_start has filled (rte_ethdev_core.h). */
    private void readQueues(EthPortSpec current) {
        DpdkLayout layout = eal.layout();
        long ops =
                BurstCall.symbol("rte_eth_fp_ops").address()
                        + (long) portId() * Layouts.FP_OPS_SIZE();
        MemorySegment receive = function(ops + layout.rxBurst());
        MemorySegment transmit = function(ops + layout.txBurst());
        MemorySegment prepare = function(ops + layout.txPrepare());
        long rxData = Memory.getLong(ops + layout.rxQueues());
        long txData = Memory.getLong(ops + layout.txQueues());
        boolean critical = !device.makesSystemCalls();
        for (int i = 0; i < current.rxQueues(); i++) {
            rxQueues.add(new RxQueue(receive, Memory.getLong(rxData + i * 8L), critical));
        }
        for (int i = 0; i < current.txQueues(); i++) {
            txQueues.add(new TxQueue(transmit, prepare, Memory.getLong(txData + i * 8L), critical));
        }
    }

    private static MemorySegment function(long pointerAddress) {
        return MemorySegment.ofAddress(Memory.getLong(pointerAddress));
    }

    /** Stops; every worker has let go of the queues. */
    public synchronized void stop() {
        if (!started) {
            return;
        }
        started = false;
        rxQueues.clear();
        txQueues.clear();
        check(Dpdk.rte_eth_dev_stop(port), "rte_eth_dev_stop", "end the process");
    }

    /** Stops and gives the device back. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        stop();
        closed = true;
        check(Dpdk.rte_eth_dev_close(port), "rte_eth_dev_close", "end the process");
        Devices.detach(device, name);
        eal.detached(this);
    }

    /** A receive queue of the started port. */
    public synchronized RxQueue rxQueue(int index) {
        requireStarted();
        return rxQueues.get(index);
    }

    /** A transmit queue of the started port. */
    public synchronized TxQueue txQueue(int index) {
        requireStarted();
        return txQueues.get(index);
    }

    private synchronized void requireStarted() {
        if (!started) {
            throw new IllegalStateException("Port '" + device + "' is not started");
        }
    }

    /** Its MAC address: 48 bits, the first octet in bits 47 to 40. */
    public long macAddress() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocate(MAC_BYTES);
            check(Dpdk.rte_eth_macaddr_get(port, octets), "rte_eth_macaddr_get", "see the reason");
            long mac = 0;
            for (int i = 0; i < MAC_BYTES; i++) {
                mac = mac << 8 | (octets.get(ValueLayout.JAVA_BYTE, i) & 0xff);
            }
            return mac;
        }
    }

    /** Sets {@link #macAddress}. */
    public void setMacAddress(long mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octets = arena.allocate(MAC_BYTES);
            for (int i = 0; i < MAC_BYTES; i++) {
                octets.set(ValueLayout.JAVA_BYTE, i, (byte) (mac >>> (40 - 8 * i)));
            }
            check(
                    Dpdk.rte_eth_dev_default_mac_addr_set(port, octets),
                    "rte_eth_dev_default_mac_addr_set",
                    "this port keeps the address that it has");
        }
    }

    /** Bytes of the largest IP packet. */
    public int mtu() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mtu = arena.allocate(ValueLayout.JAVA_SHORT);
            check(Dpdk.rte_eth_dev_get_mtu(port, mtu), "rte_eth_dev_get_mtu", "see the reason");
            return Short.toUnsignedInt(mtu.get(ValueLayout.JAVA_SHORT, 0));
        }
    }

    /** Sets {@link #mtu}; some drivers want the port stopped. */
    public void setMtu(int bytes) {
        check(
                Dpdk.rte_eth_dev_set_mtu(port, (short) bytes),
                "rte_eth_dev_set_mtu to " + bytes,
                "this port takes "
                        + capabilities.minMtu()
                        + " to "
                        + capabilities.maxMtu()
                        + ", some drivers only while stopped");
    }

    /** Its own counters. */
    public PortStatistics statistics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stats = arena.allocate(Layouts.STATS_SIZE(), 8);
            check(Dpdk.rte_eth_stats_get(port, stats), "rte_eth_stats_get", "see the reason");
            return PortStatistics.of(stats.address());
        }
    }

    /** Sets its counters to 0, where the driver can. */
    public void resetStatistics() {
        check(Dpdk.rte_eth_stats_reset(port), "rte_eth_stats_reset", "this port cannot do so");
    }

    /** The link's state, without waiting. */
    public LinkStatus linkStatus() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocate(Layouts.LINK_SIZE(), 8);
            check(
                    Dpdk.rte_eth_link_get_nowait(port, link),
                    "rte_eth_link_get_nowait",
                    "see the reason");
            return LinkStatus.of(link.address());
        }
    }

    /** Whether it takes frames for any MAC address. */
    public boolean promiscuous() {
        return Dpdk.rte_eth_promiscuous_get(port) == 1;
    }

    /** Sets {@link #promiscuous}. */
    public void setPromiscuous(boolean on) {
        check(
                on ? Dpdk.rte_eth_promiscuous_enable(port) : Dpdk.rte_eth_promiscuous_disable(port),
                "rte_eth_promiscuous_" + (on ? "enable" : "disable"),
                "this port cannot do so");
    }

    /** Whether it takes all multicast frames. */
    public boolean allMulticast() {
        return Dpdk.rte_eth_allmulticast_get(port) == 1;
    }

    /** Sets {@link #allMulticast}. */
    public void setAllMulticast(boolean on) {
        check(
                on
                        ? Dpdk.rte_eth_allmulticast_enable(port)
                        : Dpdk.rte_eth_allmulticast_disable(port),
                "rte_eth_allmulticast_" + (on ? "enable" : "disable"),
                "this port cannot do so");
    }

    /** The RSS hash key; the port must have one ({@link PortCapabilities#hashKeyBytes}). */
    public byte[] rssKey() {
        return RssTable.key(this, eal.layout());
    }

    /** Sets {@link #rssKey}. */
    public void setRssKey(byte[] key) {
        RssTable.setKey(this, eal.layout(), key);
    }

    /** The queue of each entry of the redirection table; the port must have one. */
    public int[] redirectionTable() {
        return RssTable.entries(this);
    }

    /** Sets {@link #redirectionTable}, all entries of it. */
    public void setRedirectionTable(int[] queueOfEntry) {
        RssTable.setEntries(this, queueOfEntry);
    }

    /**
     * Asks whether the port would take a flow rule; it must be started.
     *
     * @throws DpdkException with the driver's reason, when it would not
     */
    public void validateFlowRule(FlowRule rule) {
        requireStarted();
        FlowCalls.validate(this, rule);
    }

    /**
     * Makes a flow rule. That a driver takes one does not mean that it carries out all of it.
     *
     * @return what {@link #destroyFlowRule} takes
     * @throws DpdkException with the driver's reason
     */
    public long createFlowRule(FlowRule rule) {
        requireStarted();
        return FlowCalls.create(this, rule);
    }

    /** Ends a flow rule, once. */
    public void destroyFlowRule(long flow) {
        FlowCalls.destroy(this, flow);
    }

    short id() {
        return port;
    }

    private MemorySegment info(Arena arena) {
        MemorySegment info = arena.allocate(2L * Layouts.DEV_INFO_SIZE(), 8);
        check(Dpdk.rte_eth_dev_info_get(port, info), "rte_eth_dev_info_get", "see the reason");
        return info;
    }

    /** What DPDK logged since this was last asked. */
    String drainLog() {
        return eal.log().drain();
    }

    /** Passes on a return code that is not negative; else names the port and what DPDK logged. */
    int check(int returned, String call, String advice) {
        if (returned < 0) {
            throw Errno.failure(
                    call + " of port '" + device + "'",
                    -returned,
                    DpdkLog.reason(eal.log().drain()),
                    advice);
        }
        return returned;
    }

    @Override
    public String toString() {
        return name + " (" + device + ")";
    }
}
