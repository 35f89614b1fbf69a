package io.jvs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JVS in FULLNAT beside dpdk-testpmd in 5tswap and io, in turn, over the same replay port in the
 * same run; prints ns a packet as minimum, median and maximum, and the ratio of the medians.
 */
final class FullNatComparison {
    private static final Pattern RESULT =
            Pattern.compile("RESULT ns=([0-9.]+) packets=(\\d+) forwarded=(\\d+)");
    private static final Pattern RATE = Pattern.compile("Rx-pps:\\s+(\\d+)");

    private FullNatComparison() {}

    static int run(Options options) throws IOException, InterruptedException {
        int rounds = options.number("rounds", 5);
        int flows = options.number("flows", 64);
        Path folder = Files.createTempDirectory("jvs-bench");
        Path pcap = folder.resolve("flows.pcap");
        try {
            TcpFlows.write(pcap, flows, Math.max(1, 4096 / flows));
            double[] jvs = new double[rounds];
            double[] swap = new double[rounds];
            double[] io = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                jvs[round] = jvs(options, pcap);
                swap[round] = testpmd(options, pcap, "5tswap");
                io[round] = testpmd(options, pcap, "io");
            }
            print(flows, rounds, jvs, swap, io);
            return 0;
        } finally {
            Files.deleteIfExists(pcap);
            Files.deleteIfExists(folder);
        }
    }

    private static void print(int flows, int rounds, double[] jvs, double[] swap, double[] io) {
        System.out.printf(
                "pcap replay port, 60-byte TCP, %d flows, %d rounds in turn, ns a packet%n",
                flows, rounds);
        System.out.printf("%-24s %8s %8s %8s %8s%n", "", "min", "median", "max", "ratio");
        row("JVS FULLNAT", jvs, swap);
        row("dpdk-testpmd 5tswap", swap, swap);
        row("dpdk-testpmd io", io, swap);
    }

    private static void row(String name, double[] values, double[] yardstick) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%-24s %8.1f %8.1f %8.1f %8.2f%n",
                name,
                sorted[0],
                median(values),
                sorted[sorted.length - 1],
                median(values) / median(yardstick));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** This JVM once more, as the measured process. */
    private static double jvs(Options options, Path pcap) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(
                java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "--module-path",
                        System.getProperty("jdk.module.path", ""),
                        "--module",
                        "io.jvs.bench/io.jvs.bench.Main",
                        "fullnat-worker",
                        "pcap=" + pcap));
        options.values().forEach((key, value) -> command.add(key + "=" + value));
        for (String line : lines(command, 120)) {
            Matcher matcher = RESULT.matcher(line);
            if (matcher.find()) {
                long packets = Long.parseLong(matcher.group(2));
                long forwarded = Long.parseLong(matcher.group(3));
                if (Math.abs(packets - forwarded) > packets / 1000) {
                    throw new IOException("not every packet was forwarded: " + line);
                }
                return Double.parseDouble(matcher.group(1));
            }
        }
        throw new IOException("the measured process printed no result: " + command);
    }

    private static double testpmd(Options options, Path pcap, String mode)
            throws IOException, InterruptedException {
        int seconds = options.number("seconds", 3) + 5;
        List<String> command =
                List.of(
                        "timeout",
                        "--signal=INT",
                        Integer.toString(seconds + 2),
                        "dpdk-testpmd",
                        "--no-huge",
                        "-m",
                        "512",
                        "--no-pci",
                        "-l",
                        "0,1",
                        "--file-prefix=jvsbenchpmd",
                        "--vdev=net_pcap0,rx_pcap=" + pcap + ",infinite_rx=1",
                        "--",
                        "--forward-mode=" + mode,
                        "--auto-start",
                        "--stats-period=1",
                        "--total-num-mbufs=32768",
                        "--no-lsc-interrupt");
        List<Double> rates = new ArrayList<>();
        for (String line : lines(command, seconds + 20)) {
            Matcher matcher = RATE.matcher(line);
            if (matcher.find() && !matcher.group(1).equals("0")) {
                rates.add(1e9 / Double.parseDouble(matcher.group(1)));
            }
        }
        if (rates.size() < 3) {
            throw new IOException(
                    "dpdk-testpmd showed no rate; it comes with Debian's package dpdk-dev");
        }
        return median(
                rates.subList(1, rates.size()).stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<String> lines(List<String> command, int seconds)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return lines;
    }
}
