package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real director on af_packet ports between real clients and real nginx servers: each forwarding
 * method, IPv4 and IPv6. Needs root, for network namespaces.
 */
class ForwardingMethodsIT {
    private static final String VIP4 = "172.16.0.100";
    private static final String VIP6 = "2001:db8:c::100";
    private static final List<String> CLIENT = List.of("172.16.1.1", "2001:db8:c::1:1");
    private static final List<String> LOCAL =
            List.of("10.0.1.200", "10.0.1.201", "2001:db8:1::200", "2001:db8:1::201");
    private static final long START_SECONDS = 60;

    private static Laboratory laboratory;

    /** Directors so far: each asks for and uploads files of other names. */
    private static int runs;

    @TempDir private Path directory;

    enum Method {
        NAT("nat", 8080, 1, 11),
        DR("direct_route", 0, 1, 11),
        TUN("tunnel", 0, 2, 14),
        FULLNAT("fullnat", 8080, 2, 14);

        private final String word;
        private final int webPort;
        private final int network;
        private final int firstServer;

        Method(String word, int webPort, int network, int firstServer) {
            this.word = word;
            this.webPort = webPort;
            this.network = network;
            this.firstServer = firstServer;
        }

        /** The three real servers of one service as YAML. */
        String servers(boolean ipv6, int port) {
            String address = ipv6 ? "2001:db8:%d::%d" : "10.0.%d.%d";
            String server = "{address: \"" + address + "\", port: %d, forwarding_method: %s}";
            return IntStream.range(firstServer, firstServer + 3)
                    .mapToObj(last -> server.formatted(network, last, port, word))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
    }

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsit");
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private String service(Method method, boolean ipv6, boolean udp) {
        return """
          - protocol: %s
            address: "%s"
            port: %d
            scheduler: rr
            local_addresses: %s
            real_servers: %s
        """
                .formatted(
                        udp ? "udp" : "tcp",
                        ipv6 ? VIP6 : VIP4,
                        udp ? 5300 : 80,
                        method == Method.FULLNAT
                                ? LOCAL.subList(ipv6 ? 2 : 0, ipv6 ? 4 : 2).stream()
                                        .map(address -> '"' + address + '"')
                                        .toList()
                                : "[]",
                        method.servers(ipv6, udp ? 0 : method.webPort));
    }

    private Path configuration(Method method, int workers, String options) throws Exception {
        String ports = laboratory.lab("director", "two");
        StringBuilder text =
                new StringBuilder(ports.replaceAll("(af_packet:[a-z0-9]+)", "$1" + options));
        text.append(
                """

                workers: %d
                memory: no-huge
                memory_megabytes: 128
                max_connections: 100000
                control_socket: %s/jvs.sock
                grpc_address: "unix:%s/grpc.sock"
                metrics_address: "127.0.0.1:9105"
                state_directory: %s/state
                health_checks: {enabled: false}
                virtual_services:
                """
                        .formatted(workers, directory, directory, directory));
        for (boolean ipv6 : new boolean[] {false, true}) {
            text.append(service(method, ipv6, false)).append(service(method, ipv6, true));
        }
        return Files.writeString(directory.resolve("jvs.yaml"), text);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldCarryRealTraffic(Method method) throws Exception {
        carry(method, 1, 6, "");
    }

    /** More workers than CPUs: packets come to all of them, and none is lost on the way. */
    @ParameterizedTest
    @CsvSource({"NAT,2", "NAT,4", "DR,4", "TUN,4", "FULLNAT,2", "FULLNAT,4"})
    void shouldCarryRealTrafficOverSeveralWorkers(Method method, int workers) throws Exception {
        carry(method, workers, 12 * workers, "");
    }

    /** Each of two workers has the only queue of one port, and sends by the other one's. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"NAT", "FULLNAT"})
    void shouldCarryRealTrafficOverPortsWithOneQueue(Method method) throws Exception {
        carry(method, 2, 24, ",qpairs=1");
    }

    private void carry(Method method, int workers, int requests, String options) throws Exception {
        runs++;
        laboratory.lab("prepare", method.name().toLowerCase(Locale.ROOT));
        Path log = directory.resolve("director.log");
        Process director = laboratory.director(configuration(method, workers, options), log);
        try {
            awaitAnswer(director, log);
            for (String vip : List.of(VIP4, VIP6)) {
                serveEverywhere(method, vip, requests);
                download(vip);
                upload(method, vip);
                echo(vip);
                Laboratory.Result ping = laboratory.client("ping", "-q", "-c2", "-i0.2", vip);
                assertThat(ping.status()).as(ping.output()).isZero();
                downloadAtOnce(vip, workers);
            }
            assertThat(busyWorkers()).isEqualTo(workers);
        } finally {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
        }
    }

    private static void awaitAnswer(Process director, Path log) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (get(VIP4, "/").status() != 0) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as("%s", Files.readString(log)).isNegative();
            Thread.sleep(100);
        }
    }

    private static Laboratory.Result get(String vip, String path, String... options)
            throws Exception {
        String host = vip.contains(":") ? "[" + vip + "]" : vip;
        String[] command = {"curl", "-gsS", "-f", "-m", "10", "http://" + host + path};
        String[] all = Arrays.copyOf(command, command.length + options.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        return laboratory.client(all);
    }

    /** Each of the three servers answers, and sees the address that the method promises. */
    private static void serveEverywhere(Method method, String vip, int requests) throws Exception {
        String path = "/who?" + method + (vip.equals(VIP6) ? 6 : 4) + "-" + runs;
        for (int i = 0; i < requests; i++) {
            Laboratory.Result answer = get(vip, path);
            assertThat(answer.status()).as(answer.output()).isZero();
        }
        List<String> lines = laboratory.accessLines(path);
        assertThat(lines).hasSize(requests);
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.split(" ", -1)[1])
                                .isIn(method == Method.FULLNAT ? LOCAL : CLIENT));
        assertThat(lines.stream().map(line -> line.split(" ", -1)[3]).distinct().count())
                .as("addresses that were asked: %s", lines)
                .isEqualTo(method == Method.DR || method == Method.TUN ? 1 : 3);
    }

    private static void download(String vip) throws Exception {
        Laboratory.Result answer = get(vip, "/files/1MiB", "-o", file("down").toString());
        assertThat(answer.status()).as(answer.output()).isZero();
        assertThat(Files.mismatch(file("down"), file("files/1MiB"))).isEqualTo(-1);
    }

    /** Many connections at once, so that all workers have some. */
    private static void downloadAtOnce(String vip, int workers) throws Exception {
        String host = vip.contains(":") ? "[" + vip + "]" : vip;
        List<String> command =
                new ArrayList<>(
                        List.of("curl", "-gsS", "-f", "-m", "50", "-Z", "--parallel-max", "8"));
        for (int i = 0; i < 8 * workers; i++) {
            command.addAll(List.of("-o", "/dev/null", "http://" + host + "/files/1MiB?" + i));
        }
        Laboratory.Result answer = laboratory.client(command.toArray(String[]::new));
        assertThat(answer.status()).as(answer.output()).isZero();
    }

    /** Workers that have received packets. */
    private static long busyWorkers() throws Exception {
        Laboratory.Result metrics =
                laboratory.on("dir", "curl", "-sS", "http://127.0.0.1:9105/metrics");
        return metrics.output()
                .lines()
                .filter(line -> line.startsWith("jvs_worker_rx_packets_total{"))
                .filter(line -> !line.endsWith(" 0.0"))
                .count();
    }

    private static Path file(String name) {
        return laboratory.state().resolve(name);
    }

    private static void upload(Method method, String vip) throws Exception {
        String name = method + "-" + runs + (vip.equals(VIP6) ? "-6" : "-4");
        Laboratory.Result answer = get(vip, "/upload/" + name, "-T", file("files/1MiB").toString());
        assertThat(answer.status()).as(answer.output()).isZero();
        List<Path> stored =
                List.of(1, 2, 3, 4, 5, 6).stream()
                        .map(server -> file("rs" + server + "/upload/" + name))
                        .filter(Files::exists)
                        .toList();
        assertThat(stored).hasSize(1);
        assertThat(Files.mismatch(stored.getFirst(), file("files/1MiB"))).isEqualTo(-1);
    }

    private static void echo(String vip) throws Exception {
        String client = Path.of("..", "deploy", "lab", "udp-client.py").toAbsolutePath().toString();
        Laboratory.Result answer =
                laboratory.client("/usr/bin/python3", client, "--count", "3", vip, "5300", "hello");
        assertThat(answer.status()).as(answer.output()).isZero();
        assertThat(answer.output().lines()).hasSize(3).allMatch(line -> line.endsWith("hello"));
    }
}
