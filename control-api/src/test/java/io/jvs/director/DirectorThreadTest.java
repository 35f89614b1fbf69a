package io.jvs.director;

import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.service;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.director.TestRules.MemoryStore;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DirectorThreadTest {
    private static DirectorThread start() throws RefusedException {
        Director director =
                new Director(new FakeDataplane(), new MemoryStore(), TestRules.SCHEDULERS);
        return DirectorThread.start(director, Rules.EMPTY, System::nanoTime);
    }

    @Test
    void shouldDoChangesOfManyThreadsOneByOne() throws Exception {
        try (DirectorThread thread = start()) {
            List<CompletableFuture<ApplyResult>> replies = new ArrayList<>();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                int port = client * 100 + 1;
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int i = 0; i < 50; i++) {
                                        CompletableFuture<ApplyResult> reply =
                                                thread.proxy()
                                                        .apply(
                                                                Transaction.of(
                                                                        new Operation.AddService(
                                                                                rule(
                                                                                        tcp(
                                                                                                "10.0.0.1",
                                                                                                port
                                                                                                        + i)))));
                                        synchronized (replies) {
                                            replies.add(reply);
                                        }
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).join();
            assertThat(thread.proxy().view().services()).hasSize(400);
            assertThat(thread.proxy().view().generation()).isEqualTo(401);
        }
    }

    /** A network with ten thousand servers goes down while the director is busy. */
    @Test
    void shouldTakeAllThatHealthChecksFoundAsOneGeneration() throws Exception {
        try (DirectorThread thread = start()) {
            ServiceKey web = tcp("10.0.0.1", 80);
            List<RealServer> servers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                servers.add(nat("10.1." + i / 250 + "." + (i % 250 + 1), 80, 5));
            }
            VirtualService service = service(web, servers.toArray(new RealServer[0]));
            ServiceRule rule = new ServiceRule(service, HealthCheckSpec.DEFAULT);
            thread.proxy().await(Transaction.of(new Operation.AddService(rule)));
            long before = thread.proxy().view().generation();

            CountDownLatch busy = new CountDownLatch(1);
            CompletableFuture<DirectorView> first =
                    thread.offer((director, nowNs) -> {
                        awaitUninterruptibly(busy);
                        return director.view();
                    });
            List<CompletableFuture<DirectorView>> replies = new ArrayList<>();
            for (RealServer server : servers) {
                replies.add(thread.proxy().setHealth(ServerId.of(web, server), Health.DOWN));
            }
            busy.countDown();
            first.join();
            CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).join();
            assertThat(thread.proxy().view().generation()).isEqualTo(before + 1);
            assertThat(Objects.requireNonNull(thread.proxy().view().services().get(web)).servers())
                    .allMatch(server -> server.effectiveWeight() == 0);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldRefuseHealthWhenItHasEnded() throws Exception {
        DirectorThread thread = start();
        thread.close();
        ServerId id = ServerId.of(tcp("10.0.0.1", 80), nat("10.1.0.1", 80, 5));
        for (int i = 0; i < 2; i++) {
            CompletableFuture<DirectorView> reply = thread.proxy().setHealth(id, Health.DOWN);
            assertThatThrownBy(reply::get).hasRootCauseMessage("the director stops");
        }
    }

    @Test
    void shouldRefuseWhenItHasEnded() throws Exception {
        DirectorThread thread = start();
        thread.close();
        assertThat(thread.isAlive()).isFalse();
        assertThatThrownBy(() -> thread.proxy().await(Transaction.of(new Operation.Flush())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the director stops");
    }
}
