package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.service.SynProxySpec;

/**
 * When one worker answers the SYNs of one service itself: always, or from when too many of its
 * connections are half open until neither these nor the cookies that nobody acknowledges are more
 * than half as many. Each worker looks at its share. One thread.
 */
final class SynGuard {
    /** How long it stays on at least; what is not acknowledged is counted anew as often. */
    private static final int PERIOD_TICKS = 10 * ConnectionLayout.TICKS_PER_SECOND;

    /** How long clients are not offered time stamps since a server does without: 10 minutes. */
    private static final int STAMPLESS_TICKS = 600 * ConnectionLayout.TICKS_PER_SECOND;

    final SynProxySpec spec;
    private final boolean always;
    private final int threshold;
    private boolean on;
    private int periodEndTicks;
    private int unacknowledged;
    private boolean stampless;
    private int stampsAgainTicks;

    SynGuard(SynProxySpec spec, int workers) {
        this.spec = spec;
        this.always = spec.mode() == SynProxySpec.Mode.ON;
        this.threshold = Math.max(1, (spec.halfOpenThreshold() + workers - 1) / workers);
    }

    /** Whether its half-open connections are counted. */
    boolean counts() {
        return !always;
    }

    /** Whether a SYN is to be answered here. */
    boolean answers(int halfOpen, int nowTicks) {
        if (always) {
            return true;
        }
        if (!on) {
            if (halfOpen < threshold) {
                return false;
            }
            on = true;
            beginPeriod(nowTicks);
        } else if (nowTicks - periodEndTicks >= 0) {
            int lost = nowTicks - periodEndTicks < PERIOD_TICKS ? unacknowledged : 0;
            on = Math.max(halfOpen, lost) > threshold / 2;
            beginPeriod(nowTicks);
        }
        return on;
    }

    private void beginPeriod(int nowTicks) {
        periodEndTicks = nowTicks + PERIOD_TICKS;
        unacknowledged = 0;
    }

    /** Whether clients that offer time stamps are answered with some. */
    boolean offersStamps(int nowTicks) {
        if (stampless && nowTicks - stampsAgainTicks >= 0) {
            stampless = false;
        }
        return !stampless;
    }

    /** One of its servers does without time stamps. */
    void refuseStamps(int nowTicks) {
        stampless = true;
        stampsAgainTicks = nowTicks + STAMPLESS_TICKS;
    }

    /** A cookie was sent (1) or acknowledged (-1). */
    void count(int change) {
        unacknowledged += change;
    }
}
