package io.jvs.packet;

/**
 * Limits how often something happens: so many a second on average, so many at once. Time is passed
 * in as ticks of 10 ms and may wrap. Owned by one thread.
 */
public final class TokenBucket {
    private static final int TICKS_PER_SECOND = 100;

    /** Credit that one event costs; each tick adds {@link #perSecond}. */
    private static final long COST = TICKS_PER_SECOND;

    private final int perSecond;
    private final long full;
    private long credit;
    private int lastTicks;

    /**
     * A full bucket.
     *
     * @param perSecond events a second, 0 for none ever after the first burst
     * @param burst events at once
     */
    public TokenBucket(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.full = burst * COST;
        this.credit = full;
    }

    /** Takes a token; false when there is none. */
    public boolean take(int nowTicks) {
        int elapsed = nowTicks - lastTicks;
        if (elapsed != 0) {
            lastTicks = nowTicks;
            // Negative: so long ago that the difference wrapped.
            credit = elapsed < 0 ? full : Math.min(full, credit + (long) elapsed * perSecond);
        }
        if (credit < COST) {
            return false;
        }
        credit -= COST;
        return true;
    }
}
