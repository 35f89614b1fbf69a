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

/**
 * A SYN flood as fast as it goes, and clients that mean it, with and without SYN proxy. Needs root,
 * for network namespaces.
 */
class SynFloodIT {
    private static final String[] VIPS = {"172.16.0.100", "2001:db8:c::100"};
    private static final String[] SERVERS = {"10.0.1.11", "2001:db8:1::11"};
    private static final String[] LOCALS = {"10.0.1.200", "2001:db8:1::200"};
    private static final int PROXIED = 80;
    private static final int AUTOMATIC = 81;
    private static final int BARE = 82;
    private static final int FLOOD_SECONDS = 5;
    private static final long WAIT_SECONDS = 120;
    private static final int URLS = 20;

    /** Room for fewer connections than the flood has flows. */
    private static final int MOST_CONNECTIONS = 20_000;

    /**
     * What the director's process may grow by while it answers some 130,000 SYNs. Its heap is in
     * memory from the start, so this is for compiled code, classes and stacks; 1 to 4 MiB were
     * seen. A kernel that keeps a request of some 300 bytes for each SYN would need more.
     */
    private static final long MOST_GROWTH_BYTES = 32L << 20;

    private static Laboratory laboratory;
    private static LaboratoryDirector director;

    @TempDir private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvssyn");
        laboratory.lab("prepare", "fullnat");
        StringBuilder services = new StringBuilder("virtual_services:\n");
        for (int family = 0; family < 2; family++) {
            services.append(service(family, PROXIED, "{mode: on}"));
            services.append(service(family, AUTOMATIC, "{mode: auto, half_open_threshold: 500}"));
            services.append(service(family, BARE, "{mode: off}"));
        }
        director =
                LaboratoryDirector.start(
                        laboratory,
                        directory,
                        laboratory.lab("director") + "\nmax_connections: " + MOST_CONNECTIONS,
                        services.toString(),
                        url(0, BARE),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch");
    }

    private static String service(int family, int port, String syns) {
        return """
          - protocol: tcp
            address: "%s"
            port: %d
            scheduler: rr
            syn_proxy: %s
            local_addresses: ["%s"]
            real_servers: [{address: "%s", port: 80, forwarding_method: fullnat}]
        """
                .formatted(VIPS[family], port, syns, LOCALS[family], SERVERS[family]);
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

    private static String url(int family, int port) {
        return Traffic.url(VIPS[family], "").replaceAll("/$", "") + ":" + port + "/";
    }

    /**
     * Requests one after the other, each on a connection of its own; gives those that succeeded.
     */
    private static int request(int family, int port) throws Exception {
        List<String> words = new ArrayList<>(List.of("curl", "-gsS", "-H", "Connection: close"));
        words.addAll(List.of("-m", "50", "--connect-timeout", "25", "-w", "%{http_code}\n"));
        for (int i = 0; i < URLS; i++) {
            words.addAll(List.of("-o", "/dev/null", url(family, port)));
        }
        Laboratory.Result result = laboratory.client(words.toArray(String[]::new));
        return (int) result.output().lines().filter("200"::equals).count();
    }

    /** Packets that the real server has received. */
    private static long received() throws Exception {
        Laboratory.Result packets =
                laboratory.on("rs1", "cat", "/sys/class/net/eth0/statistics/rx_packets");
        assertThat(packets.status()).as(packets.output()).isZero();
        return Long.parseLong(packets.output());
    }

    private record Outcome(
            int asked, int answered, double flood, double mostConnections, long mostGrowthBytes) {}

    private static Process startFlood(int port, int seconds) throws Exception {
        return laboratory.start(
                "cli",
                directory.resolve("flood" + port),
                Laboratory.program(
                        "syn-flood.py",
                        VIPS[0],
                        Integer.toString(port),
                        Integer.toString(seconds)));
    }

    private static void end(Process flood) throws Exception {
        flood.destroy();
        assertThat(flood.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static Outcome flood(int port) throws Exception {
        long before = director.residentBytes();
        Process flood = startFlood(port, FLOOD_SECONDS);
        int asked = 0;
        int answered = 0;
        double most = 0;
        long growth = 0;
        try {
            while (flood.isAlive() || asked < 10 * URLS) {
                asked += URLS;
                answered += request(asked / URLS & 1, port);
                most = Math.max(most, director.metric("jvs_connections"));
                growth = Math.max(growth, director.residentBytes() - before);
            }
        } finally {
            end(flood);
        }
        double sent = Double.parseDouble(Files.readString(directory.resolve("flood" + port)));
        return new Outcome(asked, answered, sent, most, growth);
    }

    private static void assertAllAnswered(Outcome outcome) {
        assertThat(outcome.flood).as(outcome.toString()).isGreaterThan(10_000);
        assertThat(outcome.asked - outcome.answered)
                .as(outcome.toString())
                .isLessThanOrEqualTo(outcome.asked / 1000);
        assertThat(outcome.mostGrowthBytes).as(outcome.toString()).isLessThan(MOST_GROWTH_BYTES);
    }

    @Test
    void shouldAnswerRequestsDuringAFlood() throws Exception {
        for (int i = 0; i < 10; i++) {
            request(i & 1, PROXIED);
        }
        long before = received();
        Outcome proxied = flood(PROXIED);
        assertAllAnswered(proxied);
        assertThat(proxied.mostConnections).as("those of requests only").isLessThan(1000);
        assertThat(received() - before)
                .as("packets of requests only")
                .isLessThan(20L * proxied.asked);
        assertThat(director.metric("jvs_syn_proxy_events_total{event=\"cookie_sent\"}"))
                .isGreaterThan(10_000);
        assertThat(director.metric("jvs_syn_proxy_events_total{event=\"cookie_valid\"}"))
                .isGreaterThanOrEqualTo(proxied.answered);
        Outcome automatic = flood(AUTOMATIC);
        assertAllAnswered(automatic);
        assertThat(automatic.mostConnections).isLessThan(3000);
        suffer();
    }

    /**
     * Without the proxy each SYN is a half-open connection and comes to the real server. The table
     * is full soon: who means it is refused then, and the director says why.
     */
    private static void suffer() throws Exception {
        long before = received();
        Process flood = startFlood(BARE, (int) WAIT_SECONDS);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (director.dropped(List.of("table_full")) == 0) {
                assertThat(System.nanoTime() - end).as("the table never was full").isNegative();
                Thread.sleep(100);
            }
            assertThat(director.metric("jvs_connections")).isGreaterThan(MOST_CONNECTIONS / 2.0);
            assertThat(received() - before).isGreaterThan(10_000);
            Laboratory.Result result =
                    laboratory.client("curl", "-gs", "-m", "5", "-o", "/dev/null", url(0, BARE));
            assertThat(result.status()).as("curl: the operation timed out").isEqualTo(28);
        } finally {
            end(flood);
        }
    }
}
