package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The SYN proxy between real kernels, with two workers: files both ways, and what the sockets of
 * both ends say of the options that were agreed upon. Needs root, for network namespaces.
 */
class SynProxyIT {
    private static final String[] VIPS = {"172.16.0.100", "2001:db8:c::100"};
    private static final String[] SERVERS = {"10.0.1.11", "2001:db8:1::11"};
    private static final String[] PLAIN_SERVERS = {"10.0.1.12", "2001:db8:1::12"};
    private static final String[] LOCALS = {"10.0.1.200", "2001:db8:1::200"};
    private static final int FULLNAT = 80;
    private static final int NAT = 81;
    private static final int MIXED = 82;
    private static final int PROXY = 83;
    private static final int TOA = 84;
    private static final int STAMPLESS = 85;
    private static final long WAIT_SECONDS = 60;

    private static Laboratory laboratory;
    private static LaboratoryDirector director;

    @TempDir private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvssynp");
        laboratory.lab("prepare", "nat");
        stamps(false);
        StringBuilder services = new StringBuilder("workers: 2\nvirtual_services:\n");
        for (int family = 0; family < 2; family++) {
            String local = "local_addresses: [\"" + LOCALS[family] + "\"]";
            String otherLocal = "local_addresses: [\"" + LOCALS[1 - family] + "\"]";
            String server = server(SERVERS[family], 80, "fullnat");
            services.append(service(family, FULLNAT, local, server));
            services.append(service(family, NAT, "", server(SERVERS[family], 80, "nat")));
            services.append(
                    service(family, MIXED, otherLocal, server(SERVERS[1 - family], 80, "fullnat")));
            String proxied = server(SERVERS[family], 8081, "fullnat");
            services.append(service(family, PROXY, local + told("PROXY_V2"), proxied));
            services.append(service(family, TOA, local + told("TOA"), server));
            String plain = server(PLAIN_SERVERS[family], 80, "fullnat");
            services.append(service(family, STAMPLESS, local, plain));
        }
        director =
                LaboratoryDirector.start(
                        laboratory,
                        directory,
                        laboratory.lab("director"),
                        services.toString(),
                        url(0, FULLNAT, "/"));
    }

    /** Whether rs2, of which nothing else is asked, has time stamps. */
    private static void stamps(boolean on) throws Exception {
        String command = "echo " + (on ? 1 : 0) + " >/proc/sys/net/ipv4/tcp_timestamps";
        assertThat(laboratory.on("rs2", "sh", "-c", command).status()).isZero();
    }

    private static String told(String how) {
        return "\n    client_address: CLIENT_ADDRESS_" + how;
    }

    private static String server(String address, int port, String method) {
        return "{address: \"%s\", port: %d, forwarding_method: %s}"
                .formatted(address, port, method);
    }

    private static String service(int family, int port, String more, String server) {
        return """
          - protocol: tcp
            address: "%s"
            port: %d
            scheduler: rr
            syn_proxy: {mode: on}
            real_servers: [%s]
            %s
        """
                .formatted(VIPS[family], port, server, more);
    }

    @AfterAll
    static void stop() throws Exception {
        if (director != null) {
            director.stop();
        }
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static String url(int family, int port, String path) {
        String host = family == 0 ? VIPS[family] : "[" + VIPS[family] + "]";
        return "http://" + host + ":" + port + path;
    }

    private static void curl(String... words) throws Exception {
        String[] command = new String[words.length + 4];
        System.arraycopy(words, 0, command, 4, words.length);
        System.arraycopy(new String[] {"curl", "-gsSf", "-m", "50"}, 0, command, 0, 4);
        Laboratory.Result result = laboratory.client(command);
        assertThat(result.status()).as(result.output()).isZero();
    }

    @ParameterizedTest(name = "port {0}")
    @CsvSource({"80,1", "81,1", "82,1", "83,1", "84,1", "85,2"})
    void shouldCarryFilesBothWays(int port, int server) throws Exception {
        Path file = laboratory.state().resolve("files").resolve("1MiB");
        for (int family = 0; family < 2; family++) {
            Path fetched = directory.resolve("fetched");
            String name = port + "-" + family;
            curl("-o", fetched.toString(), url(family, port, "/files/1MiB"));
            assertThat(fetched).hasSameBinaryContentAs(file);
            curl("-T", file.toString(), url(family, port, "/upload/" + name));
            Path sent = laboratory.state().resolve("rs" + server).resolve("upload").resolve(name);
            assertThat(sent).hasSameBinaryContentAs(file);
        }
    }

    /** Options that both ends see on one connection: the client's line, then the server's. */
    @ParameterizedTest(name = "port {0}")
    @CsvSource({"80,1", "81,1", "82,1", "83,1", "84,1"})
    void shouldAgreeOnTimeStampsScalesAndSack(int port, int server) throws Exception {
        for (int family = 0; family < 2; family++) {
            for (String line : sockets(family, port, "rs" + server)) {
                assertThat(line).contains(" ts ").contains(" sack ").contains("wscale:");
            }
        }
    }

    /** A worker does not offer again what the server of its first connection did without. */
    @Test
    void shouldDoWithoutTheTimeStampsThatAServerDoesNotHave() throws Exception {
        for (int family = 0; family < 2; family++) {
            for (int i = 0; i < 20; i++) {
                curl("-o", "/dev/null", url(family, STAMPLESS, "/"));
            }
            for (String line : sockets(family, STAMPLESS, "rs2")) {
                assertThat(line).doesNotContain(" ts ").contains(" sack ").contains("wscale:");
            }
        }
    }

    /** What ss says of both ends of a connection while it carries data. */
    private static List<String> sockets(int family, int port, String server) throws Exception {
        Process slow =
                laboratory.start(
                        "cli",
                        directory.resolve("slow"),
                        "curl",
                        "-gsS",
                        "--limit-rate",
                        "50k",
                        "-o",
                        "/dev/null",
                        url(family, port, "/files/1MiB"));
        try {
            String client = socket("cli", "dport = :" + port);
            return List.of(client, socket(server, "sport = :80 or sport = :8081"));
        } finally {
            slow.destroy();
            assertThat(slow.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String socket(String node, String filter) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            Laboratory.Result result =
                    laboratory.on(node, "ss", "-tinoHO", "state", "established", filter);
            assertThat(result.status()).as(result.output()).isZero();
            // Of the client's own connection, once data has come: options are settled then.
            for (String line : result.output().split("\n", -1)) {
                if (line.contains("data_seg") || line.contains("segs_in")) {
                    return line + " ";
                }
            }
            assertThat(System.nanoTime() - end).as(result.output()).isNegative();
            Thread.sleep(100);
        }
    }
}
