package io.jvs.worker;

import io.jvs.dpdk.CpuSet;
import io.jvs.dpdk.DeviceArgument;
import io.jvs.dpdk.DpdkException;
import io.jvs.dpdk.DpdkLogLevel;
import io.jvs.dpdk.Eal;
import io.jvs.dpdk.EalSpec;
import io.jvs.dpdk.EthPort;
import io.jvs.dpdk.HostInterface;
import io.jvs.dpdk.HugepageMode;
import io.jvs.dpdk.LcoreThread;
import io.jvs.dpdk.MbufPool;
import io.jvs.dpdk.MbufPoolSpec;
import io.jvs.packet.FlowSteering;
import io.jvs.port.DpdkBuffers;
import io.jvs.port.DpdkPort;
import io.jvs.port.PacketPort;
import io.jvs.port.RemotePort;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Ports that DPDK drives. */
final class DpdkPorts implements HostPorts {
    private static final int MBUF_DATA_BYTES = 2176;

    private static final int MOST_MBUFS = 1 << 20;

    /** Buffers that a worker's receive and transmit queue of a NIC may hold, and some to work. */
    private static final int QUEUE_MBUFS = 2 * 1024 + 512;

    private static final Set<DeviceArgument.Kind> HOLDING =
            EnumSet.of(DeviceArgument.Kind.PCI, DeviceArgument.Kind.AF_XDP);

    private final DataplaneSpec spec;
    private final Eal eal;
    private final MbufPool pool;
    private final List<StartedPort> ports = new ArrayList<>();
    private final int[] peers;
    private RssSetup.Result steering;
    private FlowRules flowRules = FlowRules.none();

    private DpdkPorts(DataplaneSpec spec, Eal eal, MbufPool pool) {
        this.spec = spec;
        this.eal = eal;
        this.pool = pool;
        this.steering = new RssSetup.Result(FlowSteering.byPort(spec.workers()), List.of());
        this.peers = new int[spec.ports().size() * 2];
        Arrays.fill(peers, -1);
    }

    /** Starts DPDK and all ports; nothing stays open when one of them fails. */
    static DpdkPorts open(DataplaneSpec spec) throws DataplaneException {
        Eal eal = null;
        try {
            List<DeviceArgument> devices = new ArrayList<>();
            for (PortSpec port : spec.ports()) {
                devices.add(DeviceArgument.parse(port.device()));
            }
            checkMemory(spec, devices);
            eal = Eal.start(ealSpec(spec, devices));
            MbufPool pool = eal.createMbufPool(MbufPoolSpec.of("jvs", mbufs(spec)));
            DpdkPorts opened = new DpdkPorts(spec, eal, pool);
            opened.attachAll(devices);
            return opened;
        } catch (DpdkException | IllegalArgumentException e) {
            if (eal != null) {
                eal.close();
            }
            throw new DataplaneException(String.valueOf(e.getMessage()), e);
        }
    }

    private static EalSpec ealSpec(DataplaneSpec spec, List<DeviceArgument> devices) {
        List<DeviceArgument> pci =
                devices.stream().filter(d -> d.kind() == DeviceArgument.Kind.PCI).toList();
        HugepageMode mode =
                switch (spec.memory()) {
                    case "hugepages" -> HugepageMode.IN_MEMORY;
                    case "no-huge" -> HugepageMode.NO_HUGE;
                    default -> HugepageMode.AUTO;
                };
        return new EalSpec(
                spec.filePrefix(),
                mode,
                spec.memoryMegabytes(),
                pci,
                List.of(),
                DpdkLogLevel.NOTICE);
    }

    /** Half of the memory for buffers, the rest for rings, mappings and the pool's own needs. */
    private static int mbufs(DataplaneSpec spec) {
        long bytes = spec.memoryMegabytes() * 1024L * 1024L / 2;
        long wanted = Math.max(4096, bytes / (MBUF_DATA_BYTES + 256));
        return (int) Math.min(wanted, MOST_MBUFS) - 1;
    }

    /** The queues of NICs and AF_XDP hold buffers all the time, so each worker needs its own. */
    private static void checkMemory(DataplaneSpec spec, List<DeviceArgument> devices)
            throws DataplaneException {
        long holding = devices.stream().filter(d -> HOLDING.contains(d.kind())).count();
        long held = holding * spec.workers() * QUEUE_MBUFS;
        if (mbufs(spec) < held) {
            throw new DataplaneException(
                    "memory_megabytes is "
                            + spec.memoryMegabytes()
                            + ": the queues of "
                            + spec.workers()
                            + " workers need at least "
                            + (2 * (held + 1) * (MBUF_DATA_BYTES + 256) / (1 << 20) + 1));
        }
    }

    private void attachAll(List<DeviceArgument> devices) {
        for (int i = 0; i < devices.size(); i++) {
            StartedPort port = startPort(devices.get(i), spec.ports().get(i));
            ports.add(port);
            if (devices.get(i).kind() == DeviceArgument.Kind.TAP) {
                HostInterface.separate(devices.get(i).target(), port.first().macAddress());
            }
        }
        List<EthPort> first = ports.stream().map(StartedPort::first).toList();
        steering = RssSetup.run(spec.workers(), first, random());
        flowRules = new FlowRules(askForRules());
        for (int i = 0; i < devices.size(); i++) {
            String host = spec.ports().get(i).exceptionInterface();
            if (!host.isEmpty()) {
                attachHost(i, host);
            }
        }
    }

    /**
     * Ports without an RSS that can be set are asked for flow rules. Where another port has one,
     * its hash says whose the local ports are, which no rule could express.
     */
    private List<@Nullable PortFlowRules> askForRules() {
        List<@Nullable PortFlowRules> rules = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            boolean ask =
                    spec.workers() > 1
                            && ports.get(i).devices() == 1
                            && ports.get(i).queues() == spec.workers()
                            && !steering.flows().isComputable();
            rules.add(ask ? askForRules(i) : null);
        }
        return rules;
    }

    private PortFlowRules askForRules(int port) {
        return new PortFlowRules(
                new DpdkFlowRuleTable(ports.get(port).first()),
                steering.flows().portBlocks(),
                spec.ports().get(port).tags());
    }

    private void attachHost(int port, String host) {
        String mac = macText(ports.get(port).first().macAddress());
        DeviceArgument device = DeviceArgument.parse("tap:" + host + ",mac=" + mac);
        peers[port] = ports.size();
        peers[ports.size()] = port;
        ports.add(startPort(device, spec.ports().get(port)));
    }

    /** An RSS key that is known lets anybody aim at one queue. */
    private RandomGenerator random() {
        return spec.seed() == 0 ? new SecureRandom() : new Random(spec.seed());
    }

    /** A port of the specification. */
    EthPort ethPort(int number) {
        return ports.get(number).first();
    }

    private StartedPort startPort(DeviceArgument device, PortSpec portSpec) {
        return StartedPort.start(eal, pool, device, portSpec, spec.workers());
    }

    static String macText(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(String.format("%02x", mac >>> shift & 0xFF)).append(shift == 0 ? "" : ":");
        }
        return text.toString();
    }

    @Override
    public List<PortView> views() {
        List<PortView> views = new ArrayList<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            EthPort port = ports.get(i).first();
            PortSpec portSpec = spec.ports().get(i);
            views.add(
                    new PortView(
                            portSpec.name(),
                            portSpec.device(),
                            port.capabilities().driver(),
                            port.macAddress(),
                            portSpec.mtu() == 0 ? port.mtu() : portSpec.mtu(),
                            port.linkStatus().up(),
                            steering.ofPort().get(i)));
        }
        return views;
    }

    @Override
    public FlowSteering steering() {
        return steering.flows();
    }

    @Override
    public FlowRules flowRules() {
        return flowRules;
    }

    @Override
    public int[] peers() {
        return peers.clone();
    }

    @Override
    public boolean isSteady() {
        return ports.stream().allMatch(StartedPort::isSteady);
    }

    @Override
    public WorkerPorts enter(int worker, WorkerGroup group) {
        LcoreThread lcore = LcoreThread.register(cpus(worker));
        PacketPort[] own = new PacketPort[ports.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = portOf(i, worker, group);
        }
        Runnable leave =
                () -> {
                    for (PacketPort port : own) {
                        if (port instanceof DpdkPort queue) {
                            queue.close();
                        }
                    }
                    lcore.close();
                };
        return new WorkerPorts(List.of(own), new DpdkBuffers(pool.allocator()), leave);
    }

    private PacketPort portOf(int number, int worker, WorkerGroup group) {
        StartedPort port = ports.get(number);
        int count = port.queues();
        int queue = QueuePlan.queueOf(worker, number, count, spec.workers());
        if (queue == QueuePlan.NONE) {
            int sender = QueuePlan.senderFor(worker, number, count, spec.workers());
            return new RemotePort(number, group.ring(worker, sender));
        }
        return port.queue(number, queue);
    }

    /** The configured CPU, else an isolated one, else the last ones of those allowed. */
    private CpuSet cpus(int worker) {
        if (!spec.workerCpus().isEmpty()) {
            return CpuSet.of(spec.workerCpus().get(worker));
        }
        int[] isolated = CpuSet.isolated().cpus();
        int[] allowed = isolated.length > 0 ? isolated : CpuSet.allowed().cpus();
        return CpuSet.of(allowed[allowed.length - 1 - worker % allowed.length]);
    }

    /** Packet buffers in use. */
    int buffersInUse() {
        return pool.inUseCount();
    }

    @Override
    public void close() {
        flowRules.close();
        eal.close();
    }
}
