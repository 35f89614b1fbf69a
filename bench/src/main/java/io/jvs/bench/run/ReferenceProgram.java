package io.jvs.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C reference.
 *
 * @param name the word by which it is chosen
 * @param title what reports call it
 * @param work "fullnat" or "forward"
 * @param isSynthesizing whether it writes flows over the frames
 * @param input the rest
 */
record ReferenceProgram(String name, String title, String work, boolean isSynthesizing, Input input)
        implements Program {
    private static final String SOURCE = "bench/reference/fullnat_reference.c";
    private static final String BINARY = "bench/target/fullnat_reference";

    /**
     * What all its kinds share.
     *
     * @param binary the program
     * @param scenario what is measured
     * @param pcap what is replayed
     * @param flows their number; or the file that has them, where packets are replayed as they are
     * @param timing how long
     */
    record Input(Path binary, Scenario scenario, Path pcap, String flows, Timing timing) {}

    /**
     * Compiles the program, if that has not been done since it was changed.
     *
     * @param root the project's directory
     * @return the binary
     * @throws IOException with one sentence that says what is missing
     */
    static Path build(Path root) throws IOException, InterruptedException {
        Path source = root.resolve(SOURCE);
        Path binary = root.resolve(BINARY);
        if (!Files.exists(source)) {
            throw new IOException(
                    source + " is missing: run bin/jvs bench from the project's directory");
        }
        if (Files.exists(binary)
                && Files.getLastModifiedTime(binary).compareTo(Files.getLastModifiedTime(source))
                        > 0) {
            return binary;
        }
        Files.createDirectories(binary.getParent());
        String flags =
                String.join(
                        " ", Processes.run(List.of("pkg-config", "--cflags", "--libs", "libdpdk")));
        List<String> command = new ArrayList<>(List.of("gcc", "-O3", "-march=native", "-Wall"));
        command.addAll(List.of("-o", binary.toString(), source.toString()));
        command.addAll(List.of(flags.trim().split("\\s+")));
        Processes.run(command);
        return binary;
    }

    @Override
    public Outcome measure() throws IOException, InterruptedException {
        Timing timing = input.timing();
        Scenario scenario = input.scenario();
        List<String> command = Processes.begin(timing);
        command.add(input.binary().toString());
        command.addAll(Testpmd.ealArguments(scenario, "jvsref"));
        command.addAll(
                List.of(
                        "-l",
                        Integer.toString(timing.cpu()),
                        "--vdev=net_pcap0,rx_pcap=" + input.pcap() + ",infinite_rx=1",
                        "--",
                        work,
                        input.flows(),
                        Integer.toString(scenario.servers()),
                        Double.toString(timing.seconds()),
                        Double.toString(Math.min(timing.warmup(), 1)),
                        isSynthesizing ? "1" : "0"));
        return Outcome.parse(title, Processes.run(command));
    }
}
