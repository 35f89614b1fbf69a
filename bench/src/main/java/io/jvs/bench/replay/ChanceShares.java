package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import io.jvs.bench.replay.DirectorState.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * For schedulers that draw random numbers (twos): not which server each connection gets is
 * compared, but whether there is one, in what state, and at the end each server's share.
 */
final class ChanceShares {
    /** How many standard deviations shares may be apart. */
    private static final double DEVIATIONS = 4;

    private final Map<String, Integer> expected = new HashMap<>();
    private final Map<String, Integer> got = new HashMap<>();
    private boolean serversRemoved;
    private int connections;

    /** Whether a scenario's choices are random. */
    static boolean isIn(Scenario scenario) {
        return scenario.steps().stream()
                .anyMatch(step -> step.verb().equals("cmd") && step.text(1).contains("-s twos"));
    }

    /** A command was run. */
    void onCommand(String line) {
        serversRemoved |= line.contains(" -d ") || line.contains(" -D ") || line.contains(" -C");
    }

    /** The difference in the connection that a step was about, or null. */
    @Nullable String connection(Step step, List<Entry> candidates) {
        String server = step.seenText("rs");
        if (server == null || candidates.isEmpty()) {
            return Comparison.connection(step, candidates);
        }
        connections++;
        expected.merge(server, 1, Integer::sum);
        Entry entry = candidates.getFirst();
        got.merge(entry.real(), 1, Integer::sum);
        Integer expires = step.seenNumber("expires");
        boolean same =
                entry.state().equals(step.seenText("state"))
                        && expires != null
                        && Comparison.isNear(entry.expires(), expires);
        return same
                ? null
                : "expected " + step.seenText("state") + " " + expires + ", got " + entry;
    }

    /** The difference in the servers' order, weights and total of connections, or null. */
    @Nullable String servers(Step step, List<List<Server>> services) {
        if (!step.has("dests")) {
            return null;
        }
        List<Server> theirs = Comparison.expected(step.seenArray("dests"));
        List<Server> ours = new ArrayList<>();
        services.forEach(ours::addAll);
        boolean same =
                names(theirs).equals(names(ours))
                        && (serversRemoved || total(theirs) == total(ours));
        return same ? null : "expected servers " + theirs + " in sum, got " + ours;
    }

    private static List<String> names(List<Server> servers) {
        return servers.stream().map(s -> s.endpoint() + " " + s.weight()).toList();
    }

    private static long total(List<Server> servers) {
        return servers.stream().mapToLong(s -> (s.active() << 32) + s.inactive()).sum();
    }

    /** The difference in the shares at the end, or null. */
    @Nullable String shares() {
        TreeSet<String> all = new TreeSet<>(expected.keySet());
        all.addAll(got.keySet());
        for (String server : all) {
            double theirs = expected.getOrDefault(server, 0);
            double ours = got.getOrDefault(server, 0);
            double share = (theirs + ours) / (2.0 * connections);
            double deviation = Math.sqrt(2 * share * (1 - share) * connections);
            if (Math.abs(theirs - ours) > DEVIATIONS * deviation + 1) {
                return "expected shares " + expected + ", got " + got;
            }
        }
        return null;
    }

    /** Whether a text is about which server each connection got. */
    static boolean namesServers(String text) {
        return text.startsWith("IPVS connection entries")
                || text.startsWith("Pro FromIP")
                || text.contains("InPkts")
                || text.contains("InPPS");
    }

    /** A listing without the counts, which follow from chance. */
    static String withoutCounts(String text) {
        return text.replaceAll("(?m)^(  -> \\S+ .*?)( +\\d+){2} *$", "$1");
    }
}
