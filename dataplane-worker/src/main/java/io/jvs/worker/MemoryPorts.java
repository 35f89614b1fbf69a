package io.jvs.worker;

import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import io.jvs.port.MemoryAdapter;
import io.jvs.port.MemoryBuffers;
import io.jvs.port.PacketPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports in memory, for {@link MemoryDataplane}: model adapters with a queue for each worker. Where
 * all devices are {@value #RSS} they spread flows by a known hash, else by one that nobody knows;
 * {@value #SCATTER} spreads packets in turns, so that most come to the wrong worker.
 */
final class MemoryPorts implements HostPorts {
    /** The device whose hash is known. */
    static final String RSS = "memory:rss";

    /** The device that spreads packets, not flows. */
    static final String SCATTER = "memory:scatter";

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
    private int scattered;

    MemoryPorts(DataplaneSpec spec) {
        this.spec = spec;
        this.buffers = new MemoryBuffers(BUFFERS * spec.workers());
        this.peers = new int[spec.ports().size() * 2];
        Toeplitz toeplitz = isRss(spec) ? Toeplitz.random(ENTRIES, new SplittableRandom(1)) : null;
        this.steering = steering(spec.workers(), toeplitz);
        Arrays.fill(peers, -1);
        for (int i = 0; i < spec.ports().size(); i++) {
            add(toeplitz);
        }
        for (int i = 0; i < spec.ports().size(); i++) {
            if (!spec.ports().get(i).exceptionInterface().isEmpty()) {
                peers[i] = adapters.size();
                peers[adapters.size()] = i;
                add(null);
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

    private void add(@Nullable Toeplitz toeplitz) {
        adapters.add(new MemoryAdapter(adapters.size(), buffers, steering, toeplitz));
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
        buffers.close();
    }
}
