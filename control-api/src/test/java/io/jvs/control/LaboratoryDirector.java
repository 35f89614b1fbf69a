package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.control.local.LocalClient;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A director at its place in a laboratory. */
final class LaboratoryDirector {
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 20;
    private static final String METRICS = "http://127.0.0.1:9105/metrics";

    private final Laboratory laboratory;
    private final Path directory;
    private final Process process;

    private LaboratoryDirector(Laboratory laboratory, Path directory, Process process) {
        this.laboratory = laboratory;
        this.directory = directory;
        this.process = process;
    }

    /**
     * Starts one and waits until a web service answers and its metrics are served: the data plane
     * forwards first.
     *
     * @param directory an empty one for its files
     * @param ports ports and routes as YAML
     * @param rest services, and what else is wanted, as YAML
     * @param answering the URL of a web service of it
     */
    static LaboratoryDirector start(
            Laboratory laboratory, Path directory, String ports, String rest, String answering)
            throws Exception {
        String text =
                """
                %s
                memory: no-huge
                memory_megabytes: 128
                max_connections: 100000
                control_socket: %s/jvs.sock
                metrics_address: "127.0.0.1:9105"
                state_directory: %s/state
                health_checks: {enabled: false}
                """
                        .formatted(ports.strip(), directory, directory);
        Path file = Files.writeString(directory.resolve("jvs.yaml"), text + rest);
        Process process = laboratory.director(file, directory.resolve("log"));
        LaboratoryDirector director = new LaboratoryDirector(laboratory, directory, process);
        try {
            director.await(answering);
            return director;
        } catch (Exception | AssertionError e) {
            director.stop();
            throw e;
        }
    }

    private void await(String url) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (laboratory.client("curl", "-gsf", "-m", "2", "-o", "/dev/null", url).status() != 0
                || laboratory
                                .on("dir", "curl", "-sf", "-m", "2", "-o", "/dev/null", METRICS)
                                .status()
                        != 0) {
            String log = Files.readString(directory.resolve("log"));
            assertThat(process.isAlive()).as(log).isTrue();
            assertThat(System.nanoTime() - end).as(log).isNegative();
            Thread.sleep(100);
        }
    }

    /** How many packets it has dropped for any of those reasons. */
    double dropped(List<String> reasons) throws Exception {
        Laboratory.Result metrics = laboratory.on("dir", "curl", "-sS", "-f", "-m", "20", METRICS);
        assertThat(metrics.status()).as(metrics.output()).isZero();
        Stream<String> lines =
                metrics.output()
                        .lines()
                        .filter(line ->
                                reasons.stream()
                                        .anyMatch(reason ->
                                                line.startsWith(
                                                        "jvs_dropped_packets_total{reason=\""
                                                                + reason
                                                                + "\"}")));
        List<Double> numbers =
                lines.map(line -> Double.valueOf(line.substring(line.indexOf(' ')))).toList();
        assertThat(numbers).hasSameSizeAs(reasons);
        return numbers.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Its persistence templates. */
    List<Connection> templates() throws Exception {
        try (LocalClient client = new LocalClient(directory.resolve("jvs.sock"))) {
            return client
                    .call(
                            "ListConnections",
                            ListConnectionsRequest.getDefaultInstance(),
                            ListConnectionsResponse.getDefaultInstance())
                    .getConnectionsList()
                    .stream()
                    .filter(Connection::getTemplate)
                    .toList();
        }
    }

    /** Ends it. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
