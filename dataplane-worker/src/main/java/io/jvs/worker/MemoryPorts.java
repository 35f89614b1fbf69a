package io.jvs.worker;

import io.jvs.dpdk.FlowRule;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import io.jvs.port.MemoryAdapter;
import io.jvs.port.MemoryBuffers;
import io.jvs.port.ModelFlowRules;
import io.jvs.port.PacketPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports in memory, for {@link MemoryDataplane}: model adapters with a queue for each worker. Where
 * all devices are {@value #RSS} they spread flows by a known hash, else by one that nobody knows;
 * {@value #SCATTER} spreads packets in turns, so that most come to the wrong worker, and {@value
 * #FLOW} does so with what no flow rule of the director's is for. It may be given how many rules it
 * has room for, "memory:flow=5", or "memory:flow=ignored": rules are taken, and that's it.
 */
final class MemoryPorts implements HostPorts {
    /** The device whose hash is known. */
    static final String RSS = "memory:rss";

    /** The device that spreads packets, not flows. */
    static final String SCATTER = "memory:scatter";

    /** The device that carries out flow rules. */
    static final String FLOW = "memory:flow";

    private static final int BUFFERS = 2048;
    private static final int DEFAULT_MTU = 1500;
    private static final int ENTRIES = 128;

    /** Locally administered, with "jvs" in it; the port's number is the last byte. */
    private static final long FIRST_MAC = 0x02_6A_76_73_00_01L;

    private final DataplaneSpec spec;
    private final MemoryBuffers buffers;
    private final List<MemoryAdapter> adapters = new ArrayList<>();
    private final FlowSteering steering;
    private final int[] peers;
    private final List<@Nullable ModelFlowRules> models = new ArrayList<>();
    private final FlowRules flowRules;
    private int scattered;

    MemoryPorts(DataplaneSpec spec) {
        this.spec = spec;
        this.buffers = new MemoryBuffers(BUFFERS * spec.workers());
        this.peers = new int[spec.ports().size() * 2];
        Toeplitz toeplitz = isRss(spec) ? Toeplitz.random(ENTRIES, new SplittableRandom(1)) : null;
        this.steering = steering(spec.workers(), toeplitz);
        Arrays.fill(peers, -1);
        for (PortSpec port : spec.ports()) {
            add(port.device(), toeplitz);
        }
        this.flowRules = new FlowRules(askForRules());
        for (int i = 0; i < spec.ports().size(); i++) {
            if (!spec.ports().get(i).exceptionInterface().isEmpty()) {
                peers[i] = adapters.size();
                peers[adapters.size()] = i;
                add("memory", null);
            }
        }
    }

    private List<@Nullable PortFlowRules> askForRules() {
        List<@Nullable PortFlowRules> rules = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            ModelFlowRules model = models.get(i);
            boolean ask = model != null && spec.workers() > 1;
            rules.add(
                    ask
                            ? new PortFlowRules(
                                    new ModelFlowRuleTable(model),
                                    steering.portBlocks(),
                                    spec.ports().get(i).tags())
                            : null);
        }
        return rules;
    }

    /** The model's side of flow rules. */
    private record ModelFlowRuleTable(ModelFlowRules model) implements FlowRuleTable {
        @Override
        public long create(FlowRule rule) throws FlowRuleException {
            long made = model.create(rule);
            if (made == 0) {
                throw new FlowRuleException("no room for more flow rules.");
            }
            return made;
        }

        @Override
        public void destroy(long rule) throws FlowRuleException {
            if (!model.destroy(rule)) {
                throw new FlowRuleException("flow rule " + rule + " is none.");
            }
        }
    }

    private static boolean isRss(DataplaneSpec spec) {
        return spec.workers() > 1
                && spec.ports().stream().allMatch(port -> port.device().equals(RSS));
    }

    private static FlowSteering steering(int workers, @Nullable Toeplitz toeplitz) {
        if (toeplitz == null) {
            return FlowSteering.byPort(workers);
        }
        int[] table = new int[ENTRIES];
        Arrays.setAll(table, entry -> entry % workers);
        return FlowSteering.byRss(workers, toeplitz, table, FlowSteering.HASHED_TCP_UDP);
    }

    private void add(String device, @Nullable Toeplitz toeplitz) {
        int number = adapters.size();
        ModelFlowRules model = device.startsWith(FLOW) ? model(device) : null;
        models.add(model);
        adapters.add(
                model == null
                        ? new MemoryAdapter(number, buffers, steering, toeplitz)
                        : new MemoryAdapter(number, buffers, steering, model));
    }

    private static ModelFlowRules model(String device) {
        String option = device.substring(Math.min(device.length(), FLOW.length() + 1));
        boolean ignored = option.equals("ignored");
        boolean boundless = ignored || option.isEmpty();
        return new ModelFlowRules(
                boundless ? Integer.MAX_VALUE : Integer.parseInt(option), ignored);
    }

    /** The flow rules that a port of the specification has; empty where it knows none. */
    List<FlowRule> rules(int port) {
        ModelFlowRules model = models.get(port);
        return model == null ? List.of() : model.rules();
    }

    /** Lets a frame arrive; false when there is no room for it. */
    boolean inject(int port, byte[] frame) {
        if (port < spec.ports().size() && spec.ports().get(port).device().equals(SCATTER)) {
            scattered = (scattered + 1) % spec.workers();
            return inject(port, scattered, frame);
        }
        return adapters.get(port).inject(frame);
    }

    /** Lets a frame arrive on a queue of the caller's choice; false: no room. */
    boolean inject(int port, int queue, byte[] frame) {
        return adapters.get(port).inject(queue, frame);
    }

    /** The next frame that a port has sent, or an empty array. */
    byte[] takeSent(int port) {
        return adapters.get(port).takeSent();
    }

    int buffersInUse() {
        return buffers.capacity() - buffers.available();
    }

    @Override
    public List<PortView> views() {
        List<PortView> views = new ArrayList<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            PortSpec port = spec.ports().get(i);
            int mtu = port.mtu() == 0 ? DEFAULT_MTU : port.mtu();
            views.add(
                    new PortView(
                            port.name(),
                            port.device(),
                            "memory",
                            FIRST_MAC + i,
                            mtu,
                            true,
                            Steering.of(steering)));
        }
        return views;
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
    public FlowSteering steering() {
        return steering;
    }

    @Override
    public boolean isSteady() {
        return steering.isComputable();
    }

    @Override
    public WorkerPorts enter(int worker, WorkerGroup group) {
        List<PacketPort> own = new ArrayList<>();
        for (MemoryAdapter adapter : adapters) {
            own.add(adapter.queue(worker));
        }
        return new WorkerPorts(List.copyOf(own), buffers, () -> {});
    }

    @Override
    public void close() {
        flowRules.close();
        buffers.close();
    }
}
