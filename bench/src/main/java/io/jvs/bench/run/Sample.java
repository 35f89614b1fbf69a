package io.jvs.bench.run;

import io.jvs.worker.Dataplane;
import io.jvs.worker.PortCounter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/**
 * The state of a running data plane with one worker.
 *
 * @param timeNs monotonic clock
 * @param cpuNs processor time of the worker's thread
 * @param packets received by its first port
 * @param allocatedBytes allocated by its thread
 */
record Sample(long timeNs, long cpuNs, long packets, long allocatedBytes) {
    private static final String WORKER = "jvs-worker-0";

    /**
     * Takes one.
     *
     * @param thread as {@link #workerThread} gives it
     */
    static Sample take(Dataplane dataplane, long thread) {
        long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
        long allocated = dataplane.workers().getFirst().allocatedBytes();
        long packets = dataplane.counters().port(0, PortCounter.RECEIVED_PACKETS);
        return new Sample(System.nanoTime(), cpu, packets, allocated);
    }

    /** The id of the worker's thread. */
    static long workerThread() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().equals(WORKER)) {
                return info.getThreadId();
            }
        }
        throw new IllegalStateException("there is no thread " + WORKER);
    }

    /** Time a packet since {@code before}. */
    double ns(Sample before) {
        return (double) (timeNs - before.timeNs) / (packets - before.packets);
    }

    /** Processor time a packet since {@code before}. */
    double cpuNs(Sample before) {
        return (double) (cpuNs - before.cpuNs) / (packets - before.packets);
    }
}
