package io.jvs.bench.run;

import io.jvs.worker.Dataplane;
import io.jvs.worker.WorkerView;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The state of a running data plane.
 *
 * @param timeNs monotonic clock
 * @param workers each worker's share
 */
record Sample(long timeNs, List<Share> workers) {
    private static final String WORKER = "jvs-worker-";

    /**
     * One worker.
     *
     * @param cpuNs processor time of its thread
     * @param packets that it received
     * @param allocatedBytes that its thread allocated
     */
    record Share(long cpuNs, long packets, long allocatedBytes) {}

    /**
     * Takes one.
     *
     * @param threads as {@link #workerThreads} gives them
     */
    static Sample take(Dataplane dataplane, List<Long> threads) {
        List<Share> shares = new ArrayList<>();
        for (WorkerView worker : dataplane.workers()) {
            long thread = threads.get(worker.number());
            long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
            shares.add(new Share(cpu, worker.receivedPackets(), worker.allocatedBytes()));
        }
        return new Sample(System.nanoTime(), List.copyOf(shares));
    }

    /** The ids of the workers' threads, by number. */
    static List<Long> workerThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        TreeMap<String, Long> found = new TreeMap<>();
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith(WORKER)) {
                found.put(info.getThreadName(), info.getThreadId());
            }
        }
        return List.copyOf(found.values());
    }

    /** Packets of all workers. */
    long packets() {
        return workers.stream().mapToLong(Share::packets).sum();
    }

    /** Bytes that all workers allocated. */
    long allocatedBytes() {
        return workers.stream().mapToLong(Share::allocatedBytes).sum();
    }

    /** Time a packet since {@code before}, all workers together. */
    double ns(Sample before) {
        return (double) (timeNs - before.timeNs) / (packets() - before.packets());
    }

    /** The least processor time that a worker has had since {@code before}. */
    long leastCpuNs(Sample before) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < workers.size(); i++) {
            least = Math.min(least, workers.get(i).cpuNs - before.workers.get(i).cpuNs);
        }
        return least;
    }

    /**
     * Time a packet since {@code before} if each worker had had its core to itself: from the sum of
     * their rates by processor time.
     */
    double cpuNs(Sample before) {
        double rate = 0;
        for (int i = 0; i < workers.size(); i++) {
            Share now = workers.get(i);
            Share then = before.workers.get(i);
            if (now.cpuNs > then.cpuNs) {
                rate += (double) (now.packets - then.packets) / (now.cpuNs - then.cpuNs);
            }
        }
        return 1 / rate;
    }
}
