package io.jvs.control.health;

import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.service;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.control.config.HealthDefaults;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.FakeDataplane;
import io.jvs.director.Health;
import io.jvs.director.HealthCheckSpec;
import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.director.Rules;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceRule;
import io.jvs.director.TestRules;
import io.jvs.director.TestRules.MemoryStore;
import io.jvs.director.Transaction;
import io.jvs.service.ServiceKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against real sockets on loopback. */
class HealthMonitorTest {
    private static final ServiceKey WEB = tcp("10.0.0.1", 80);
    private static final HealthDefaults FAST =
            new HealthDefaults(true, 20_000_000, 500_000_000, 1, 2);

    private DirectorThread thread;
    private HealthMonitor monitor;

    @BeforeEach
    void start() throws RefusedException {
        Director director =
                new Director(new FakeDataplane(), new MemoryStore(), TestRules.SCHEDULERS);
        thread = DirectorThread.start(director, Rules.EMPTY, System::nanoTime);
        monitor = new HealthMonitor(thread.proxy(), FAST, System::nanoTime, nanos -> {});
        director.addListener(monitor::onView);
        monitor.start();
    }

    @AfterEach
    void stop() {
        monitor.close();
        thread.close();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new java.net.InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return socket;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = listen(0)) {
            return socket.getLocalPort();
        }
    }

    private void serve(int port, HealthCheckSpec check) throws RefusedException {
        ServiceRule rule = new ServiceRule(service(WEB, nat("127.0.0.1", port, 5)), check);
        thread.proxy().await(Transaction.of(new Operation.AddService(rule)));
    }

    private ServerView server() {
        return Objects.requireNonNull(thread.proxy().view().services().get(WEB))
                .servers()
                .getFirst();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("it did not come to pass in 20 s").isNegative();
            Thread.sleep(5);
        }
    }

    @Test
    void shouldTakeADeadServerOutAndBackIn() throws Exception {
        int port = freePort();
        try (ServerSocket living = listen(port)) {
            assertThat(living.isBound()).isTrue();
            serve(port, HealthCheckSpec.DEFAULT);
            await(() -> server().health() == Health.UP);
            assertThat(server().effectiveWeight()).isEqualTo(5);
        }
        await(() -> server().health() == Health.DOWN);
        await(() -> server().effectiveWeight() == 0);
        assertThat(server().configured().weight()).isEqualTo(5);
        try (ServerSocket again = listen(port)) {
            assertThat(again.isBound()).isTrue();
            await(() -> server().effectiveWeight() == 5);
        }
        HealthMonitor.Counts counts = monitor.counts().getFirst();
        assertThat(counts.toDown()).isPositive();
        assertThat(counts.toUp()).isGreaterThanOrEqualTo(2);
        assertThat(counts.failures()).isGreaterThanOrEqualTo(2);
        assertThat(counts.successes()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldNotTakeAServerOutBeforeItHasFailedOftenEnough() throws Exception {
        serve(freePort(), new HealthCheckSpec(false, 0, 0, 0, 0, 50, null, null));
        await(() -> !monitor.counts().isEmpty() && monitor.counts().getFirst().failures() >= 5);
        assertThat(server().health()).isEqualTo(Health.UNKNOWN);
        await(() -> server().health() == Health.DOWN);
        assertThat(monitor.counts().getFirst().failures()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void shouldCheckAnotherPortAndAddressWhenToldTo() throws Exception {
        try (ServerSocket living = listen(0)) {
            HealthCheckSpec elsewhere =
                    new HealthCheckSpec(
                            false,
                            living.getLocalPort(),
                            0,
                            0,
                            0,
                            0,
                            io.jvs.service.Address.parse("127.0.0.1"),
                            io.jvs.service.Address.parse("127.0.0.1"));
            ServiceRule rule = new ServiceRule(service(WEB, nat("10.1.0.1", 80, 5)), elsewhere);
            thread.proxy().await(Transaction.of(new Operation.AddService(rule)));
            await(() -> server().health() == Health.UP);
        }
    }

    @Test
    void shouldGiveAServerItsWeightBackWhenItIsNoLongerChecked() throws Exception {
        serve(freePort(), HealthCheckSpec.DEFAULT);
        await(() -> server().effectiveWeight() == 0);
        HealthCheckSpec off = new HealthCheckSpec(true, 0, 0, 0, 0, 0, null, null);
        thread.proxy()
                .await(
                        Transaction.of(
                                new Operation.EditService(
                                        WEB, old -> new ServiceRule(old.service(), off))));
        await(() -> server().effectiveWeight() == 5);
        assertThat(monitor.counts()).isEmpty();
    }

    @Test
    void shouldTakeAServerAsItIsWhenItCannotBeChecked() throws Exception {
        HealthCheckSpec unbindable =
                new HealthCheckSpec(
                        false, 0, 0, 0, 0, 1, null, io.jvs.service.Address.parse("192.0.2.1"));
        serve(freePort(), unbindable);
        await(() -> !monitor.counts().isEmpty() && monitor.counts().getFirst().untried() >= 3);
        assertThat(server().health()).isEqualTo(Health.UNKNOWN);
        assertThat(server().effectiveWeight()).isEqualTo(5);
    }

    @Test
    void shouldForgetServersThatAreGone() throws Exception {
        serve(freePort(), HealthCheckSpec.DEFAULT);
        await(() -> !monitor.counts().isEmpty());
        thread.proxy().await(Transaction.of(new Operation.Flush()));
        await(() -> monitor.counts().isEmpty());
    }

    @Test
    void shouldOnlyCheckWhatATcpConnectCanTellAbout() throws Exception {
        ServiceKey udp =
                new ServiceKey.Endpoint(
                        io.jvs.service.Protocol.UDP, io.jvs.service.Address.parse("10.0.0.1"), 53);
        ServiceRule rule =
                new ServiceRule(service(udp, nat("127.0.0.1", 53, 1)), HealthCheckSpec.DEFAULT);
        thread.proxy().await(Transaction.of(new Operation.AddService(rule)));
        serve(freePort(), HealthCheckSpec.DEFAULT);
        await(() -> !monitor.counts().isEmpty());
        assertThat(monitor.counts()).hasSize(1);
    }
}
