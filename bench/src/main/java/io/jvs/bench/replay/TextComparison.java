package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a command printed with what ipvsadm printed. The order of connections, and of
 * services where they are not sorted, is the order of a hash table that starts at random: any order
 * will do. Times may be a second apart.
 */
final class TextComparison {
    private static final String CONNECTIONS = "IPVS connection entries";
    private static final String PROC_CONNECTIONS = "Pro FromIP";
    private static final String LISTING = "Prot LocalAddress:Port";

    private final Comparison comparison;
    private final StatisticsRows statistics;
    private final Overdue overdue;

    TextComparison(Comparison comparison, StatisticsRows statistics, Overdue overdue) {
        this.comparison = comparison;
        this.statistics = statistics;
        this.overdue = overdue;
    }

    /** The first difference between two outputs of a command line, or null. */
    @Nullable String compare(String command, String expected, String got) {
        if (expected.equals(got)) {
            return null;
        }
        if (expected.startsWith(CONNECTIONS) || expected.startsWith(PROC_CONNECTIONS)) {
            return connections(expected, got);
        }
        if (expected.contains(LISTING)) {
            boolean anyOrder = command.contains("--nosort") || command.contains("/proc/net/ip_vs");
            return listing(expected, got, anyOrder);
        }
        if (command.contains("/proc/sys/net/ipv4/vs")) {
            return lines(withoutMachineSizes(expected), withoutMachineSizes(got));
        }
        if (command.contains("/proc/net/ip_vs_stats")) {
            return statistics.compareTotals(expected, got);
        }
        return lines(expected, got);
    }

    /** Difference.MACHINE_SIZES. */
    private static String withoutMachineSizes(String text) {
        return text.replaceAll("(?m)^(sync_qlen_max) \\d+$", "$1 -");
    }

    private @Nullable String connections(String expected, String got) {
        List<Entry> expectedRows = new ArrayList<>();
        List<Entry> gotRows = new ArrayList<>();
        String difference = lines(split(expected, expectedRows), split(got, gotRows));
        return difference != null ? difference : comparison.entries(expectedRows, gotRows);
    }

    /** Takes the connections out of a text; gives the rest. */
    private static String split(String text, List<Entry> rows) {
        StringBuilder rest = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            Entry row = ConnectionRow.parse(line);
            if (row == null) {
                rest.append(line).append('\n');
            } else {
                rows.add(row);
            }
        }
        return rest.toString();
    }

    private @Nullable String listing(String expected, String got, boolean anyOrder) {
        List<String> theirs = blocks(expected);
        List<String> ours = blocks(got);
        if (!anyOrder) {
            return blockLines(theirs, ours);
        }
        for (String block : theirs) {
            int found = find(ours, block);
            if (found < 0) {
                return "expected " + quote(block) + ", got " + quote(got);
            }
            ours.remove(found);
        }
        return ours.isEmpty() ? null : "expected nothing more, got " + quote(ours.getFirst());
    }

    private int find(List<String> blocks, String wanted) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blockLines(List.of(wanted), List.of(blocks.get(i))) == null) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable String blockLines(List<String> expected, List<String> got) {
        String[] theirs = String.join("", expected).split("\n", -1);
        String[] ours = String.join("", got).split("\n", -1);
        if (theirs.length != ours.length) {
            return "expected "
                    + quote(String.join("", expected))
                    + ", got "
                    + quote(String.join("", got));
        }
        for (int i = 0; i < ours.length; i++) {
            boolean same =
                    theirs[i].equals(ours[i])
                            || hasExplainedCounts(theirs[i], ours[i])
                            || statistics.isExplained(theirs[i], ours[i]);
            if (!same) {
                return "expected " + quote(theirs[i]) + ", got " + quote(ours[i]);
            }
        }
        return null;
    }

    /** Difference.PROMPT_EXPIRY. */
    private boolean hasExplainedCounts(String expected, String got) {
        String[] theirs = expected.strip().split("\\s+", -1);
        String[] ours = got.strip().split("\\s+", -1);
        int count = theirs.length;
        if (count != ours.length || count < 5 || !theirs[0].equals("->")) {
            return false;
        }
        for (int i = 0; i < count - 2; i++) {
            if (!theirs[i].equals(ours[i])) {
                return false;
            }
        }
        try {
            long active = Long.parseLong(theirs[count - 2]) - Long.parseLong(ours[count - 2]);
            long inactive = Long.parseLong(theirs[count - 1]) - Long.parseLong(ours[count - 1]);
            return overdue.explains(theirs[1], active, inactive);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The head of a listing, then each service with its servers. */
    private static List<String> blocks(String text) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        boolean head = true;
        for (String line : text.split("(?<=\n)", -1)) {
            boolean title =
                    line.startsWith("IP Virtual Server")
                            || line.startsWith(LISTING)
                            || line.startsWith("  -> RemoteAddress");
            boolean begins = !line.startsWith(" ") && !title;
            if (begins || head && !title) {
                blocks.add(block.toString());
                block.setLength(0);
            }
            head = title;
            block.append(line);
        }
        blocks.add(block.toString());
        blocks.removeIf(String::isEmpty);
        return blocks;
    }

    private static @Nullable String lines(String expected, String got) {
        if (expected.equals(got)) {
            return null;
        }
        String[] theirs = expected.split("\n", -1);
        String[] ours = got.split("\n", -1);
        int common = Math.min(theirs.length, ours.length);
        for (int i = 0; i < common; i++) {
            if (!theirs[i].equals(ours[i])) {
                return "expected " + quote(theirs[i]) + ", got " + quote(ours[i]);
            }
        }
        return "expected " + quote(expected) + ", got " + quote(got);
    }

    /** A text on one line. */
    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
}
