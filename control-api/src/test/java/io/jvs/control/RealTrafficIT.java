package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jvs.proto.v1.Connection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fragments, path MTU discovery, ICMP errors, traceroute and persistence between the kernels and
 * programs of real clients, routers and servers, through one director on af_packet ports with an
 * arm on each side. Needs root, for network namespaces.
 */
class RealTrafficIT {
    private static final List<String> NETWORKS = List.of("172.16.0.", "2001:db8:c::");
    private static final List<String> ROUTER = List.of("172.16.0.254", "2001:db8:c::fe");
    private static final String MARKED = "172.16.0.107";
    private static final String EXPIRING = "172.16.0.108";

    /** What no fragment of an honest sender is dropped for. */
    private static final List<String> FAULTS =
            List.of(
                    "malformed_ipv4",
                    "malformed_ipv6",
                    "fragment",
                    "fragment_tiny",
                    "fragment_malformed",
                    "fragment_overlap",
                    "fragment_duplicate",
                    "fragment_limit",
                    "fragment_refused");

    @TempDir private static Path directory;

    private static Laboratory laboratory;
    private static LaboratoryDirector director;
    private static Traffic traffic;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsreal");
        traffic = new Traffic(laboratory, directory);
        List<String> words = new ArrayList<>(List.of("mix"));
        for (String network : NETWORKS) {
            for (int last = 101; last <= 108; last++) {
                words.add(network + last);
            }
        }
        laboratory.lab("prepare", words.toArray(String[]::new));
        onRouter("echo 0 >/proc/sys/net/ipv4/icmp_ratelimit");
        onRouter("echo 0 >/proc/sys/net/ipv6/icmp/ratelimit");
        // A virtual address that only mark rules name is one of a port's own addresses.
        String ports =
                laboratory
                        .lab("director", "two")
                        .replaceFirst("addresses: \\[", "addresses: [\"" + MARKED + "/32\", ");
        director =
                LaboratoryDirector.start(
                        laboratory,
                        directory,
                        ports,
                        services(),
                        Traffic.url(TrafficMode.NAT.vip(NETWORKS.getFirst()), "/"));
    }

    private static String services() {
        StringBuilder text = new StringBuilder("mark_rules:\n");
        for (int port : new int[] {80, 8080}) {
            text.append(
                    "  - {protocol: tcp, destination: \"%s/32\", destination_ports: \"%d\", mark: 7}\n"
                            .formatted(MARKED, port));
        }
        text.append("virtual_services:\n");
        for (String network : NETWORKS) {
            for (TrafficMode mode : TrafficMode.values()) {
                text.append(mode.services(network));
            }
        }
        tunnel(text, "172.16.0.105", "10.0.2.15");
        tunnel(text, "2001:db8:c::105", "2001:db8:2::15");
        tunnel(text, "172.16.0.106", "2001:db8:2::15");
        tunnel(text, "2001:db8:c::106", "10.0.2.15");
        return text
                + """
                  - firewall_mark: 7
                    scheduler: rr
                    persistence: {timeout_seconds: 30, netmask: "255.255.255.0"}
                    real_servers:
                      - {address: 10.0.1.11, forwarding_method: nat}
                      - {address: 10.0.1.13, forwarding_method: nat}
                  - protocol: udp
                    address: %s
                    port: 5300
                    scheduler: rr
                    one_packet: true
                    persistence: {timeout_seconds: 3}
                    real_servers:
                      - {address: 10.0.2.14, forwarding_method: tunnel}
                      - {address: 10.0.2.15, forwarding_method: tunnel}
                """
                        .formatted(EXPIRING);
    }

    private static void tunnel(StringBuilder text, String vip, String server) {
        text.append(
                """
                  - protocol: tcp
                    address: "%s"
                    port: 80
                    scheduler: rr
                    real_servers: [{address: "%s", forwarding_method: tunnel}]
                """
                        .formatted(vip, server));
    }

    private static void onRouter(String command) throws Exception {
        Laboratory.Result result = laboratory.on("rtr", "sh", "-c", command);
        assertThat(result.status()).as("%s: %s", command, result.output()).isZero();
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (director != null) {
            director.stop();
        }
        if (laboratory != null) {
            laboratory.down();
        }
    }

    @ParameterizedTest
    @EnumSource(TrafficMode.class)
    void shouldCarryFragmentedDatagrams(TrafficMode mode) throws Exception {
        for (String network : NETWORKS) {
            for (String order : List.of("kernel", "shuffled", "reversed", "lost")) {
                traffic.exchangeDatagrams(mode, mode.vip(network), order);
            }
        }
        assertThat(director.dropped(FAULTS)).isZero();
    }

    @ParameterizedTest
    @EnumSource(TrafficMode.class)
    void shouldAnswerPingsInFragments(TrafficMode mode) throws Exception {
        for (String network : NETWORKS) {
            traffic.ping(mode.vip(network));
        }
    }

    @ParameterizedTest
    @EnumSource(TrafficMode.class)
    void shouldCarryErrorsBothWays(TrafficMode mode) throws Exception {
        for (String network : NETWORKS) {
            traffic.beRefused(mode.vip(network));
            traffic.refuse(mode, network);
        }
    }

    /**
     * First the director itself tells that a tunnel takes less than the client's link, then a
     * router behind it does. Both families of inner and outer packets; rs5 is only here for them.
     */
    @ParameterizedTest
    @CsvSource({
        "inet, 10.0.2.15/32, 172.16.0.105, 2001:db8:c::106, 20",
        "inet6, 2001:db8:2::15/128, 172.16.0.106, 2001:db8:c::105, 40"
    })
    void shouldTeachClientsThePathMtuOfTunnels(
            String outer, String server, String vip4, String vip6, int overhead) throws Exception {
        learn(List.of(vip4, vip6), outer + "-wide", 1500 - overhead);
        onRouter("ip -family %s route replace %s dev far mtu 1400".formatted(outer, server));
        learn(List.of(vip4, vip6), outer + "-narrow", 1400 - overhead);
    }

    private static void learn(List<String> vips, String name, int mtu) throws Exception {
        for (String vip : vips) {
            traffic.upload("rs5", vip, name + vip.replace(':', '-'));
            assertThat(traffic.route(vip)).contains("mtu " + mtu);
        }
    }

    @ParameterizedTest
    @EnumSource(TrafficMode.class)
    void shouldBeSeenByTraceroute(TrafficMode mode) throws Exception {
        for (int family = 0; family < 2; family++) {
            String vip = mode.vip(NETWORKS.get(family));
            String router = ROUTER.get(family);
            // The client's way to the address leads over the router, from there to the director.
            laboratory.client("ip", "route", "add", vip, "via", router);
            try {
                assertThat(traffic.trace(vip)).as("UDP").containsExactly(router, vip);
                assertThat(traffic.trace(vip, "-I")).as("ICMP").containsExactly(router, vip);
                // The director is a hop, then a router behind it, then the server: all say VIP.
                boolean far = mode == TrafficMode.TUN || mode == TrafficMode.FULLNAT;
                List<String> all = far ? List.of(router, vip, vip, vip) : List.of(router, vip, vip);
                assertThat(traffic.trace(vip, "-T", "-p80")).as("TCP").isEqualTo(all);
            } finally {
                laboratory.client("ip", "route", "delete", vip, "via", router);
            }
        }
    }

    @Test
    void shouldKeepClientsOfANetworkAtOneServer() throws Exception {
        laboratory.client("ip", "address", "add", "172.16.2.1/16", "dev", "eth0");
        String first = server("172.16.1.1", 80);
        for (String client : List.of("172.16.1.2", "172.16.1.3", "172.16.1.1")) {
            for (int port : new int[] {8080, 80}) {
                assertThat(server(client, port)).as(client).isEqualTo(first);
            }
        }
        String second = server("172.16.2.1", 8080);
        assertThat(second).isNotEqualTo(first);
        assertThat(server("172.16.2.1", 80)).isEqualTo(second);
        List<Connection> templates =
                director.templates().stream()
                        .filter(each -> each.getVirtualAddress().equals("0.0.0.7"))
                        .toList();
        assertThat(templates)
                .extracting(Connection::getClientAddress)
                .containsExactlyInAnyOrder("172.16.1.0", "172.16.2.0");
        assertThat(templates)
                .allSatisfy(each -> assertThat(each.getExpiresMillis()).isBetween(1L, 30_000L));
    }

    /** The server that answers a client's request of the marked address. */
    private static String server(String client, int port) throws Exception {
        String url = "http://" + MARKED + ":" + port + "/";
        Laboratory.Result answer =
                laboratory.client("curl", "-sS", "-f", "-m", "20", "--interface", client, url);
        assertThat(answer.status()).as(answer.output()).isZero();
        return answer.output();
    }

    @Test
    void shouldChooseAnewAfterThePersistenceTimeout() throws Exception {
        String first = echo();
        assertThat(first).isIn("rs4", "rs5");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (director.templates().stream()
                .anyMatch(each -> each.getVirtualAddress().equals(EXPIRING))) {
            assertThat(System.nanoTime() - end).isNegative();
            Thread.sleep(100);
        }
        assertThat(echo()).isIn("rs4", "rs5").isNotEqualTo(first);
    }

    private static String echo() throws Exception {
        Laboratory.Result answer =
                laboratory.client(
                        Laboratory.program(
                                "udp-client.py", "--timeout", "20", EXPIRING, "5300", "hello"));
        assertThat(answer.status()).as(answer.output()).isZero();
        return Arrays.asList(answer.output().split(" ", -1)).getFirst();
    }
}
