package io.jvs.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * A data plane without DPDK and without time of its own: whoever holds it puts frames in, moves the
 * clock and takes frames out. The worker and its pipeline are the real ones. Used by tests and by
 * replays; calls may come from several threads and are serialised.
 */
public final class MemoryDataplane implements Dataplane {
    /** The longest step of the clock, so that what expires does so in order. */
    private static final long STEP_NS = 250_000_000L;

    private final MemoryPorts hostPorts;
    private final WorkerCounters counters = new WorkerCounters();
    private final MpscVarHandleArrayQueue<WorkerCommand> commands =
            new MpscVarHandleArrayQueue<>(WorkerProxy.QUEUE);
    private final WorkerProxy proxy = new WorkerProxy(commands, counters);
    private final WorkerState state;
    private final Worker worker;
    private long nowNs;

    private MemoryDataplane(DataplaneSpec spec, long startNs) {
        hostPorts = new MemoryPorts(spec);
        HostPorts.WorkerPorts ports = hostPorts.enter(0);
        state =
                WorkerState.open(
                        spec, 0, hostPorts, ports, counters, (int) (startNs / Worker.TICK_NS));
        worker = new Worker(state, ports.ports(), commands);
        nowNs = startNs;
    }

    /**
     * Opens it; the ports' devices are not looked at.
     *
     * @param startNs what the clock shows at first
     */
    public static MemoryDataplane open(DataplaneSpec spec, long startNs) {
        return new MemoryDataplane(spec, startNs);
    }

    /**
     * Lets a frame arrive and everything that follows from it happen.
     *
     * @param port number of the port; host ports come after those of the specification
     */
    public synchronized void inject(int port, byte[] frame) {
        if (!hostPorts.inject(port, frame)) {
            throw new IllegalStateException(
                    "port " + port + " cannot take a frame of " + frame.length + " bytes");
        }
        settle();
    }

    /** Puts a frame in without running the worker, so that several make one burst. */
    public synchronized void enqueue(int port, byte[] frame) {
        if (!hostPorts.inject(port, frame)) {
            throw new IllegalStateException("port " + port + " is full");
        }
    }

    /** The next frame that was sent by a port, or an empty array. */
    public synchronized byte[] takeSent(int port) {
        return hostPorts.takeSent(port);
    }

    /** Runs the worker until it finds nothing more to do. */
    public synchronized void settle() {
        while (worker.doWork(nowNs) > 0) {
            // again: one cycle may leave work for the next
        }
    }

    /** Moves the clock on, in steps. */
    public synchronized void advance(long byNs) {
        long until = nowNs + byNs;
        while (nowNs < until) {
            nowNs = Math.min(until, nowNs + STEP_NS);
            settle();
        }
    }

    /** What the clock shows. */
    public synchronized long nowNs() {
        return nowNs;
    }

    /** Packet buffers that are neither free nor waiting to be taken. */
    public synchronized int buffersInUse() {
        return hostPorts.buffersInUse();
    }

    @Override
    public void start() {}

    @Override
    public CompletableFuture<Void> finished() {
        return new CompletableFuture<>();
    }

    @Override
    public synchronized CompletableFuture<Long> apply(long generation, List<Change> changes) {
        CompletableFuture<Long> applied = new CompletableFuture<>();
        proxy.apply(generation, changes, applied);
        settle();
        if (proxy.hasApplied(generation)) {
            applied.complete(generation);
        }
        return applied;
    }

    @Override
    public CountersView counters() {
        return new SummedCounters(List.of(counters));
    }

    @Override
    public synchronized CompletableFuture<List<ConnectionView>> connections(int limit) {
        CompletableFuture<List<ConnectionView>> result = proxy.connections(limit);
        settle();
        return result;
    }

    @Override
    public synchronized CompletableFuture<List<LocalPortView>> localPorts(int limit) {
        CompletableFuture<List<LocalPortView>> result = LocalPortView.gather(List.of(proxy), limit);
        settle();
        return result;
    }

    @Override
    public List<PortView> ports() {
        return hostPorts.views();
    }

    @Override
    public List<WorkerView> workers() {
        return List.of(
                new WorkerView(
                        0, counters.cycles(), counters.busyCycles(), counters.generation(), 0));
    }

    @Override
    public synchronized void close() {
        state.close();
        hostPorts.close();
    }
}
