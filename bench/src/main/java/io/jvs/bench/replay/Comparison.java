package io.jvs.bench.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.jvs.bench.replay.DirectorState.Entry;
import io.jvs.bench.replay.DirectorState.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what the director did with what the kernel did. */
final class Comparison {
    /** How far times may be apart, in seconds. */
    static final int TIME_SLACK = 1;

    private final Overdue overdue;

    Comparison(Overdue overdue) {
        this.overdue = overdue;
    }

    /** The difference in the connection that a step was about, or null. */
    static @Nullable String connection(Step step, List<Entry> candidates) {
        String server = step.seenText("rs");
        if (server == null) {
            return candidates.isEmpty()
                    ? null
                    : "expected no connection, got " + describe(candidates.getFirst());
        }
        String state = String.valueOf(step.seenText("state"));
        Integer expires = step.seenNumber("expires");
        String expected = server + " " + state + " " + expires;
        if (candidates.isEmpty()) {
            return "expected " + expected + ", got no connection";
        }
        for (Entry entry : candidates) {
            if (entry.real().equals(server)
                    && entry.state().equals(state)
                    && (expires == null || isNear(entry.expires(), expires))) {
                return null;
            }
        }
        return "expected " + expected + ", got " + describe(candidates.getFirst());
    }

    private static String describe(Entry entry) {
        return entry.real() + " " + entry.state() + " " + entry.expires();
    }

    static boolean isNear(int seconds, int expected) {
        return Math.abs(seconds - expected) <= TIME_SLACK;
    }

    /**
     * The difference in the servers' weights and counts, or null. The order of services is free.
     */
    @Nullable String servers(Step step, List<List<Server>> services) {
        if (!step.has("dests")) {
            return null;
        }
        List<Server> expected = expected(step.seenArray("dests"));
        if (matches(expected, 0, new ArrayList<>(services))) {
            return null;
        }
        List<Server> got = new ArrayList<>();
        services.forEach(got::addAll);
        return "expected servers " + expected + ", got " + got;
    }

    static List<Server> expected(JsonArray array) {
        List<Server> servers = new ArrayList<>();
        for (JsonElement element : array) {
            JsonArray server = element.getAsJsonArray();
            servers.add(
                    new Server(
                            server.get(0).getAsString(),
                            server.get(1).getAsLong(),
                            server.get(2).getAsLong(),
                            server.get(3).getAsLong()));
        }
        return servers;
    }

    private boolean matches(List<Server> expected, int from, List<List<Server>> services) {
        if (services.isEmpty()) {
            return from == expected.size();
        }
        for (int i = 0; i < services.size(); i++) {
            List<Server> service = services.get(i);
            int to = from + service.size();
            if (to <= expected.size() && isSame(expected.subList(from, to), service)) {
                List<List<Server>> rest = new ArrayList<>(services);
                rest.remove(i);
                if (matches(expected, to, rest)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isSame(List<Server> expected, List<Server> got) {
        for (int i = 0; i < got.size(); i++) {
            Server e = expected.get(i);
            Server g = got.get(i);
            boolean same =
                    e.endpoint().equals(g.endpoint())
                            && e.weight() == g.weight()
                            && overdue.explains(
                                    g.endpoint(),
                                    e.active() - g.active(),
                                    e.inactive() - g.inactive());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** The difference in a list of connections, or null. */
    @Nullable String connections(JsonArray array, List<Entry> got) {
        List<Entry> expected = new ArrayList<>();
        for (JsonElement element : array) {
            JsonArray entry = element.getAsJsonArray();
            expected.add(
                    new Entry(
                            entry.get(0).getAsString(),
                            entry.get(1).getAsString(),
                            entry.get(2).getAsString(),
                            entry.get(3).getAsString(),
                            entry.get(4).getAsString(),
                            entry.get(5).getAsLong() * 1000,
                            false));
        }
        return entries(expected, got);
    }

    /** The difference between two lists of connections in any order, or null. */
    @Nullable String entries(List<Entry> expected, List<Entry> got) {
        Map<String, List<Entry>> ours = group(got);
        for (Map.Entry<String, List<Entry>> group : group(expected).entrySet()) {
            List<Entry> theirs = group.getValue();
            List<Entry> mine = ours.getOrDefault(group.getKey(), new ArrayList<>());
            if (theirs.size() > mine.size()) {
                theirs.removeIf(e -> e.expires() <= TIME_SLACK && overdue.isGone(e));
            }
            dropEnding(mine, theirs.size());
            if (mine.size() != theirs.size()) {
                return missing(group.getKey(), theirs.size(), mine.size());
            }
            for (int i = 0; i < mine.size(); i++) {
                Entry entry = theirs.get(i);
                boolean late =
                        overdue.explainsTemplate(entry, entry.expires() - mine.get(i).expires());
                if (!late && !isNear(mine.get(i).expires(), entry.expires())) {
                    return "expected "
                            + group.getKey()
                            + " for "
                            + theirs.get(i).expires()
                            + " s more, got "
                            + mine.get(i).expires();
                }
            }
            ours.remove(group.getKey());
        }
        for (Map.Entry<String, List<Entry>> left : ours.entrySet()) {
            dropEnding(left.getValue(), 0);
            if (!left.getValue().isEmpty()) {
                return missing(left.getKey(), 0, left.getValue().size());
            }
        }
        return null;
    }

    /** What ends within the second may have ended in the recording, whose clock ran on a little. */
    private static void dropEnding(List<Entry> mine, int expected) {
        while (mine.size() > expected && mine.getFirst().expires() < TIME_SLACK) {
            mine.removeFirst();
        }
    }

    private static String missing(String identity, int expected, int got) {
        return "expected " + expected + " of " + identity + ", got " + got;
    }

    private static Map<String, List<Entry>> group(List<Entry> entries) {
        Map<String, List<Entry>> groups = new HashMap<>();
        for (Entry entry : entries) {
            groups.computeIfAbsent(entry.identity(), k -> new ArrayList<>()).add(entry);
        }
        groups.values().forEach(g -> g.sort(Comparator.comparingInt(Entry::expires)));
        return groups;
    }
}
