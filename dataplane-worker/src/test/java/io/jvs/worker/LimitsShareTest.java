package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Limits;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits are those of all workers together. */
class LimitsShareTest {
    private static final int WORKERS = 4;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final Frames.Endpoint VIRTUAL = Frames.Endpoint.of("10.99.0.1", 80);
    private static final long SECOND = 1_000_000_000L;
    private static final int TICKS = 100;

    private final MemoryDataplane dataplane = open();
    private ForwardingMethod method = ForwardingMethod.DIRECT_ROUTE;
    private int clients;

    @AfterEach
    void close() {
        drain();
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }

    private static MemoryDataplane open() {
        InterfaceSpec both =
                new InterfaceSpec(
                        0,
                        List.of(
                                new InterfaceSpec.Prefix(Address.parse("172.16.0.1"), 16),
                                new InterfaceSpec.Prefix(Address.parse("192.168.77.254"), 24)));
        List<NeighborSpec> neighbors =
                List.of(
                        new NeighborSpec(real(1), SERVER_MAC),
                        new NeighborSpec(real(2), SERVER_MAC));
        return MemoryDataplane.open(
                new DataplaneSpec(
                        List.of(new PortSpec("lan", "memory", 0, List.of(both), "")),
                        List.of(),
                        neighbors,
                        WORKERS,
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

    private void service(Limits limits, Limits... servers) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, VIRTUAL.address(), VIRTUAL.port());
        VirtualService spec =
                new VirtualService(key, "wlc", Set.of(), null, false, List.of(), List.of())
                        .withGuard(ServiceGuard.NONE.withLimits(limits));
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(0, spec));
        for (int i = 0; i < servers.length; i++) {
            RealServer server =
                    new RealServer(real(i + 1), 80, method, 1, 0, 0, Tunnel.IPIP)
                            .withLimits(servers[i]);
            changes.add(new Change.AddServer(0, i, server));
        }
        if (method == ForwardingMethod.FULLNAT) {
            changes.add(new Change.SetLocalAddresses(0, List.of(real(200))));
        }
        assertThat(dataplane.apply(1, changes).join()).isEqualTo(1);
    }

    private void open(int count) {
        for (int i = 0; i < count; i++) {
            segment(clients++, Frames.SYN);
        }
        dataplane.settle();
        drain();
    }

    private void segment(int client, int flags) {
        Address from = Address.ofIpv4(172 << 24 | 16 << 16 | 10 << 8 | client & 0x3F);
        Frames.Endpoint source = new Frames.Endpoint(from, 1024 + (client >> 6));
        dataplane.enqueue(
                0, Frames.frame(OneArm.PORT_MAC, CLIENT_MAC, source, VIRTUAL, Frames.TCP, flags));
    }

    private void drain() {
        while (dataplane.takeSent(0).length > 0) {
            // to the last
        }
    }

    private long made(int server) {
        return dataplane.counters().server(server, ServerCounter.CONNECTIONS);
    }

    @Test
    void shouldLetAllWorkersTogetherMakeSoManyConnectionsInASecond() {
        service(new Limits(0, 1000, 0, 0, 0), Limits.NONE, Limits.NONE);
        long before = 0;
        for (int second = 0; second < 3; second++) {
            for (int tick = 0; tick < TICKS; tick++) {
                open(30);
                dataplane.advance(SECOND / TICKS);
            }
            long now = made(0) + made(1);
            // Two in a hundred, and what a bucket holds for the first second.
            assertThat(now - before).as("second %d", second).isBetween(980L, 1000L + 20 + WORKERS);
            before = now;
        }
        assertThat(dataplane.counters().verdict(Verdict.DROP_SERVICE_LIMIT))
                .isEqualTo(9000 - before);
    }

    @ParameterizedTest
    @EnumSource(names = {"NAT", "FULLNAT", "DIRECT_ROUTE"})
    void shouldHoldAServerToItsRateAndGiveTheRestToAnother(ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        service(Limits.NONE, new Limits(0, 500, 0, 0, 0), Limits.NONE);
        for (int tick = 0; tick < 2 * TICKS; tick++) {
            open(20);
            dataplane.advance(SECOND / TICKS);
        }
        assertThat(made(0)).isBetween(980L, 1000L + 10 + WORKERS);
        assertThat(made(0) + made(1)).isEqualTo(4000);
    }

    @ParameterizedTest
    @EnumSource(names = {"NAT", "FULLNAT", "DIRECT_ROUTE"})
    void shouldCountTheOpenConnectionsOfAllWorkers(ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        service(new Limits(60, 0, 0, 0, 0), new Limits(10, 0, 0, 0, 0), Limits.NONE);
        for (int i = 0; i < 200; i++) {
            open(1);
        }
        assertThat(made(0)).isBetween(10L, 10L + WORKERS - 1);
        assertThat(made(0) + made(1)).isEqualTo(60);
        assertThat(dataplane.counters().verdict(Verdict.DROP_SERVICE_LIMIT)).isEqualTo(140);
        assertThat(dataplane.counters().service(0, ServiceCounter.OPEN)).isEqualTo(60);
    }

    /** 200 connections on all workers, 40 segments a tick; a server's rate of packets. */
    @ParameterizedTest
    @EnumSource(names = {"NAT", "FULLNAT", "DIRECT_ROUTE"})
    void shouldLetSoManyPacketsOfAllWorkersBy(ForwardingMethod forwardingMethod) {
        method = forwardingMethod;
        service(Limits.NONE, new Limits(0, 0, 1000, 0, 0));
        for (int i = 0; i < 20; i++) {
            open(10);
            dataplane.advance(SECOND / 10);
        }
        assertThat(made(0)).isEqualTo(200);
        long before = dataplane.counters().verdict(Verdict.FORWARDED);
        for (int tick = 0; tick < 2 * TICKS; tick++) {
            send(tick, 40);
        }
        long passed = dataplane.counters().verdict(Verdict.FORWARDED) - before;
        assertThat(passed).isBetween(1960L, 2000L + 40 + WORKERS);
        assertThat(dataplane.counters().verdict(Verdict.DROP_SERVER_LIMIT))
                .isEqualTo(2L * TICKS * 40 - passed);
    }

    /** A bucket of bytes holds 65,536 at least, so that much comes on top of two seconds' rate. */
    @Test
    void shouldLetSoManyBytesOfAllWorkersBy() {
        service(new Limits(0, 0, 0, 100_000, 0), Limits.NONE);
        open(200);
        for (int tick = 0; tick < 2 * TICKS; tick++) {
            send(tick, 100);
        }
        long bytes = dataplane.counters().service(0, ServiceCounter.BYTES);
        assertThat(bytes).isBetween(65_536L + 196_000, 65_536L + 204_000 + 65_536 / WORKERS);
        assertThat(dataplane.counters().verdict(Verdict.DROP_SERVICE_LIMIT)).isPositive();
    }

    private void send(int tick, int count) {
        for (int i = 0; i < count; i++) {
            segment((tick * count + i) % 200, Frames.ACK);
        }
        dataplane.settle();
        drain();
        dataplane.advance(SECOND / TICKS);
    }
}
