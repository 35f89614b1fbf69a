package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Limits;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits through the whole pipeline. */
class LimitsTrafficTest {
    private static final int PORT = 20_000;

    private final OneArm arm = new OneArm(20_000);

    @AfterEach
    void close() {
        arm.close();
    }

    private static Limits connections(int most) {
        return new Limits(most, 0, 0, 0, 0);
    }

    private static VirtualService spec(
            String scheduler, Limits limits, @Nullable Persistence persistence) {
        ServiceKey key =
                new ServiceKey.Endpoint(
                        Protocol.TCP, OneArm.VIRTUAL.address(), OneArm.VIRTUAL.port());
        // flag-1: sh and mh fall back to another server.
        Set<SchedulerFlag> flags = Set.of(SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2);
        return new VirtualService(key, scheduler, flags, persistence, false, List.of(), List.of())
                .withGuard(ServiceGuard.NONE.withLimits(limits));
    }

    private static RealServer server(int number, Limits limits) {
        return new RealServer(
                        OneArm.real(number), 8080, ForwardingMethod.NAT, 100, 0, 0, Tunnel.IPIP)
                .withLimits(limits);
    }

    private void service(VirtualService spec, Limits... servers) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(0, spec));
        for (int i = 0; i < servers.length; i++) {
            changes.add(new Change.AddServer(0, i, server(i + 1, servers[i])));
        }
        arm.apply(changes);
    }

    private void open(int from, int count) {
        for (int i = 0; i < count; i++) {
            arm.fromClient(from + i, Frames.TCP, Frames.SYN);
        }
    }

    private long at(int server) {
        Address real = OneArm.real(server);
        return arm.all().stream()
                .filter(each -> !each.template() && each.real().equals(real))
                .count();
    }

    private long verdict(int code) {
        return arm.counters().verdict(code);
    }

    private long refused() {
        return arm.counters().service(0, ServiceCounter.LIMITED_CONNECTIONS);
    }

    @Test
    void shouldRefuseByNameWhenAServiceIsFull() {
        service(spec("rr", connections(3), null), Limits.NONE, Limits.NONE);
        open(PORT, 5);
        assertThat(arm.all()).hasSize(3);
        assertThat(verdict(Verdict.DROP_SERVICE_LIMIT)).isEqualTo(2);
        assertThat(refused()).isEqualTo(2);
        assertThat(arm.counters().service(0, ServiceCounter.OPEN)).isEqualTo(3);
        // Packets of those that are open go on, and when one has ended there is room.
        arm.fromClient(PORT, Frames.TCP, Frames.ACK);
        arm.fromClient(PORT, Frames.TCP, Frames.RST);
        arm.pass(15);
        open(PORT + 10, 2);
        assertThat(arm.all()).hasSize(3);
        assertThat(refused()).isEqualTo(3);
        arm.apply(List.of(new Change.EditService(0, spec("rr", Limits.NONE, null))));
        open(PORT + 20, 5);
        assertThat(arm.all()).hasSize(8);
    }

    static Stream<String> schedulers() {
        return Scheduler.names().stream();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void shouldChooseAnotherServerWhenOneIsFull(String scheduler) {
        service(spec(scheduler, Limits.NONE, null), connections(4), connections(7));
        open(PORT, 20);
        // dh hashes the virtual address and knows no other server.
        boolean one = scheduler.equals("dh");
        assertThat(at(1) + at(2)).isIn(one ? List.of(4L, 7L) : List.of(11L));
        assertThat(verdict(Verdict.DROP_SERVER_LIMIT)).isEqualTo(20 - at(1) - at(2));
        assertThat(refused()).isEqualTo(20 - at(1) - at(2));
        assertThat(verdict(Verdict.DROP_NO_SERVER)).isZero();
    }

    @Test
    void shouldNotMoveAPersistentClientAwayFromAFullServer() {
        service(spec("rr", Limits.NONE, new Persistence(300, -1)), connections(2), Limits.NONE);
        open(PORT, 1);
        int server = at(1) == 1 ? 1 : 2;
        if (server == 2) {
            arm.apply(List.of(new Change.EditServer(0, 1, server(2, connections(2)))));
        }
        open(PORT + 1, 4);
        assertThat(at(server)).isEqualTo(2);
        assertThat(at(3 - server)).isZero();
        assertThat(verdict(Verdict.DROP_SERVER_LIMIT)).isEqualTo(3);
    }

    @Test
    void shouldLetSoManyNewConnectionsInASecond() {
        service(spec("rr", new Limits(0, 500, 0, 0, 0), null), Limits.NONE, Limits.NONE);
        int port = PORT;
        long before = 0;
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 50; i++) {
                open(port, 30);
                port += 30;
                arm.passNs(20_000_000);
            }
            long now =
                    arm.counters().server(0, ServerCounter.CONNECTIONS)
                            + arm.counters().server(1, ServerCounter.CONNECTIONS);
            assertThat(now - before).isBetween(490L, 510L);
            before = now;
        }
        assertThat(verdict(Verdict.DROP_SERVICE_LIMIT)).isEqualTo(4500 - before);
    }

    @Test
    void shouldSpreadWhatOneServersRateRefuses() {
        service(spec("rr", Limits.NONE, null), new Limits(0, 100, 0, 0, 0), Limits.NONE);
        int port = PORT;
        for (int i = 0; i < 100; i++) {
            open(port, 10);
            port += 10;
            arm.passNs(10_000_000);
        }
        assertThat(at(1)).isBetween(99L, 103L);
        assertThat(at(1) + at(2)).isEqualTo(1000);
        assertThat(verdict(Verdict.DROP_SERVER_LIMIT)).isZero();
    }

    @Test
    void shouldDropPacketsBeyondARateInBothDirections() {
        service(spec("rr", Limits.NONE, null), new Limits(0, 0, 200, 0, 0));
        open(PORT, 1);
        arm.drain();
        long before = verdict(Verdict.FORWARDED);
        for (int i = 0; i < 100; i++) {
            for (int k = 0; k < 5; k++) {
                arm.fromClient(PORT, Frames.TCP, Frames.ACK);
                arm.fromServer(PORT, Frames.TCP, Frames.ACK);
            }
            arm.drain();
            arm.passNs(10_000_000);
        }
        assertThat(verdict(Verdict.FORWARDED) - before).isBetween(196L, 205L);
        assertThat(verdict(Verdict.DROP_SERVER_LIMIT))
                .isEqualTo(1000 - (verdict(Verdict.FORWARDED) - before))
                .isEqualTo(arm.counters().service(0, ServiceCounter.LIMITED_PACKETS));
    }

    @Test
    void shouldDropBytesBeyondAServicesRate() {
        // A bucket of bytes holds 65536 at least: 40-byte segments, half a second at the rate.
        service(spec("rr", new Limits(0, 0, 0, 131_072, 0), null), Limits.NONE);
        open(PORT, 1);
        int sent = 0;
        for (int i = 0; i < 50; i++) {
            for (int k = 0; k < 100; k++) {
                arm.fromClient(PORT, Frames.TCP, Frames.ACK);
                sent++;
            }
            arm.drain();
            arm.passNs(10_000_000);
        }
        long bytes = arm.counters().service(0, ServiceCounter.BYTES);
        assertThat(bytes).isBetween(65_536L + 60_000, 65_536L + 66_000);
        assertThat(verdict(Verdict.DROP_SERVICE_LIMIT)).isPositive().isLessThan(sent);
    }
}
