package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two workers on ports of each kind with two queues, which bring packets to whichever worker the
 * kernel or the peer likes: every connection of real clients works. Needs root, for network
 * namespaces.
 */
class QueuedPortsIT {
    private static final List<String> NETWORKS = List.of("172.16.0.", "2001:db8:c::");
    private static final List<TrafficMode> MODES =
            List.of(TrafficMode.NAT, TrafficMode.FULLNAT, TrafficMode.DR);

    private static final long END_SECONDS = 60;

    @TempDir private Path directory;

    private static Laboratory laboratory;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        assumeTrue(
                Runtime.getRuntime().availableProcessors() > 1,
                "the kernel gives a veth a queue for each CPU, and there is one");
        laboratory = Laboratory.up("jvsport");
        List<String> words = new ArrayList<>(List.of("mix"));
        for (String network : NETWORKS) {
            MODES.forEach(mode -> words.add(mode.vip(network)));
        }
        laboratory.lab("prepare", words.toArray(String[]::new));
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static String services() {
        StringBuilder text = new StringBuilder("virtual_services:\n");
        for (String network : NETWORKS) {
            MODES.forEach(mode -> text.append(mode.services(network)));
        }
        return text.toString();
    }

    /**
     * The number of connections is that of each forwarding method and IP version. With one queue
     * each worker has that of one port, and hands over what came in by it.
     */
    @ParameterizedTest
    @CsvSource({"af_packet,2,100", "af_xdp,2,100", "tap,2,100", "memif,2,100", "memif,1,10"})
    void shouldCarryEveryConnection(String kind, int queues, int connections) throws Exception {
        if (kind.equals("af_xdp")) {
            assumeTrue(Files.exists(Path.of("/sys/fs/bpf")), "the kernel has no BPF");
        }
        String ports = laboratory.lab("ports", kind, Integer.toString(queues));
        // The neighbours know the ports of the director before.
        for (String node : List.of("cli", "rtr", "rs1", "rs2", "rs6")) {
            assertThat(laboratory.on(node, "ip", "neighbour", "flush", "all").status()).isZero();
        }
        LaboratoryDirector director =
                LaboratoryDirector.start(
                        laboratory,
                        directory,
                        ports.replaceAll("(?m)(device: .*)", "$1\n    queues: " + queues)
                                + "\nworkers: 2",
                        services(),
                        Traffic.url(TrafficMode.NAT.vip(NETWORKS.getFirst()), "/"));
        try {
            carry(kind + queues, connections, new Traffic(laboratory, directory));
            assertThat(both(director, "jvs_worker_rx_packets_total"))
                    .allSatisfy(packets -> assertThat(packets).isGreaterThan(connections));
            assertThat(both(director, "jvs_worker_handed_over_packets_total"))
                    .anySatisfy(packets -> assertThat(packets).isPositive());
        } finally {
            director.stop();
        }
    }

    /** A metric of both workers. */
    private static List<Double> both(LaboratoryDirector director, String name) throws Exception {
        return List.of(
                director.metric(name + "{worker=\"0\"}"), director.metric(name + "{worker=\"1\"}"));
    }

    private static void carry(String name, int connections, Traffic traffic) throws Exception {
        for (String network : NETWORKS) {
            for (TrafficMode mode : MODES) {
                assertThat(connect(mode.vip(network), connections))
                        .as("%s %s", name, mode)
                        .isEqualTo("");
                traffic.download(mode.vip(network));
            }
            TrafficMode nat = TrafficMode.NAT;
            traffic.upload(nat.server, nat.vip(network), name + network.replace(':', '-'));
        }
    }

    /** Asks over a new connection each time, eight at once; gives what is no success. */
    private static String connect(String vip, int connections) throws Exception {
        List<String> words =
                new ArrayList<>(
                        List.of("curl", "-gs", "--no-progress-meter", "-H", "Connection: close"));
        words.addAll(List.of("-m", "50", "-Z", "--parallel-max", "8", "-w", "%{http_code}\n"));
        for (int i = 0; i < connections; i++) {
            words.addAll(List.of("-o", "/dev/null", Traffic.url(vip, "/")));
        }
        Laboratory.Result result = laboratory.client(words.toArray(String[]::new));
        List<String> codes = result.output().lines().toList();
        return codes.size() == connections && codes.stream().allMatch("200"::equals)
                ? ""
                : "status " + result.status() + ": " + result.output();
    }

    /** What comes in by a queue that nobody reads is lost to the kernel, so it does not start. */
    @Test
    void shouldRefuseAnXdpPortWithMoreQueuesThanWorkers() throws Exception {
        String ports = laboratory.lab("ports", "af_xdp", "2");
        Path file =
                Files.writeString(
                        directory.resolve("jvs.yaml"),
                        """
                        %s
                        workers: 1
                        memory: no-huge
                        memory_megabytes: 128
                        control_socket: %s/jvs.sock
                        state_directory: %s/state
                        """
                                .formatted(ports.strip(), directory, directory));
        Path log = directory.resolve("log");
        Process process = laboratory.director(file, log);
        try {
            assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).isNotZero();
        assertThat(Files.readString(log))
                .contains("Device 'af_xdp:wan' has 2 receive queues and 1 would be read")
                .contains("run 'ethtool -L wan rx 1 tx 1', use 2 workers, or name the queues");
    }
}
