package io.jvs.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * dpdk-testpmd over the same replayed frames.
 *
 * @param mode its forwarding mode
 * @param scenario what is measured
 * @param pcap what is replayed
 * @param timing how long
 */
record Testpmd(String mode, Scenario scenario, Path pcap, Timing timing) implements Program {
    private static final Pattern RECEIVED = Pattern.compile("\\s*RX-packets: (\\d+) .*");
    private static final Pattern ACCUMULATED =
            Pattern.compile("\\s*([RT])X-packets: (\\d+)\\s+[RT]X-dropped: (\\d+)\\s.*");

    private record Point(long timeNs, long cpuNs, long packets) {}

    @Override
    public String name() {
        return mode;
    }

    @Override
    public String title() {
        return "testpmd " + mode;
    }

    /** Arguments of the EAL that all native programs share. */
    static List<String> ealArguments(Scenario scenario, String prefix) {
        List<String> arguments = new ArrayList<>();
        if (scenario.memory().equals("hugepages")) {
            arguments.add("--in-memory");
        } else {
            arguments.addAll(List.of("--no-huge", "-m", "512"));
        }
        arguments.addAll(
                List.of("--no-pci", "--file-prefix=" + prefix + ProcessHandle.current().pid()));
        return arguments;
    }

    @Override
    public Outcome measure() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        List<Point> points = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                Matcher matcher = RECEIVED.matcher(line);
                if (matcher.matches() && points.size() < wantedPoints()) {
                    long packets = Long.parseLong(matcher.group(1));
                    points.add(new Point(System.nanoTime(), cpuNs(process.pid()), packets));
                    if (points.size() == wantedPoints()) {
                        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
                    }
                }
            }
        }
        process.waitFor();
        return outcome(lines, points);
    }

    /** A statistic a second; the first is dropped. */
    private int wantedPoints() {
        return 2 + (int) Math.ceil(timing.seconds());
    }

    private Outcome outcome(List<String> lines, List<Point> points) throws IOException {
        if (points.size() < wantedPoints()) {
            throw new IOException(
                    "dpdk-testpmd (of Debian's package dpdk-dev) showed no statistics:\n"
                            + String.join("\n", lines));
        }
        checkAccounted(lines);
        Point first = points.get(1);
        Point last = points.getLast();
        double packets = last.packets() - first.packets();
        return new Outcome(
                (last.timeNs() - first.timeNs()) / packets,
                (last.cpuNs() - first.cpuNs()) / packets,
                last.packets(),
                Map.of());
    }

    private static void checkAccounted(List<String> lines) throws IOException {
        long received = 0;
        long sent = -1;
        long dropped = 0;
        for (String line : lines) {
            Matcher matcher = ACCUMULATED.matcher(line);
            if (matcher.matches()) {
                boolean isReceive = matcher.group(1).equals("R");
                received = isReceive ? Long.parseLong(matcher.group(2)) : received;
                sent = isReceive ? sent : Long.parseLong(matcher.group(2));
                dropped += Long.parseLong(matcher.group(3)) / 2;
            }
        }
        if (received == 0 || received != sent || dropped != 0) {
            throw new IOException("dpdk-testpmd lost packets:\n" + String.join("\n", lines));
        }
    }

    private List<String> command() {
        List<String> command = Processes.begin(timing);
        command.add("dpdk-testpmd");
        command.addAll(ealArguments(scenario, "jvspmd"));
        int other = timing.cpu() == 0 ? 1 : 0;
        command.addAll(
                List.of(
                        "--lcores=" + other + "," + timing.cpu(),
                        "--main-lcore=" + other,
                        "--vdev=net_pcap0,rx_pcap=" + pcap + ",infinite_rx=1",
                        "--",
                        "--forward-mode=" + mode,
                        "--auto-start",
                        "--stats-period=1",
                        "--total-num-mbufs=65536",
                        "--no-lsc-interrupt"));
        return command;
    }

    /**
     * Processor time of the forwarding thread, the first number of its schedstat (proc(5)): of all
     * threads but the main one the one with the most.
     */
    private static long cpuNs(long pid) throws IOException {
        long most = 0;
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                if (task.endsWith(Long.toString(pid))) {
                    continue;
                }
                String words = Files.readString(task.resolve("schedstat"));
                most = Math.max(most, Long.parseLong(words.substring(0, words.indexOf(' '))));
            }
        }
        return most;
    }
}
