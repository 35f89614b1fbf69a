package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import java.util.List;

/**
 * The clock of a recording ran on between steps by a time that nobody wrote down; the simulated
 * clock runs on by less. Where the kernel has ended a connection that JVS still has, this one is
 * moved on to that connection's end, as far as the recording can have come.
 */
final class RecordingClock {
    /** The most that a step took in a recording. */
    private static final long MOST_NS = 30_000_000L;

    private static final long MILLIS_NS = 1_000_000L;

    private final SimulatedNetwork network;
    private long latestNs;
    private double firstUptime = -1;
    private long firstUptimeNs;

    RecordingClock(SimulatedNetwork network) {
        this.network = network;
        this.latestNs = network.nowNs();
    }

    /** A step begins. */
    void onStep() {
        latestNs += MOST_NS;
    }

    /** A step let time pass. */
    void onSleep(long ns) {
        latestNs += ns;
    }

    /**
     * A recording says what its clock showed ({@code cat /proc/uptime}): this one is moved on to
     * it.
     */
    void onUptime(String uptime) {
        double seconds = Double.parseDouble(uptime.strip().split("\\s+", -1)[0]);
        if (firstUptime < 0) {
            firstUptime = seconds;
            firstUptimeNs = network.nowNs();
            return;
        }
        long now = firstUptimeNs + (long) ((seconds - firstUptime) * 1e9);
        network.advance(Math.max(0, now - network.nowNs()));
        latestNs = Math.max(now, network.nowNs());
    }

    /** Moves the clock on to the next end of a connection; false when that would be too far. */
    boolean catchUp(List<Entry> connections) {
        long soonest = Long.MAX_VALUE;
        for (Entry entry : connections) {
            soonest = Math.min(soonest, entry.expiresMillis() + 1);
        }
        if (connections.isEmpty() || network.nowNs() + soonest * MILLIS_NS > latestNs) {
            return false;
        }
        network.advance(soonest * MILLIS_NS);
        return true;
    }
}
