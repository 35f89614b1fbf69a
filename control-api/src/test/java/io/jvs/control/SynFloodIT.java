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
                        laboratory.lab("director"),
                        services.toString(),
                        url(0, BARE));
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

    private static double metric(String name) throws Exception {
        Laboratory.Result metrics =
                laboratory.on("dir", "curl", "-sSf", "-m", "20", "http://127.0.0.1:9105/metrics");
        assertThat(metrics.status()).as(metrics.output()).isZero();
        return metrics.output()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private record Outcome(int asked, int answered, double flood, double mostConnections) {}

    private static Outcome flood(int port) throws Exception {
        Path log = directory.resolve("flood" + port);
        String seconds = Integer.toString(FLOOD_SECONDS);
        Process flood =
                laboratory.start(
                        "cli",
                        log,
                        Laboratory.program(
                                "syn-flood.py", VIPS[0], Integer.toString(port), seconds));
        int asked = 0;
        int answered = 0;
        double most = 0;
        try {
            while (flood.isAlive() || asked < 10 * URLS) {
                asked += URLS;
                answered += request(asked / URLS & 1, port);
                most = Math.max(most, metric("jvs_connections"));
            }
        } finally {
            flood.destroy();
            assertThat(flood.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        double sent = Double.parseDouble(Files.readString(log).strip());
        return new Outcome(asked, answered, sent, most);
    }

    @Test
    void shouldAnswerRequestsDuringAFlood() throws Exception {
        Outcome proxied = flood(PROXIED);
        assertThat(proxied.flood).isGreaterThan(10_000);
        assertThat(proxied.asked - proxied.answered)
                .as(proxied.toString())
                .isLessThanOrEqualTo(proxied.asked / 1000);
        assertThat(proxied.mostConnections).as("those of requests only").isLessThan(1000);
        assertThat(metric("jvs_syn_proxy_events_total{event=\"cookie_sent\"}"))
                .isGreaterThan(10_000);
        assertThat(metric("jvs_syn_proxy_events_total{event=\"cookie_valid\"}"))
                .isGreaterThanOrEqualTo(proxied.answered);
        Outcome automatic = flood(AUTOMATIC);
        assertThat(automatic.asked - automatic.answered)
                .as(automatic.toString())
                .isLessThanOrEqualTo(automatic.asked / 1000);
        assertThat(automatic.mostConnections).isLessThan(3000);
        Outcome bare = flood(BARE);
        assertThat(bare.mostConnections).as("a connection a flow").isGreaterThan(10_000);
    }
}
