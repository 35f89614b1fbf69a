package io.jvs.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/**
 * This JVM once more, with the same flags.
 *
 * @param name the word by which it is chosen
 * @param title what reports call it
 * @param work what {@link Worker} does
 * @param scenario what is measured
 * @param pcap what is replayed
 * @param timing how long
 */
record JavaProgram(
        String name, String title, String work, Scenario scenario, Path pcap, Timing timing)
        implements Program {

    @Override
    public Outcome measure() throws IOException, InterruptedException {
        return Outcome.parse(title, Processes.run(command()));
    }

    /** Runs it for what it writes into files. */
    void record(Path flows, Path packets) throws IOException, InterruptedException {
        List<String> command = command();
        command.add("flow_file=" + flows);
        command.add("packet_file=" + packets);
        Processes.run(command);
    }

    private List<String> command() {
        List<String> command = Processes.begin(timing);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "--module-path",
                        System.getProperty("jdk.module.path", ""),
                        "--module",
                        "io.jvs.bench/io.jvs.bench.Main",
                        "measured",
                        "work=" + work,
                        "pcap=" + pcap,
                        "warmup=" + timing.warmup(),
                        "seconds=" + timing.seconds(),
                        "cpu=" + timing.cpu()));
        scenario.fields().forEach((key, value) -> command.add(key + "=" + value));
        return command;
    }
}
