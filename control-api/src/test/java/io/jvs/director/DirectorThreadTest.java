package io.jvs.director;

import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.director.TestRules.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
