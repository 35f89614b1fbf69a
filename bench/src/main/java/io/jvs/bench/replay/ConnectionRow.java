package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a list of connections; the time left is compared apart from the rest. */
final class ConnectionRow {
    private static final Pattern LISTED =
            Pattern.compile(
                    "(\\S+\\s+)(\\d+):(\\d\\d)(\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+).*)");
    private static final Pattern PROC =
            Pattern.compile("((?:TCP|UDP|SCTP|IP|ICMP) .* (\\S+))(\\s+)(\\d+)(\\s*)");

    private ConnectionRow() {}

    /** A line as an entry whose words are all in the protocol, or null for another line. */
    static @Nullable Entry parse(String line) {
        Matcher listed = LISTED.matcher(line);
        if (listed.matches()) {
            int seconds =
                    Integer.parseInt(listed.group(2)) * 60 + Integer.parseInt(listed.group(3));
            String words = listed.group(1) + "--:--" + listed.group(4);
            return new Entry(
                    words, "", "", listed.group(8), listed.group(5), seconds * 1000L, false);
        }
        Matcher proc = PROC.matcher(line);
        if (proc.matches()) {
            int width = proc.group(3).length() + proc.group(4).length();
            String words = proc.group(1) + " width " + width;
            int seconds = Integer.parseInt(proc.group(4));
            return new Entry(words, "", "", "", proc.group(2), seconds * 1000L, false);
        }
        return null;
    }
}
