package io.jvs.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The comparison as people run it, C reference included: every program runs and every packet is
 * accounted for, else the command fails. How fast is not asked here.
 */
class BenchRunIT {
    private static final Path JVS = Path.of("..", "bin", "jvs").toAbsolutePath().normalize();

    @TempDir private Path folder;

    private String run(String scenario, String... options) throws Exception {
        Path file = Files.writeString(folder.resolve("scenario.yaml"), scenario);
        List<String> arguments = new ArrayList<>(List.of("run", file.toString()));
        arguments.addAll(List.of("rounds=1", "warmup=0.1", "seconds=0.1", "cpu=0"));
        arguments.addAll(List.of(options));
        return bench(arguments);
    }

    private String bench(List<String> arguments) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(JVS.toString(), "bench"));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as(output(output)).isTrue();
        assertThat(process.exitValue()).as(output(output)).isZero();
        return output(output);
    }

    private static String output(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void shouldCompareWithTheYardsticks() throws Exception {
        Path out = folder.resolve("out");
        String with =
                "with=jvs,reference,io,reference-forward,reference-synthesis,java-forward,"
                        + "java-synthesis";
        assertThat(run("{name: smoke, flows: 64}", "out=" + out, with))
                .contains("JVS fullnat", "C reference", "testpmd io")
                .contains("C, port only", "Java, port and synthesis")
                .contains("JVS / C reference, as measured: ")
                .contains("synthesis taken from both: ");
        assertThat(out.resolve("report.html")).content().contains("<svg", "JVS fullnat");
        assertThat(out.resolve("results.json")).content().contains("\"jvs_to_reference\"");
        assertThat(out.resolve("report.txt")).content().contains("C reference");
    }

    @Test
    void shouldRunEveryKind() throws Exception {
        assertThat(run("{name: k, flows: 100000, kind: [open, life]}"))
                .contains("k-open: ", "k-life: ", "bytes per connection: ")
                .contains("connections per second: ");
        assertThat(run("{name: k, kind: [flood, changes, latency, start]}"))
                .contains("k-flood: ", "applied us p99: ", "Empty loop, gap us max: ", "k-start: ");
    }

    @Test
    void shouldForwardInEveryMode() throws Exception {
        assertThat(
                        run(
                                "{name: modes, direction: client, mode: [nat, dr, tun],"
                                        + " frame: imix, services: 3}",
                                "with=jvs"))
                .contains("JVS nat", "JVS dr", "JVS tun");
        assertThat(run("{name: six, family: 6, direction: [server, both]}", "with=jvs"))
                .contains("six-server: ", "six-both: ");
        assertThat(run("{name: two, workers: 2}")).contains("two: 2 workers, ");
        assertThat(run("{name: replay, packets: replayed}", "with=jvs,reference"))
                .contains("JVS fullnat", "C reference", "JVS / C reference, as measured: ");
    }

    /** Fails where something allocates; the bounds of ratios are far from what is measured. */
    @Test
    void shouldKeepTheGatesOfMicroBenchmarks() throws Exception {
        assertThat(bench(List.of("micro", "millis=150")))
                .contains("LookupBenchmark.lookup 100000", "ParserBenchmark.parse")
                .contains("SchedulerPickBenchmark.pick wlc 10000", "ChecksumBenchmark.update");
    }
}
