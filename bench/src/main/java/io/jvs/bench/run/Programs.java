package io.jvs.bench.run;

import io.jvs.bench.traffic.BaseFrames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The programs that a scenario measures, and what they replay. */
final class Programs {
    /** What {@link #prepare} may write. */
    static final List<String> FILES = List.of("base.pcap", "packets.pcap", "flows");

    private final Scenario scenario;
    private final ReferenceProgram.Input input;
    private final boolean isReplayed;

    private Programs(ReferenceProgram.Input input) {
        this.scenario = input.scenario();
        this.input = input;
        this.isReplayed = scenario.packets() == Scenario.Packets.REPLAYED;
    }

    /**
     * Writes what is replayed, and compiles the C reference.
     *
     * @param root the project's directory
     * @param folder where the files of {@link #FILES} go
     */
    static Programs prepare(Scenario scenario, Path root, Path folder, Timing timing)
            throws IOException, InterruptedException {
        Path base = folder.resolve(FILES.get(0));
        BaseFrames.write(base, scenario.family(), scenario.frame().sizes(scenario.mode()));
        Path binary = ReferenceProgram.build(root);
        if (scenario.packets() == Scenario.Packets.SYNTHESIZED) {
            String flows = Integer.toString(scenario.flows());
            return new Programs(new ReferenceProgram.Input(binary, scenario, base, flows, timing));
        }
        Path packets = folder.resolve(FILES.get(1));
        Path flows = folder.resolve(FILES.get(2));
        new JavaProgram("record", "recording", "record", scenario, base, timing)
                .record(flows, packets);
        return new Programs(
                new ReferenceProgram.Input(binary, scenario, packets, flows.toString(), timing));
    }

    /**
     * Those with the given words, in order; all without any.
     *
     * @throws IllegalArgumentException when there is none
     */
    List<Program> chosen(Set<String> words) {
        List<Program> all = all();
        List<Program> wanted =
                all.stream().filter(p -> words.isEmpty() || words.contains(p.name())).toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "with=" + words + " names none of " + all.stream().map(Program::name).toList());
        }
        return wanted;
    }

    private List<Program> all() {
        List<Program> all = new ArrayList<>();
        all.add(java(Comparison.JVS, "JVS " + Scenario.modeName(scenario.mode()), "director"));
        if (scenario.kind() == Scenario.Kind.LATENCY) {
            all.add(java(Comparison.EMPTY, "Empty loop", "empty-loop"));
        } else if (scenario.kind() == Scenario.Kind.ESTABLISHED && scenario.workers() == 1) {
            addYardsticks(all);
        }
        return all;
    }

    private void addYardsticks(List<Program> all) {
        all.add(c(Comparison.REFERENCE, "C reference", "fullnat", !isReplayed));
        for (String forward : List.of("io", "macswap", "5tswap")) {
            all.add(new Testpmd(forward, scenario, input.pcap(), input.timing()));
        }
        all.add(c(Comparison.REFERENCE_BARE, "C, port only", "forward", false));
        all.add(java(Comparison.JAVA_BARE, "Java, port only", "forward"));
        if (!isReplayed) {
            all.add(c(Comparison.REFERENCE_MADE, "C, port and synthesis", "forward", true));
            all.add(java(Comparison.JAVA_MADE, "Java, port and synthesis", "synthesis"));
        }
    }

    private Program java(String name, String title, String work) {
        return new JavaProgram(name, title, work, scenario, input.pcap(), input.timing());
    }

    private Program c(String name, String title, String work, boolean isSynthesizing) {
        return new ReferenceProgram(name, title, work, isSynthesizing, input);
    }
}
