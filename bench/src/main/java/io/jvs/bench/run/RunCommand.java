package io.jvs.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code jvs bench run FILE... [KEY=VALUE...]}: runs scenarios and prints what they gave. */
public final class RunCommand {
    /** What the command takes. */
    public static final String USAGE =
            "jvs bench run FILE... [rounds=5] [seconds=2] [warmup=4] [cpu=1] [nice=-20]"
                    + " [with=jvs,reference,...] [out=DIR]";

    private static final Set<String> OPTIONS =
            Set.of("rounds", "seconds", "warmup", "cpu", "nice", "with", "out");

    private RunCommand() {}

    /**
     * Runs scenarios.
     *
     * @param arguments files and options
     * @return the process's exit code
     */
    public static int run(String[] arguments) throws IOException, InterruptedException {
        List<Scenario> scenarios = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                scenarios.addAll(ScenarioReader.read(Path.of(argument)));
            } else {
                options.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
        check(scenarios, options);
        Timing timing =
                new Timing(
                        decimal(options, "warmup", 4),
                        decimal(options, "seconds", 2),
                        (int) decimal(options, "cpu", 1),
                        (int) decimal(options, "nice", 0));
        int rounds = (int) decimal(options, "rounds", 5);
        Set<String> chosen =
                Arrays.stream(options.getOrDefault("with", "").split(","))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        List<ComparisonResult> results = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            results.add(Comparison.run(scenario, root(), timing, rounds, chosen));
            System.out.print(TextTable.of(results.getLast()));
            if (options.containsKey("out")) {
                write(Path.of(String.valueOf(options.get("out"))), results);
            }
        }
        return 0;
    }

    /** After each scenario anew, so that a run that is broken off leaves what it had. */
    private static void write(Path folder, List<ComparisonResult> results)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Map<String, String> machine = Machine.facts();
        Files.writeString(folder.resolve("results.json"), JsonReport.of(machine, results));
        Files.writeString(folder.resolve("report.html"), HtmlReport.of(machine, results));
        StringBuilder text = new StringBuilder();
        results.forEach(result -> text.append(TextTable.of(result)));
        Files.writeString(folder.resolve("report.txt"), text);
    }

    private static void check(List<Scenario> scenarios, Map<String, String> options) {
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException("no scenario file is given: " + USAGE);
        }
        for (String key : options.keySet()) {
            if (!OPTIONS.contains(key)) {
                throw new IllegalArgumentException("unknown option '" + key + "': " + USAGE);
            }
        }
    }

    private static double decimal(Map<String, String> options, String key, double otherwise) {
        String text = options.get(key);
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + text + " is not a number", e);
        }
    }

    /** The project's directory: what bin/jvs says, else the working directory or its parent. */
    static Path root() {
        String home = System.getProperty("jvs.home", "");
        Path here = Path.of(home).toAbsolutePath();
        return Files.exists(here.resolve("bench/reference")) || !home.isEmpty()
                ? here
                : here.resolve("..").normalize();
    }

    /**
     * The measured process: one round of one program.
     *
     * @param options as {@link JavaProgram} gives them
     */
    public static void measured(Map<String, String> options) throws Exception {
        Map<String, String> fields = new HashMap<>(options);
        Timing timing =
                new Timing(
                        Double.parseDouble(fields.remove("warmup")),
                        Double.parseDouble(fields.remove("seconds")),
                        Integer.parseInt(fields.remove("cpu")),
                        0);
        String work = fields.remove("work");
        Path pcap = Path.of(String.valueOf(fields.remove("pcap")));
        Path flows = Path.of(String.valueOf(fields.remove("flow_file")));
        Path packets = Path.of(String.valueOf(fields.remove("packet_file")));
        Scenario scenario = ScenarioReader.of("arguments", fields);
        switch (String.valueOf(work)) {
            case "director" -> DirectorUnderTest.run(scenario, pcap, timing);
            case "empty-loop" -> EmptyLoop.run(timing);
            case "record" -> DirectorUnderTest.record(scenario, pcap, timing.cpu(), flows, packets);
            default -> ForwardLoop.run(scenario, pcap, timing, "synthesis".equals(work));
        }
    }
}
