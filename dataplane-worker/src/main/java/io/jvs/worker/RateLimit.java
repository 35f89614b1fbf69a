package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;

/**
 * A token bucket that several workers draw from without a lock: each keeps its own copy of it,
 * which loses what it takes itself at once and what the others took when it looks at their
 * counters. It looks in each new tick, and earlier when it has used up its share of what there was:
 * so together they take at most a bucket too much, which all of them then pay back. One thread a
 * copy; time is passed in as ticks of 10 ms and may wrap.
 */
final class RateLimit {
    private static final long COST = ConnectionLayout.TICKS_PER_SECOND;
    private static final int MILLIS_PER_SECOND = 1000;

    /** After that long it is full in any case, and sums cannot overflow. */
    private static final int LONG_TICKS = 60 * ConnectionLayout.TICKS_PER_SECOND;

    private final long perSecond;
    private final long full;
    private final int workers;
    private long credit;
    private long share;
    private long seenForeign;
    private int lastTicks;

    /**
     * A full bucket.
     *
     * @param perSecond events a second
     * @param burstMillis how long the rate is saved up for
     * @param least events that it holds at least
     * @param workers how many draw from it
     */
    RateLimit(long perSecond, int burstMillis, long least, int workers) {
        this.perSecond = perSecond;
        long burst = Math.max(least, perSecond * burstMillis / MILLIS_PER_SECOND);
        this.full = burst * COST;
        this.workers = workers;
    }

    /** Begins full, after what the others took until now. */
    void begin(int nowTicks, long foreign) {
        credit = full;
        share = full / workers;
        lastTicks = nowTicks;
        seenForeign = foreign;
    }

    /** Whether the counters of the others must be looked at before the next question. */
    boolean isStale(int nowTicks) {
        return nowTicks != lastTicks || share <= 0;
    }

    /**
     * Takes note of time, and of what the others have taken.
     *
     * @param foreign the sum of what they took, ever
     */
    void look(int nowTicks, long foreign) {
        int elapsed = nowTicks - lastTicks;
        lastTicks = nowTicks;
        // Negative: so long ago that the difference wrapped.
        if (elapsed < 0 || elapsed >= LONG_TICKS) {
            credit = full;
        } else {
            long lost = (foreign - seenForeign) * COST;
            // What was taken goes off first: so all copies agree while the bucket does not run
            // over.
            credit = Math.min(full, credit + elapsed * perSecond - lost);
        }
        seenForeign = foreign;
        share = credit / workers;
    }

    /** Whether there is anything left; what is taken may be more. */
    boolean hasCredit() {
        return credit > 0;
    }

    /** How many events may be taken before {@link #isStale} or {@link #hasCredit} change. */
    long room() {
        return (Math.min(credit, share) + COST - 1) / COST;
    }

    /** Takes so many events, on credit if need be. */
    void take(long events) {
        credit -= events * COST;
        share -= events * COST;
    }
}
