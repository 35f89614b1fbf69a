package io.jvs.control.health;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at most so many lines in a second; where more was to be said, how many were left out. A
 * network that goes down with a hundred thousand servers must not fill the disk. Any thread.
 */
final class BoundedLog {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedLog.class);
    private static final int LINES = 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final LongSupplier clockNs;
    private long beganNs;
    private int lines;
    private long leftOut;

    BoundedLog(LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.beganNs = clockNs.getAsLong();
    }

    /** Whether this line is said. */
    synchronized boolean takes() {
        long nowNs = clockNs.getAsLong();
        if (nowNs - beganNs >= SECOND_NS) {
            if (leftOut > 0) {
                LOG.warn("{} more lines about health checks were left out", leftOut);
            }
            beganNs = nowNs;
            lines = 0;
            leftOut = 0;
        }
        if (lines < LINES) {
            lines++;
            return true;
        }
        leftOut++;
        return false;
    }

    void info(String format, Object... words) {
        if (takes()) {
            LOG.info(format, words);
        }
    }

    void warn(String format, Object... words) {
        if (takes()) {
            LOG.warn(format, words);
        }
    }
}
