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
     * @param ports ports and routes as YAML, and keys that are to be other than usual
     * @param rest services, and what else is wanted, as YAML
     * @param answering the URL of a web service of it
     * @param options more options of its Java
     */
    static LaboratoryDirector start(
            Laboratory laboratory,
            Path directory,
            String ports,
            String rest,
            String answering,
            String... options)
            throws Exception {
        String text =
                """
                %s
                memory: no-huge
                memory_megabytes: 128
                %s
                control_socket: %s/jvs.sock
                metrics_address: "127.0.0.1:9105"
                state_directory: %s/state
                health_checks: {enabled: false}
                """
                        .formatted(
                                ports.strip(),
                                ports.contains("max_connections:") ? "" : "max_connections: 100000",
                                directory,
                                directory);
        Path file = Files.writeString(directory.resolve("jvs.yaml"), text + rest);
        Process process = laboratory.director(file, directory.resolve("log"), options);
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

    /** The value of the metric of that name and labels; of one without labels, the name. */
    double metric(String name) throws Exception {
        Laboratory.Result metrics = laboratory.on("dir", "curl", "-sS", "-f", "-m", "20", METRICS);
        assertThat(metrics.status()).as(metrics.output()).isZero();
        List<String> lines =
                metrics.output().lines().filter(line -> line.startsWith(name + " ")).toList();
        assertThat(lines).as(name).hasSize(1);
        return Double.parseDouble(lines.getFirst().substring(name.length()));
    }

    /** How many packets it has dropped for any of those reasons. */
    double dropped(List<String> reasons) throws Exception {
        double sum = 0;
        for (String reason : reasons) {
            sum += metric("jvs_dropped_packets_total{reason=\"" + reason + "\"}");
        }
        return sum;
    }

    /** Bytes of its process that are in memory (proc_pid_status(5), VmRSS). */
    long residentBytes() throws Exception {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        String line =
                Files.readAllLines(status).stream()
                        .filter(each -> each.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
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
