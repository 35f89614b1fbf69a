package io.jvs.worker;

import io.jvs.connection.ConnectionProbe;
import io.jvs.connection.ConnectionTable;
import io.jvs.memory.MemoryRegion;
import io.jvs.port.HandoverRing;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one data plane, as they see one another: a ring from each to each, a look into
 * each one's connections, and each one's counters. Filled while the workers open, one after the
 * other; from the first packet on nothing changes. Its memory, and that of the connections, is
 * given back when no worker runs any more, since each may read that of the others.
 */
final class WorkerGroup implements AutoCloseable {
    /** Most workers. */
    static final int MAX_WORKERS = 64;

    private final int workers;
    private final long hashSeed;
    private final long[] secrets;
    private final boolean steady;
    private final WorkerCounters[] counters;
    private final @Nullable MemoryRegion ringMemory;
    private final HandoverRing[] rings;
    private final @Nullable ConnectionProbe[] probes;
    private final List<MemoryRegion> left = new ArrayList<>();

    /**
     * A group whose workers are still to come.
     *
     * @param counters of each worker
     * @param hashSeed secret and random: the key by which all of them hash flows
     * @param steady whether all packets of a client's flow come in at one worker
     */
    WorkerGroup(List<WorkerCounters> counters, long hashSeed, boolean steady) {
        this(counters, hashSeed, steady, new SecureRandom());
    }

    /** With a secret for SYN cookies from that source, for tests that must know it. */
    WorkerGroup(
            List<WorkerCounters> counters,
            long hashSeed,
            boolean steady,
            RandomGenerator secretSource) {
        this.steady = steady;
        this.workers = counters.size();
        this.hashSeed = hashSeed;
        this.secrets = new long[] {secretSource.nextLong(), secretSource.nextLong()};
        this.counters = counters.toArray(new WorkerCounters[0]);
        this.probes = new ConnectionProbe[workers];
        this.rings = new HandoverRing[workers == 1 ? 0 : workers * workers];
        this.ringMemory =
                workers == 1 ? null : MemoryRegion.anonymous(rings.length * HandoverRing.bytes());
        if (ringMemory != null) {
            for (int i = 0; i < rings.length; i++) {
                rings[i] = HandoverRing.in(ringMemory, i);
            }
        }
    }

    /** How many workers there are. */
    int workers() {
        return workers;
    }

    /** The key by which all workers hash flows. */
    long hashSeed() {
        return hashSeed;
    }

    /** Half 0 or 1 of the 128-bit secret that all workers make SYN cookies with. */
    long secret(int half) {
        return secrets[half];
    }

    /**
     * Whether all packets of a client's flow come in at one worker, so that the first one of a flow
     * need not be looked for at the others.
     */
    boolean isSteady() {
        return steady;
    }

    /** A worker's counters. */
    WorkerCounters counters(int worker) {
        return counters[worker];
    }

    /** The counters of all workers but one. */
    WorkerCounters[] others(int worker) {
        WorkerCounters[] others = new WorkerCounters[workers - 1];
        System.arraycopy(counters, 0, others, 0, worker);
        System.arraycopy(counters, worker + 1, others, worker, workers - 1 - worker);
        return others;
    }

    /** The ring from one worker to another; with several workers only. */
    HandoverRing ring(int from, int to) {
        return rings[from * workers + to];
    }

    /** A worker has opened its connection table. */
    void join(int worker, ConnectionTable table) {
        probes[worker] = new ConnectionProbe(table);
    }

    /** The looks into all workers' connections; an entry is null until that worker has opened. */
    @Nullable ConnectionProbe[] probes() {
        return probes;
    }

    /** A worker has ended; others may still look at this memory of it. */
    synchronized void leave(MemoryRegion memory) {
        left.add(memory);
    }

    /** No worker runs any more. */
    @Override
    public synchronized void close() {
        left.forEach(MemoryRegion::close);
        left.clear();
        if (ringMemory != null) {
            ringMemory.close();
        }
    }
}
