package io.jvs.worker;

import java.util.concurrent.locks.LockSupport;

/**
 * What a worker does when it finds nothing: spins for a while, then sleeps a little longer each
 * time, so that an idle director leaves the CPU to others. The first packet after a pause waits for
 * one sleep at most.
 */
final class IdleStrategy {
    private static final int SPINS = 2_000;
    private static final long FIRST_SLEEP_NS = 1_000;
    private static final long LONGEST_SLEEP_NS = 100_000;

    private final boolean busyPoll;
    private int idleCycles;
    private long sleepNs = FIRST_SLEEP_NS;

    IdleStrategy(boolean busyPoll) {
        this.busyPoll = busyPoll;
    }

    /** Called after each cycle with the number of packets that it found. */
    void idle(int workCount) {
        if (workCount > 0 || busyPoll) {
            idleCycles = 0;
            sleepNs = FIRST_SLEEP_NS;
        } else if (idleCycles < SPINS) {
            idleCycles++;
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(sleepNs);
            sleepNs = Math.min(sleepNs * 2, LONGEST_SLEEP_NS);
        }
    }
}
