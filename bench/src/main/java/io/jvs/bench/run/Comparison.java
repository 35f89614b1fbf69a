package io.jvs.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rounds of one scenario: all programs in turn, each in a process of its own, on one core. */
final class Comparison {
    /** The measured programs' words. */
    static final String JVS = "jvs";

    static final String REFERENCE = "reference";
    static final String REFERENCE_BARE = "reference-forward";
    static final String REFERENCE_MADE = "reference-synthesis";
    static final String JAVA_BARE = "java-forward";
    static final String JAVA_MADE = "java-synthesis";
    static final String EMPTY = "empty-loop";

    private final Scenario scenario;
    private final int rounds;
    private final List<Program> programs;

    private Comparison(Scenario scenario, int rounds, List<Program> programs) {
        this.scenario = scenario;
        this.rounds = rounds;
        this.programs = programs;
    }

    /**
     * Runs a scenario.
     *
     * @param root the project's directory
     * @param chosen words of the programs to run; empty for all
     * @throws IOException when a program fails or a packet is unaccounted for
     */
    static ComparisonResult run(
            Scenario scenario, Path root, Timing timing, int rounds, Set<String> chosen)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("jvs-bench");
        try {
            Programs all = Programs.prepare(scenario, root, folder, timing);
            return new Comparison(scenario, rounds, all.chosen(chosen)).run();
        } finally {
            for (String file : Programs.FILES) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private ComparisonResult run() throws IOException, InterruptedException {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        List<Double> loads = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            loads.add(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            for (Program program : programs) {
                Outcome outcome = program.measure();
                outcomes.computeIfAbsent(program.name(), name -> new ArrayList<>()).add(outcome);
                System.err.printf(
                        "%s round %d/%d %-26s %7.1f ns, %7.1f ns of CPU%n",
                        scenario.name(),
                        round + 1,
                        rounds,
                        program.title(),
                        outcome.ns(),
                        outcome.cpuNs());
            }
        }
        Map<String, String> titles = new LinkedHashMap<>();
        programs.forEach(program -> titles.put(program.name(), program.title()));
        return new ComparisonResult(scenario, titles, outcomes, loads);
    }
}
