package io.jvs.bench.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statistics where JVS counts on purpose what the kernel does not: packets as they are on the wire,
 * and all of them at once. They must then be what the simulated hosts sent and got.
 */
final class StatisticsRows {
    private static final long LAG_NS = 2_000_000_000L;

    /** How far rates may be apart when packets are of another size: the share of their headers. */
    private static final double RATE_SLACK = 0.05;

    private final TrafficCount traffic;
    private boolean bulk;
    private long lastTrafficNs;
    private long nowNs;

    StatisticsRows(TrafficCount traffic) {
        this.traffic = traffic;
    }

    /** Data was sent that fills more than one segment. */
    void onBulk() {
        bulk = true;
    }

    /** Something was sent. */
    void onTraffic() {
        lastTrafficNs = nowNs;
    }

    /** What the simulated clock shows now. */
    void onTime(long now) {
        nowNs = now;
    }

    /** Whether Difference.PROMPT_STATISTICS or WIRE_PACKETS explains the difference of two rows. */
    boolean isExplained(String expected, String got) {
        boolean prompt = nowNs - lastTrafficNs < LAG_NS;
        if (!prompt && !bulk) {
            return false;
        }
        List<String> theirs = words(expected);
        List<String> ours = words(got);
        if (theirs.size() != ours.size() || ours.size() < 7 || !theirs.get(1).equals(ours.get(1))) {
            return false;
        }
        if (!ours.getFirst().equals("->")) {
            return bulk || theirs.subList(2, 7).stream().allMatch("0"::equals);
        }
        long[] wire = traffic.of(ours.get(1));
        String packets = ours.get(3) + " " + ours.get(4);
        boolean counted = packets.equals(wire[0] + " " + wire[2]);
        return counted || bulk && isNear(theirs.get(5), ours.get(5));
    }

    private static boolean isNear(String expected, String got) {
        try {
            double theirs = Double.parseDouble(expected);
            return Math.abs(Double.parseDouble(got) - theirs) <= theirs * RATE_SLACK;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static List<String> words(String line) {
        return new ArrayList<>(List.of(line.strip().split("\\s+", -1)));
    }

    /** The difference between two files of totals, or null. */
    @Nullable String compareTotals(String expected, String got) {
        if (expected.equals(got) || bulk && words(expected).size() == words(got).size()) {
            return null;
        }
        return "expected " + TextComparison.quote(expected) + ", got " + TextComparison.quote(got);
    }
}
