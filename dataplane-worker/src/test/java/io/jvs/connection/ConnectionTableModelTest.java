package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plays seeded random operations on a table and on a plain map, and compares. */
class ConnectionTableModelTest {
    private static final int CAPACITY = 60_000;
    private static final int STEPS = 150_000;

    private static final class Expected {
        final TestFlow flow;
        int deadline;

        Expected(TestFlow flow, int deadline) {
            this.flow = flow;
            this.deadline = deadline;
        }
    }

    private final Map<TestFlow.Key, Integer> byKey = new HashMap<>();
    private final Map<Integer, Expected> byId = new HashMap<>();
    private final List<Integer> ids = new ArrayList<>();
    private final PacketBurst burst = new PacketBurst();
    private int now;

    @ParameterizedTest
    @CsvSource({
        "1, 2000, 0",
        "2, 200000, 2147480000",
        "3, 50000, -500",
        "4, 100, 1000000",
    })
    void shouldDoWhatAMapDoes(long seed, int variety, int start) {
        SplittableRandom random = new SplittableRandom(seed);
        now = start;
        ConnectionListener listener = new RecordingListener();
        try (MemoryRegion region = MemoryRegion.anonymous(ConnectionTable.regionBytes(CAPACITY))) {
            ConnectionTable table = new ConnectionTable(region, CAPACITY, seed, now, listener);
            ConnectionLookup lookup = new ConnectionLookup(table);
            for (int step = 0; step < STEPS; step++) {
                step(table, lookup, random, variety);
                if (step % 20_000 == 0) {
                    assertThat(table.index().entries()).isEqualTo(byKey.size());
                }
            }
            assertThat(table.size()).isEqualTo(byId.size());
            drain(table);
        }
    }

    private void step(
            ConnectionTable table, ConnectionLookup lookup, SplittableRandom random, int variety) {
        int kind = random.nextInt(100);
        if (kind < 45) {
            insert(table, TestFlow.random(random, variety), 1 + random.nextInt(30_000));
        } else if (kind < 60 && !ids.isEmpty()) {
            remove(table, pick(random));
        } else if (kind < 75 && !ids.isEmpty()) {
            touch(table, pick(random), 1 + random.nextInt(30_000));
        } else if (kind < 98) {
            look(table, lookup, random, variety);
        } else {
            now += random.nextInt(random.nextInt(10) == 0 ? 2000 : 20);
            expire(table);
        }
    }

    private int pick(SplittableRandom random) {
        while (true) {
            int at = random.nextInt(ids.size());
            int id = ids.get(at);
            if (byId.containsKey(id)) {
                return id;
            }
            ids.set(at, ids.getLast());
            ids.removeLast();
            if (ids.isEmpty()) {
                return 0;
            }
        }
    }

    private void insert(ConnectionTable table, TestFlow flow, int timeout) {
        boolean taken =
                byKey.containsKey(flow.in()) || flow.both() && byKey.containsKey(flow.out());
        if (taken || table.size() == CAPACITY) {
            return;
        }
        int id = flow.insert(table, timeout, now);
        assertThat(byId.put(id, new Expected(flow, now + timeout))).isNull();
        byKey.put(flow.in(), id);
        if (flow.both()) {
            byKey.put(flow.out(), id);
        }
        ids.add(id);
    }

    private void remove(ConnectionTable table, int id) {
        if (id != 0) {
            table.remove(id);
            Expected expected = byId.remove(id);
            assertThat(expected).isNotNull();
            forget(expected);
        }
    }

    private void forget(Expected expected) {
        byKey.remove(expected.flow.in());
        byKey.remove(expected.flow.out());
    }

    private void touch(ConnectionTable table, int id, int timeout) {
        if (id == 0) {
            return;
        }
        ConnectionLayout.setLastSeenTicks(table.address(id), now);
        table.setTimeout(id, timeout);
        Expected expected = byId.get(id);
        assertThat(expected).isNotNull();
        expected.deadline = now + timeout;
    }

    private void expire(ConnectionTable table) {
        while (!table.expire(now, 64)) {
            assertThat(table.size()).isNotNegative();
        }
        for (Iterator<Expected> all = byId.values().iterator(); all.hasNext(); ) {
            Expected expected = all.next();
            if (expected.deadline - now <= 0) {
                all.remove();
                forget(expected);
            }
        }
        assertThat(table.size()).isEqualTo(byId.size());
    }

    private void look(
            ConnectionTable table, ConnectionLookup lookup, SplittableRandom random, int variety) {
        burst.clear();
        List<TestFlow.Key> keys = new ArrayList<>();
        int rows = 1 + random.nextInt(PacketBurst.CAPACITY);
        for (int i = 0; i < rows; i++) {
            Expected known = ids.isEmpty() ? null : byId.get(ids.get(random.nextInt(ids.size())));
            TestFlow flow =
                    known == null || random.nextInt(4) == 0
                            ? TestFlow.random(random, variety)
                            : known.flow;
            TestFlow.Key key = random.nextBoolean() ? flow.in() : flow.out();
            key.addTo(burst);
            keys.add(key);
        }
        lookup.lookup(burst);
        for (int row = 0; row < rows; row++) {
            int id = byKey.getOrDefault(keys.get(row), 0);
            long record = id == 0 ? 0 : table.address(id);
            if (burst.connection[row] != record || id != 0 && burst.connectionId[row] != id) {
                throw new AssertionError("row " + row + " of " + keys.get(row) + " wants " + id);
            }
            if (id != 0) {
                Expected expected = byId.get(id);
                boolean in = expected != null && expected.flow.in().equals(keys.get(row));
                assertThat(burst.direction[row])
                        .isEqualTo(in ? PacketBurst.FROM_CLIENT : PacketBurst.FROM_SERVER);
            }
        }
    }

    private void drain(ConnectionTable table) {
        for (int id : byId.keySet()) {
            table.remove(id);
        }
        assertThat(table.size()).isZero();
        assertThat(table.index().entries()).isZero();
        assertThat(table.index().overflowInUse()).isZero();
        assertThat(table.next(0, Integer.MAX_VALUE)).isZero();
    }
}
