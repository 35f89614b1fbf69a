package io.jvs.worker;

import io.jvs.dpdk.FlowRule;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * A data plane without DPDK and without time of its own: whoever holds it puts frames in, moves the
 * clock and takes frames out. The workers and their pipelines are the real ones, but take turns on
 * the caller's thread, so that the same calls always have the same outcome. Used by tests and by
 * replays; calls may come from several threads and are serialised.
 */
public final class MemoryDataplane implements Dataplane {
    /** The longest step of the clock, so that what expires does so in order. */
    private static final long STEP_NS = 250_000_000L;

    private final MemoryPorts hostPorts;
    private final List<WorkerCounters> counters;
    private final WorkerGroup group;
    private final List<WorkerState> states = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<WorkerProxy> proxies = new ArrayList<>();
    private long nowNs;

    private MemoryDataplane(DataplaneSpec spec, long startNs) {
        hostPorts = new MemoryPorts(spec);
        counters = Stream.generate(WorkerCounters::new).limit(spec.workers()).toList();
        RandomGenerator secrets = spec.seed() == 0 ? new SecureRandom() : new Random(spec.seed());
        group = new WorkerGroup(counters, spec.seed(), hostPorts.isSteady(), secrets);
        nowNs = startNs;
        for (int i = 0; i < spec.workers(); i++) {
            openWorker(i, spec);
        }
    }

    private void openWorker(int number, DataplaneSpec spec) {
        var commands = new MpscVarHandleArrayQueue<WorkerCommand>(WorkerProxy.QUEUE);
        HostPorts.WorkerPorts ports = hostPorts.enter(number, group);
        int nowTicks = (int) (nowNs / Worker.TICK_NS);
        WorkerState state = WorkerState.open(spec, number, group, hostPorts, ports, nowTicks);
        states.add(state);
        workers.add(new Worker(state, ports.ports(), commands));
        proxies.add(new WorkerProxy(commands, counters.get(number)));
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

    /** As {@link #inject(int, byte[])}, on a queue of the caller's choice: that of a worker. */
    public synchronized void inject(int port, int queue, byte[] frame) {
        enqueue(port, queue, frame);
        settle();
    }

    /** Puts a frame into a queue without running the workers. */
    public synchronized void enqueue(int port, int queue, byte[] frame) {
        if (!hostPorts.inject(port, queue, frame)) {
            throw new IllegalStateException("queue " + queue + " of port " + port + " is full");
        }
    }

    /** Puts a frame in without running the workers, so that several make one burst. */
    public synchronized void enqueue(int port, byte[] frame) {
        if (!hostPorts.inject(port, frame)) {
            throw new IllegalStateException("port " + port + " is full");
        }
    }

    /** The next frame that was sent by a port, or an empty array. */
    public synchronized byte[] takeSent(int port) {
        return hostPorts.takeSent(port);
    }

    /** Runs the workers in turns until none finds anything more to do. */
    public synchronized void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Worker worker : workers) {
                busy |= worker.doWork(nowNs) > 0;
            }
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

    /** What its workers own. */
    List<WorkerState> states() {
        return states;
    }

    /** The flow rules that a port of the specification has just now. */
    synchronized List<FlowRule> flowRules(int port) {
        return hostPorts.rules(port);
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
        hostPorts.flowRules().prepare(generation, changes);
        proxies.forEach(proxy -> proxy.apply(generation, changes, applied));
        settle();
        if (proxies.stream().allMatch(proxy -> proxy.hasApplied(generation))) {
            hostPorts.flowRules().applied(generation);
            applied.complete(generation);
        }
        return applied;
    }

    @Override
    public CountersView counters() {
        return new SummedCounters(counters);
    }

    @Override
    public synchronized CompletableFuture<List<ConnectionView>> connections(int limit) {
        CompletableFuture<List<ConnectionView>> result = WorkerProxy.connections(proxies, limit);
        settle();
        return result;
    }

    @Override
    public synchronized CompletableFuture<List<LocalPortView>> localPorts(int limit) {
        CompletableFuture<List<LocalPortView>> result = LocalPortView.gather(proxies, limit);
        settle();
        return result;
    }

    @Override
    public List<PortView> ports() {
        return hostPorts.flowRules().refresh(hostPorts.views());
    }

    @Override
    public List<WorkerView> workers() {
        List<WorkerView> all = new ArrayList<>();
        for (int i = 0; i < counters.size(); i++) {
            all.add(WorkerView.of(i, counters.get(i), 0));
        }
        return all;
    }

    @Override
    public synchronized void close() {
        states.forEach(WorkerState::close);
        group.close();
        hostPorts.close();
    }
}
