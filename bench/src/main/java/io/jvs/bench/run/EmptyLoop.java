package io.jvs.bench.run;

import io.jvs.dpdk.CpuSet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.HdrHistogram.Histogram;

/**
 * A loop on the worker's core that does nothing but read the clock: what the machine itself takes
 * away. Prints one RESULT line, with gaps as {@link DirectorUnderTest} has them between polls.
 */
final class EmptyLoop {
    private static final long MOST_NS = 60_000_000_000L;
    private static final int TURNS = 100_000;

    private EmptyLoop() {}

    static void run(Timing timing) {
        CpuSet.of(timing.cpu()).pinCurrentThread();
        loop(new Histogram(1, MOST_NS, 3), timing.warmup());
        Histogram gaps = new Histogram(1, MOST_NS, 3);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        loop(gaps, timing.seconds());
        double elapsed = System.nanoTime() - start;
        double used = threads.getCurrentThreadCpuTime() - cpu;
        long turns = gaps.getTotalCount();
        Extras extras = new Extras();
        extras.put("gap", gaps);
        System.out.printf(
                "RESULT ns=%.3f cpu_ns=%.3f packets=%d forwarded=%d dropped=0%s%n",
                elapsed / turns, used / turns, turns, turns, extras);
    }

    private static void loop(Histogram gaps, double seconds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + (long) (seconds * 1e9);
        while (threads.getCurrentThreadCpuTime() < end) {
            turn(gaps);
        }
    }

    private static void turn(Histogram gaps) {
        long last = System.nanoTime();
        for (int i = 0; i < TURNS; i++) {
            long now = System.nanoTime();
            gaps.recordValue(Math.min(now - last, MOST_NS));
            last = now;
        }
    }
}
