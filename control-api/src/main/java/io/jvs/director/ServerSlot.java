package io.jvs.director;

import io.jvs.worker.CountersView;
import io.jvs.worker.ServerCounter;

/**
 * The number of a real server and its counters. Written by the director's thread; totals, rates and
 * connection counts may be read by any thread.
 */
public final class ServerSlot {
    /** Not in the trash. */
    private static final long IN_USE = Long.MIN_VALUE;

    private final int index;
    private final ServerId id;
    private final RateEstimator estimator;
    private volatile Totals base;
    private volatile Health health = Health.UNKNOWN;
    private long removedAtNs = IN_USE;

    ServerSlot(int index, ServerId id, CountersView counters) {
        this.index = index;
        this.id = id;
        this.base = Totals.read(counters, index);
        this.estimator = new RateEstimator(base);
    }

    /** The dense number that the workers know it by. */
    public int index() {
        return index;
    }

    ServerId id() {
        return id;
    }

    /** What was counted since it was made, or zeroed. */
    public Totals totals(CountersView counters) {
        return Totals.read(counters, index).minus(base);
    }

    /** Averages as of the last two seconds. */
    public Rates rates() {
        return estimator.rates();
    }

    /** Active connections now. */
    public long active(CountersView counters) {
        return counters.server(index, ServerCounter.ACTIVE);
    }

    /** Inactive connections now. */
    public long inactive(CountersView counters) {
        return counters.server(index, ServerCounter.INACTIVE);
    }

    /** Persistence templates now. */
    public long persistent(CountersView counters) {
        return counters.server(index, ServerCounter.PERSISTENT);
    }

    /** What the health check says now. */
    public Health health() {
        return health;
    }

    void onHealth(Health now) {
        health = now;
    }

    boolean hasConnections(CountersView counters) {
        return active(counters) + inactive(counters) + persistent(counters) > 0;
    }

    void onZero(CountersView counters) {
        base = Totals.read(counters, index);
        estimator.onZero(base);
    }

    void onEstimate(CountersView counters) {
        estimator.onEstimate(Totals.read(counters, index));
    }

    void onRemoved(long nowNs) {
        removedAtNs = nowNs;
    }

    void onReturned() {
        removedAtNs = IN_USE;
    }

    boolean isInTrash() {
        return removedAtNs != IN_USE;
    }

    /** Nanoseconds in the trash. */
    long trashedForNs(long nowNs) {
        return nowNs - removedAtNs;
    }
}
