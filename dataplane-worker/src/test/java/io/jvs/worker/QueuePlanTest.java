package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueuePlanTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8, 64})
    void shouldGiveEachQueueToOneWorker(int workers) {
        for (int port = 0; port < 5; port++) {
            for (int queues = 1; queues <= workers; queues++) {
                Set<Integer> given = new HashSet<>();
                for (int worker = 0; worker < workers; worker++) {
                    int queue = QueuePlan.queueOf(worker, port, queues, workers);
                    if (queue != QueuePlan.NONE) {
                        assertThat(given.add(queue)).isTrue();
                        assertThat(QueuePlan.workerOf(queue, port, queues, workers))
                                .isEqualTo(worker);
                    }
                    int sender = QueuePlan.senderFor(worker, port, queues, workers);
                    assertThat(QueuePlan.queueOf(sender, port, queues, workers))
                            .as("sender %d has a queue", sender)
                            .isNotEqualTo(QueuePlan.NONE);
                }
                assertThat(given).hasSize(queues);
            }
        }
    }
}
