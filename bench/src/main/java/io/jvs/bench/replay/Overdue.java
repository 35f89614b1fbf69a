package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Connections about whose end the two sides may differ. The kernel's timer wheel ends a connection
 * late: by up to an eighth of its timeout (kernel/time/timer.c: level n has 64 slots of 8^n
 * jiffies), and says 00:00 meanwhile; JVS ends it on time. And a recording's clock ran a little
 * faster than its steps say.
 */
final class Overdue {
    private static final Set<String> ACTIVE =
            Set.of("ESTABLISHED", "SYN_SENT", "SYN_RECV", "SYNACK");
    private static final int HZ = 250;
    private static final int LEVEL_SLOTS = 63;
    private static final double TICK_SECONDS = 0.02;
    private static final int IN_USE_SECONDS = 60;

    /** Timers of more than this are late by up to 16 s. */
    private static final int LONG_TIMEOUT_SECONDS = 256;

    private record Late(Entry entry, double untilSeconds) {}

    private final Map<String, Integer> longest = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    private List<Entry> before = List.of();
    private List<Entry> soon = List.of();
    private double beforeSeconds;
    private double firstSeconds = Double.NaN;

    /**
     * Looks at the connections that there are now.
     *
     * @param now all of them
     * @param seconds what the simulated clock shows
     */
    void observe(List<Entry> now, double seconds) {
        firstSeconds = Double.isNaN(firstSeconds) ? seconds : firstSeconds;
        Set<String> living = new HashSet<>();
        for (Entry entry : now) {
            living.add(key(entry));
            longest.merge(key(entry) + entry.state(), entry.expires() + 1, Math::max);
        }
        for (Entry entry : before) {
            double end = beforeSeconds + entry.expiresMillis() / 1000.0;
            if (!living.contains(key(entry)) && end <= seconds) {
                int timeout = longest.getOrDefault(key(entry) + entry.state(), 1);
                late.add(new Late(entry, end + granularity(timeout) + TICK_SECONDS));
            }
        }
        late.removeIf(each -> each.untilSeconds < seconds);
        soon = now.stream().filter(Overdue::mayBeGone).toList();
        before = now;
        beforeSeconds = seconds;
    }

    private static String key(Entry entry) {
        return entry.protocol() + entry.client() + entry.virtual() + entry.real();
    }

    /** How late the kernel may end a timer of that many seconds, in seconds. */
    private static double granularity(int timeout) {
        long jiffies = (long) timeout * HZ;
        long slot = 1;
        while (jiffies >= LEVEL_SLOTS * slot) {
            slot *= 8;
        }
        return (double) slot / HZ;
    }

    /** Whether a connection that the kernel still shows may have ended here. */
    boolean isGone(Entry entry) {
        return late.stream().anyMatch(each -> each.entry.real().equals(entry.real()))
                || late.stream().anyMatch(each -> entry.protocol().contains(each.entry.client()));
    }

    /** Whether a connection may have ended in the kernel. */
    private static boolean mayBeGone(Entry entry) {
        return entry.expires() <= Comparison.TIME_SLACK;
    }

    /**
     * Whether a template may have that many seconds more in the kernel: while it is in use it is
     * put off a minute at a time, each time by a timer that is late.
     */
    boolean explainsTemplate(Entry entry, int seconds) {
        boolean template = entry.state().equals("ASSURED") || entry.state().equals("NONE");
        double elapsed = beforeSeconds - firstSeconds;
        double most = (elapsed / IN_USE_SECONDS + 1) * granularity(IN_USE_SECONDS);
        if (elapsed > LONG_TIMEOUT_SECONDS) {
            most += granularity(LONG_TIMEOUT_SECONDS);
        }
        most += Comparison.TIME_SLACK;
        boolean renewedHere = entry.expires() <= most && seconds <= most - IN_USE_SECONDS;
        return template && (seconds >= 0 && seconds <= most || renewedHere);
    }

    /** Whether counts of a server may differ by that much: expected minus got. */
    boolean explains(String server, long active, long inactive) {
        return explains(server, true, active) && explains(server, false, inactive);
    }

    private boolean explains(String server, boolean active, long difference) {
        long more = late.stream().filter(e -> isOf(e.entry, server, active)).count();
        long less = soon.stream().filter(e -> isOf(e, server, active)).count();
        return difference >= -less && difference <= more;
    }

    private static boolean isOf(Entry entry, String server, boolean active) {
        return entry.real().equals(server) && ACTIVE.contains(entry.state()) == active;
    }
}
