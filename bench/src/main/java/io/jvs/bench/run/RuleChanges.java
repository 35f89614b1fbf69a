package io.jvs.bench.run;

import io.jvs.worker.Dataplane;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Changes a rule a hundred times a second on a thread of its own, until it is closed. */
final class RuleChanges implements AutoCloseable {
    private static final long PERIOD_NS = 10_000_000;
    private static final long MOST_NS = 60_000_000_000L;

    private final Dataplane dataplane;
    private final DirectorSetup setup;
    private final Histogram appliedNs = new Histogram(1, MOST_NS, 3);
    private final Thread thread = new Thread(this::run, "bench-changes");
    private volatile boolean closed;

    RuleChanges(Dataplane dataplane, DirectorSetup setup) {
        this.dataplane = dataplane;
        this.setup = setup;
        thread.start();
    }

    private void run() {
        long generation = 2;
        long next = System.nanoTime();
        while (!closed) {
            long start = System.nanoTime();
            try {
                dataplane
                        .apply(generation, List.of(setup.change(1 + (int) (generation & 1))))
                        .get(1, TimeUnit.MINUTES);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException("generation " + generation + " is not applied", e);
            }
            appliedNs.recordValue(Math.min(System.nanoTime() - start, MOST_NS));
            generation++;
            next += PERIOD_NS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** From the call until every worker has applied it; after {@link #close}. */
    Histogram appliedNs() {
        return appliedNs;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
