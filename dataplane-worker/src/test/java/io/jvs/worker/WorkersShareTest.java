package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedulers over several workers: what servers get is what one worker would give them. */
class WorkersShareTest {
    private static final int CONNECTIONS = 10_000;
    private static final int WORKERS = 4;

    /** More servers than are asked about at once. */
    private static final int MANY = 200;

    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final Frames.Endpoint VIRTUAL = Frames.Endpoint.of("10.99.0.1", 80);
    private static final long SECOND = 1_000_000_000L;

    private final MemoryDataplane dataplane = open(WORKERS);
    private ForwardingMethod method = ForwardingMethod.DIRECT_ROUTE;
    private int clients;

    @AfterEach
    void close() {
        drain();
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }

    private static MemoryDataplane open(int workers) {
        InterfaceSpec both =
                new InterfaceSpec(
                        0,
                        List.of(
                                new InterfaceSpec.Prefix(Address.parse("172.16.0.1"), 16),
                                new InterfaceSpec.Prefix(Address.parse("192.168.77.254"), 24)));
        List<NeighborSpec> neighbors = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            neighbors.add(new NeighborSpec(real(i), SERVER_MAC));
        }
        return MemoryDataplane.open(
                new DataplaneSpec(
                        List.of(new PortSpec("lan", "memory", 0, List.of(both), "")),
                        List.of(),
                        neighbors,
                        workers,
                        List.of(),
                        20_000,
                        "no-huge",
                        64,
                        "test",
                        42,
                        false),
                SECOND);
    }

    private static Address real(int number) {
        return Address.parse("192.168.77." + number);
    }

    private void service(String scheduler, int upper, int lower, int... weights) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, VIRTUAL.address(), VIRTUAL.port());
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, scheduler, Set.of(), null, false, List.of(), List.of())));
        for (int i = 0; i < weights.length; i++) {
            changes.add(
                    new Change.AddServer(
                            0,
                            i,
                            new RealServer(
                                    real(i + 1),
                                    80,
                                    method,
                                    weights[i],
                                    upper,
                                    lower,
                                    Tunnel.IPIP)));
        }
        if (method == ForwardingMethod.FULLNAT) {
            changes.add(new Change.SetLocalAddresses(0, List.of(real(200))));
        }
        assertThat(dataplane.apply(1, changes).join()).isEqualTo(1);
    }

    private void segment(int client, int flags) {
        Address from = Address.ofIpv4(172 << 24 | 16 << 16 | 10 << 8 | client & 0x3F);
        segment(new Frames.Endpoint(from, 1024 + (client >> 6)), flags);
    }

    private void segment(Frames.Endpoint source, int flags) {
        dataplane.enqueue(
                0, Frames.frame(OneArm.PORT_MAC, CLIENT_MAC, source, VIRTUAL, Frames.TCP, flags));
    }

    private void drain() {
        while (dataplane.takeSent(0).length > 0) {
            // to the last
        }
    }

    /** Opens connections, so many at once, and establishes them. */
    private void connect(int count, int atOnce) {
        for (int done = 0; done < count; done += atOnce) {
            int first = clients;
            for (int i = 0; i < Math.min(atOnce, count - done); i++) {
                segment(clients++, Frames.SYN);
            }
            dataplane.settle();
            for (int client = first; client < clients; client++) {
                segment(client, Frames.ACK);
            }
            dataplane.settle();
            drain();
        }
    }

    private long connections(int server) {
        return dataplane.counters().server(server, ServerCounter.CONNECTIONS);
    }

    private static int[] weights(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "rr,1 1 1 1",
        "rr,1 1 1 1 1",
        "wrr,1 2 3 4",
        "wrr,5 1 1",
        "lc,1 1 1 1",
        "wlc,1 2 3 4",
        "sed,1 2 3 4",
        "nq,1 2 3 4",
        "wlc,7 3"
    })
    void shouldKeepShares(String scheduler, String text) {
        keepShares(scheduler, text);
    }

    @ParameterizedTest
    @CsvSource({
        "lc,1 1 1 1,NAT",
        "lc,1 1 1 1,FULLNAT",
        "wlc,1 2 3 4,NAT",
        "wlc,1 2 3 4,FULLNAT",
        "wlc,1 2 3 4,TUNNEL"
    })
    void shouldKeepSharesOfLeastConnections(
            String scheduler, String text, ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        keepShares(scheduler, text);
    }

    private void keepShares(String scheduler, String text) {
        int[] weights = weights(text);
        service(scheduler, 0, 0, weights);
        connect(CONNECTIONS, 50);
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < weights.length; i++) {
            double fair = (double) CONNECTIONS * weights[i] / sum;
            assertThat((double) connections(i))
                    .as("server %d of %s %s", i, scheduler, text)
                    .isCloseTo(fair, Offset.offset(CONNECTIONS / 100.0));
        }
    }

    @Test
    void shouldUseAllWorkers() {
        service("rr", 0, 0, 1, 1);
        connect(1000, 50);
        for (WorkerView worker : dataplane.workers()) {
            assertThat(worker.receivedPackets()).as("worker %d", worker.number()).isPositive();
        }
        assertThat(dataplane.connections(5000).join()).hasSize(1000);
    }

    @Test
    void shouldBeginAtDifferentServers() {
        service("rr", 0, 0, 1, 1, 1, 1);
        for (int worker = 0; worker < WORKERS; worker++) {
            Frames.Endpoint source = Frames.Endpoint.of("172.16.9.9", 5000 + worker);
            dataplane.inject(
                    0,
                    worker,
                    Frames.frame(
                            OneArm.PORT_MAC, CLIENT_MAC, source, VIRTUAL, Frames.TCP, Frames.SYN));
        }
        for (int server = 0; server < 4; server++) {
            assertThat(connections(server)).isEqualTo(1);
        }
    }

    /** Who has lost connections gets the new ones, whichever workers they were and are at. */
    @ParameterizedTest
    @CsvSource({
        "lc,NAT",
        "lc,FULLNAT",
        "lc,DIRECT_ROUTE",
        "wlc,NAT",
        "wlc,FULLNAT",
        "wlc,DIRECT_ROUTE"
    })
    void shouldRefillTheServerWhoseConnectionsEnded(
            String scheduler, ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        service(scheduler, 0, 0, 1, 1);
        connect(400, 10);
        assertThat(openAt(1)).isBetween(196L, 204L);
        for (ConnectionView each : dataplane.connections(5000).join()) {
            if (each.real().equals(real(1))) {
                segment(new Frames.Endpoint(each.client(), each.clientPort()), Frames.RST);
            }
        }
        dataplane.settle();
        // With a reset a connection is closed after ten seconds.
        dataplane.advance(11 * SECOND);
        drain();
        assertThat(openAt(1)).isZero();
        long before = connections(1);
        connect(190, 10);
        assertThat(openAt(1)).isEqualTo(190);
        assertThat(connections(1)).isEqualTo(before);
    }

    private long openAt(int server) {
        return dataplane.connections(5000).join().stream()
                .filter(each -> each.real().equals(real(server)))
                .count();
    }

    @ParameterizedTest
    @CsvSource({"lc,NAT", "lc,FULLNAT", "wlc,NAT", "wlc,FULLNAT"})
    void shouldStopAtThresholdsOfLeastConnections(
            String scheduler, ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        shouldStopAtThresholds(scheduler);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "wrr", "lc", "wlc", "sed", "nq"})
    void shouldStopAtThresholds(String scheduler) {
        service(scheduler, 25, 20, 1, 1, 1);
        connect(200, 1);
        for (int server = 0; server < 3; server++) {
            assertThat(connections(server)).isEqualTo(25);
        }
        assertThat(dataplane.counters().verdict(Verdict.REPLIED)).isPositive();
    }

    /** Workers that take turns never admit in the same instant, so bursts do not pass it either. */
    @Test
    void shouldStopAtThresholdsInBursts() {
        service("wlc", 25, 0, 1, 1, 1);
        connect(200, 100);
        for (int server = 0; server < 3; server++) {
            assertThat(connections(server)).isEqualTo(25);
        }
    }

    @Test
    void shouldGoOnBelowTheLowerThreshold() {
        service("rr", 25, 20, 1);
        connect(40, 1);
        assertThat(connections(0)).isEqualTo(25);
        // The first ones end: with a reset a connection is closed after ten seconds.
        for (int client = 0; client < 5; client++) {
            segment(client, Frames.RST);
            dataplane.settle();
        }
        dataplane.advance(11 * SECOND);
        drain();
        connect(40, 1);
        assertThat(connections(0)).isEqualTo(25);
        segment(5, Frames.RST);
        dataplane.advance(11 * SECOND);
        drain();
        connect(40, 1);
        assertThat(connections(0)).isEqualTo(31);
    }

    /** lc gives new connections to the server that has fewer of all workers' connections. */
    @Test
    void shouldSeeTheConnectionsOfOtherWorkers() {
        service("lc", 0, 0, 1, 1);
        for (int i = 0; i < 40; i++) {
            syn(0, 6000 + i);
        }
        dataplane.advance(SECOND / 100);
        assertThat(connections(0)).isEqualTo(20);
        List<Change> out = List.of(new Change.RemoveServer(0, 0));
        dataplane.apply(2, out).join();
        for (int i = 0; i < 20; i++) {
            syn(1, 7000 + i);
        }
        assertThat(connections(1)).isEqualTo(40);
        RealServer back =
                new RealServer(real(1), 80, ForwardingMethod.DIRECT_ROUTE, 1, 0, 0, Tunnel.IPIP);
        dataplane.apply(3, List.of(new Change.AddServer(0, 0, back))).join();
        dataplane.advance(SECOND / 100);
        // 20 against 40, none of which is worker 2's own.
        for (int i = 0; i < 20; i++) {
            syn(2, 8000 + i);
        }
        assertThat(connections(0)).isEqualTo(40);
        assertThat(connections(1)).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc", "sed", "nq"})
    void shouldKeepSharesOfManyServers(String scheduler) {
        int[] weights = new int[MANY];
        Arrays.fill(weights, 1);
        service(scheduler, 0, 0, weights);
        connect(CONNECTIONS, 50);
        for (int i = 0; i < MANY; i++) {
            assertThat((double) connections(i))
                    .as("server %d of %s", i, scheduler)
                    .isCloseTo((double) CONNECTIONS / MANY, Offset.offset(10.0));
        }
    }

    /** Worker 1 has seen none of the connections that worker 0 has given to all but one. */
    @Test
    void shouldSeeTheConnectionsOfOtherWorkersAmongManyServers() {
        int[] weights = new int[MANY - 1];
        Arrays.fill(weights, 1);
        service("wlc", 0, 0, weights);
        for (int i = 0; i < 2 * weights.length; i++) {
            syn(0, 6000 + i);
        }
        assertThat(connections(3)).isEqualTo(2);
        RealServer added =
                new RealServer(real(MANY), 80, ForwardingMethod.DIRECT_ROUTE, 9, 0, 0, Tunnel.IPIP);
        dataplane.apply(2, List.of(new Change.AddServer(0, MANY - 1, added))).join();
        for (int i = 0; i < 18; i++) {
            dataplane.advance(SECOND / 1000);
            syn(1, 9000 + i);
        }
        // All but those for which worker 1 found servers that it had not asked about.
        assertThat(connections(MANY - 1)).isGreaterThanOrEqualTo(14);
    }

    private void syn(int worker, int port) {
        Frames.Endpoint source = Frames.Endpoint.of("172.16.9.9", port);
        dataplane.inject(
                0,
                worker,
                Frames.frame(OneArm.PORT_MAC, CLIENT_MAC, source, VIRTUAL, Frames.TCP, Frames.SYN));
        drain();
    }
}
