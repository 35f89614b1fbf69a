package io.jvs.bench.run;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one round of one program gave.
 *
 * @param ns time a packet
 * @param cpuNs processor time of the measured thread a packet: what others take of the core does
 *     not count
 * @param packets that were received
 * @param more what else was printed, by its name there
 */
record Outcome(double ns, double cpuNs, long packets, Map<String, String> more) {
    private static final Pattern RESULT =
            Pattern.compile(
                    "RESULT ns=([0-9.]+) cpu_ns=([0-9.]+) packets=(\\d+) forwarded=(-?\\d+)"
                            + " dropped=(\\d+)(.*)");

    private static final Pattern MORE = Pattern.compile("(\\w+)=(\\S+)");

    /**
     * Reads what a measured process printed.
     *
     * @throws IOException when it has no result, or not every packet is accounted for
     */
    static Outcome parse(String program, List<String> lines) throws IOException {
        for (String line : lines) {
            Matcher matcher = RESULT.matcher(line);
            if (matcher.matches()) {
                long packets = Long.parseLong(matcher.group(3));
                if (packets == 0
                        || !matcher.group(4).equals(matcher.group(3))
                        || !matcher.group(5).equals("0")) {
                    throw new IOException(
                            program
                                    + ": not every packet was forwarded: "
                                    + String.join("\n", lines));
                }
                return new Outcome(
                        Double.parseDouble(matcher.group(1)),
                        Double.parseDouble(matcher.group(2)),
                        packets,
                        more(matcher.group(6)));
            }
        }
        throw new IOException(program + " printed no result:\n" + String.join("\n", lines));
    }

    private static Map<String, String> more(String words) {
        Map<String, String> more = new LinkedHashMap<>();
        Matcher matcher = MORE.matcher(words);
        while (matcher.find()) {
            more.put(matcher.group(1), matcher.group(2));
        }
        return more;
    }
}
