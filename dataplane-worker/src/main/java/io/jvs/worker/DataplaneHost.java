package io.jvs.worker;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data plane in this process: its ports, its workers, and the watch over their generations. */
public final class DataplaneHost implements Dataplane {
    private static final long WATCH_NS = 100_000;

    private final HostPorts hostPorts;
    private final List<WorkerThread> threads = new ArrayList<>();
    private final List<WorkerProxy> proxies = new ArrayList<>();
    private final List<WorkerCounters> counters;
    private final WorkerGroup group;
    private final ConcurrentLinkedQueue<Pending> pending = new ConcurrentLinkedQueue<>();
    private final List<PortView> views;
    private final Thread watcher;
    private volatile boolean closed;

    private record Pending(long generation, CompletableFuture<Long> applied) {}

    private DataplaneHost(HostPorts hostPorts, DataplaneSpec spec, RandomGenerator secretSource) {
        this.hostPorts = hostPorts;
        this.counters = Stream.generate(WorkerCounters::new).limit(spec.workers()).toList();
        long hashSeed = new SecureRandom().nextLong();
        this.group = new WorkerGroup(counters, hashSeed, hostPorts.isSteady(), secretSource);
        this.views = hostPorts.views();
        this.watcher = Thread.ofPlatform().daemon().name("jvs-generations").unstarted(this::watch);
    }

    /**
     * Opens ports and makes workers ready.
     *
     * @throws DataplaneException with one sentence that says what to do; nothing stays open
     */
    public static Dataplane open(DataplaneSpec spec) throws DataplaneException {
        return open(spec, PortOverlays.NONE);
    }

    /**
     * As {@link #open(DataplaneSpec)}, with ports over those of the specification.
     *
     * @throws DataplaneException with one sentence that says what to do; nothing stays open
     */
    public static Dataplane open(DataplaneSpec spec, PortOverlays overlays)
            throws DataplaneException {
        return open(spec, overlays, new SecureRandom());
    }

    /** With a secret for SYN cookies from that source, for tests that must know it. */
    static Dataplane open(DataplaneSpec spec, PortOverlays overlays, RandomGenerator secretSource)
            throws DataplaneException {
        check(spec);
        boolean pcap = spec.ports().stream().anyMatch(port -> PcapPorts.names(port.device()));
        HostPorts hostPorts = pcap ? PcapPorts.open(spec) : DpdkPorts.open(spec);
        DataplaneHost host = new DataplaneHost(hostPorts, spec, secretSource);
        try {
            host.openWorkers(spec, overlays);
        } catch (RuntimeException e) {
            host.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DataplaneException("a worker could not start: " + cause.getMessage(), cause);
        }
        return host;
    }

    private static void check(DataplaneSpec spec) throws DataplaneException {
        if (spec.ports().isEmpty()) {
            throw new DataplaneException("no port is configured: name at least one under 'ports'");
        }
        if (spec.workers() < 1 || spec.workers() > WorkerGroup.MAX_WORKERS) {
            throw new DataplaneException(
                    "workers is " + spec.workers() + ": give 1 to " + WorkerGroup.MAX_WORKERS);
        }
        long pcap = spec.ports().stream().filter(p -> PcapPorts.names(p.device())).count();
        if (pcap != 0 && spec.workers() != 1) {
            throw new DataplaneException(
                    "workers is " + spec.workers() + ", and pcap ports are read by 1 worker");
        }
        if (pcap != 0 && pcap != spec.ports().size()) {
            throw new DataplaneException("pcap ports cannot be mixed with others in one director");
        }
        if (!spec.workerCpus().isEmpty() && spec.workerCpus().size() != spec.workers()) {
            throw new DataplaneException(
                    "worker_cpus names "
                            + spec.workerCpus().size()
                            + " CPUs for "
                            + spec.workers()
                            + " workers: name one for each, or none");
        }
    }

    private void openWorkers(DataplaneSpec spec, PortOverlays overlays) {
        for (int i = 0; i < spec.workers(); i++) {
            WorkerThread thread = new WorkerThread(i, spec, hostPorts, group, overlays);
            threads.add(thread);
            proxies.add(thread.proxy());
            thread.open();
        }
        watcher.start();
    }

    @Override
    public void start() {
        threads.forEach(WorkerThread::start);
    }

    @Override
    public CompletableFuture<Void> finished() {
        return CompletableFuture.allOf(
                threads.stream().map(WorkerThread::ended).toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<Long> apply(long generation, List<Change> changes) {
        CompletableFuture<Long> applied = new CompletableFuture<>();
        List<Change> copy = List.copyOf(changes);
        hostPorts.flowRules().prepare(generation, copy);
        proxies.forEach(proxy -> proxy.apply(generation, copy, applied));
        pending.add(new Pending(generation, applied));
        LockSupport.unpark(watcher);
        return applied;
    }

    private void watch() {
        while (!closed) {
            Pending head = pending.peek();
            if (head == null) {
                LockSupport.park();
            } else if (head.applied().isDone()) {
                pending.poll();
            } else if (proxies.stream().allMatch(p -> p.hasApplied(head.generation()))) {
                pending.poll();
                hostPorts.flowRules().applied(head.generation());
                head.applied().complete(head.generation());
            } else if (threads.stream().anyMatch(t -> t.ended().isDone())) {
                pending.poll();
                head.applied()
                        .completeExceptionally(new IllegalStateException("a worker has ended"));
            } else {
                LockSupport.parkNanos(WATCH_NS);
            }
        }
    }

    @Override
    public CountersView counters() {
        return new SummedCounters(counters);
    }

    @Override
    public CompletableFuture<List<ConnectionView>> connections(int limit) {
        return WorkerProxy.connections(proxies, limit);
    }

    @Override
    public CompletableFuture<List<LocalPortView>> localPorts(int limit) {
        return LocalPortView.gather(proxies, limit);
    }

    @Override
    public List<PortView> ports() {
        return hostPorts.flowRules().refresh(views);
    }

    @Override
    public List<WorkerView> workers() {
        List<WorkerView> all = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            all.add(WorkerView.of(i, counters.get(i), allocatedBytes(threads.get(i).threadId())));
        }
        return all;
    }

    private static long allocatedBytes(long threadId) {
        @Nullable Object bean = ManagementFactory.getThreadMXBean();
        return bean instanceof com.sun.management.ThreadMXBean threads
                ? threads.getThreadAllocatedBytes(threadId)
                : -1;
    }

    /** The counters' memory stays mapped: somebody may still read them, and they are small. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
        threads.forEach(WorkerThread::stop);
        group.close();
        hostPorts.close();
        for (Pending left = pending.poll(); left != null; left = pending.poll()) {
            left.applied().cancel(false);
        }
    }
}
