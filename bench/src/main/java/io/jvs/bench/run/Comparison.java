package io.jvs.bench.run;

import io.jvs.bench.traffic.BaseFrames;
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
        Path pcap = Files.createTempFile("jvs-bench", ".pcap");
        try {
            BaseFrames.write(pcap, scenario.family(), scenario.frame().sizes(scenario.mode()));
            Path binary = ReferenceProgram.build(root);
            List<Program> all = programs(scenario, binary, pcap, timing);
            List<Program> wanted =
                    all.stream()
                            .filter(p -> chosen.isEmpty() || chosen.contains(p.name()))
                            .toList();
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException(
                        "with="
                                + chosen
                                + " names none of "
                                + all.stream().map(Program::name).toList());
            }
            return new Comparison(scenario, rounds, wanted).run();
        } finally {
            Files.deleteIfExists(pcap);
        }
    }

    private static List<Program> programs(
            Scenario scenario, Path binary, Path pcap, Timing timing) {
        ReferenceProgram.Input input = new ReferenceProgram.Input(binary, scenario, pcap, timing);
        String mode = Scenario.modeName(scenario.mode());
        List<Program> all = new ArrayList<>();
        all.add(new JavaProgram(JVS, "JVS " + mode, "director", scenario, pcap, timing));
        if (scenario.kind() == Scenario.Kind.LATENCY) {
            all.add(new JavaProgram(EMPTY, "Empty loop", "empty-loop", scenario, pcap, timing));
        } else if (scenario.kind() == Scenario.Kind.ESTABLISHED) {
            all.add(new ReferenceProgram(REFERENCE, "C reference", "fullnat", true, input));
            addForwarders(all, input);
        }
        return all;
    }

    private static void addForwarders(List<Program> all, ReferenceProgram.Input input) {
        Scenario scenario = input.scenario();
        for (String forward : List.of("io", "macswap", "5tswap")) {
            all.add(new Testpmd(forward, scenario, input.pcap(), input.timing()));
        }
        all.add(new ReferenceProgram(REFERENCE_BARE, "C, port only", "forward", false, input));
        all.add(
                new ReferenceProgram(
                        REFERENCE_MADE, "C, port and synthesis", "forward", true, input));
        all.add(
                new JavaProgram(
                        JAVA_BARE,
                        "Java, port only",
                        "forward",
                        scenario,
                        input.pcap(),
                        input.timing()));
        all.add(
                new JavaProgram(
                        JAVA_MADE,
                        "Java, port and synthesis",
                        "synthesis",
                        scenario,
                        input.pcap(),
                        input.timing()));
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
