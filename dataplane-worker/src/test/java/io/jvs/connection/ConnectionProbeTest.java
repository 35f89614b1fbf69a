package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A look from another thread into a table, at rest and while it grows and shrinks. */
class ConnectionProbeTest {
    private static final int CAPACITY = 300_000;

    /** Connections that are there all the time. */
    private static final int STAYING = 2_000;

    private final MemoryRegion region =
            MemoryRegion.anonymous(ConnectionTable.regionBytes(CAPACITY));
    private final ConnectionTable table =
            new ConnectionTable(region, CAPACITY, 7, 0, new RecordingListener());
    private final ConnectionProbe probe = new ConnectionProbe(table);

    @AfterEach
    void close() {
        region.close();
    }

    private int look(TestFlow.Key key) {
        FlowKey flow = key.toFlowKey(false);
        return probe.look(flow, table.hash(flow));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindBothDirectionsAndNothingElse(boolean ipv6) {
        for (int i = 0; i < 5_000; i++) {
            TestFlow.of(ipv6, true, 6, i).insert(table, 1000, 0);
        }
        for (int i = 0; i < 10_000; i++) {
            TestFlow flow = TestFlow.of(ipv6, true, 6, i);
            int expected = i < 5_000 ? ConnectionProbe.FOUND : ConnectionProbe.ABSENT;
            assertThat(look(flow.in())).isEqualTo(expected);
            assertThat(look(flow.out())).isEqualTo(expected);
        }
    }

    @Test
    void shouldForgetWhatWasRemoved() {
        int id = TestFlow.of(false, true, 6, 1).insert(table, 1000, 0);
        table.remove(id);
        assertThat(look(TestFlow.of(false, true, 6, 1).in())).isEqualTo(ConnectionProbe.ABSENT);
    }

    /** Splits and shortened chains move entries about; none may seem absent for a moment. */
    @Test
    void shouldNeverMissWhatIsThereWhileTheIndexChanges() throws Exception {
        for (int i = 0; i < STAYING; i++) {
            TestFlow.of(i % 3 == 0, true, 6, i).insert(table, 1000, 0);
        }
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicBoolean isLooking = new AtomicBoolean();
        CompletableFuture<long[]> reader =
                CompletableFuture.supplyAsync(() -> lookUntil(isOver, isLooking));
        while (!isLooking.getAcquire()) {
            Thread.onSpinWait();
        }
        change();
        isOver.setRelease(true);
        long[] answers = reader.get();
        assertThat(answers[ConnectionProbe.ABSENT]).as("missed").isZero();
        assertThat(answers[ConnectionProbe.FOUND]).isGreaterThanOrEqualTo(STAYING);
    }

    private long[] lookUntil(AtomicBoolean isOver, AtomicBoolean isLooking) {
        long[] answers = new long[3];
        do {
            for (int i = 0; i < STAYING; i++) {
                TestFlow flow = TestFlow.of(i % 3 == 0, true, 6, i);
                answers[look(i % 2 == 0 ? flow.in() : flow.out())]++;
            }
            isLooking.setRelease(true);
        } while (!isOver.getAcquire());
        return answers;
    }

    /** Grows to a hundred times as many, taking some out on the way, then shrinks. */
    private void change() {
        Deque<Integer> ids = new ArrayDeque<>();
        for (int i = STAYING; i < CAPACITY - 10_000; i++) {
            ids.add(TestFlow.of(i % 3 == 0, true, 6, i).insert(table, 1000, 0));
            if (i % 4 == 0) {
                table.remove(ids.removeFirst());
            }
        }
        while (!ids.isEmpty()) {
            table.remove(ids.removeLast());
        }
    }
}
