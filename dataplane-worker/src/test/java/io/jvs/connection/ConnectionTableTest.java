package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final int CAPACITY = 20_000;

    private final MemoryRegion region =
            MemoryRegion.anonymous(ConnectionTable.regionBytes(CAPACITY));
    private final RecordingListener listener = new RecordingListener();
    private final ConnectionTable table = new ConnectionTable(region, CAPACITY, 7, 0, listener);
    private final ConnectionLookup lookup = new ConnectionLookup(table);
    private final PacketBurst burst = new PacketBurst();

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void shouldFindBothDirectionsOfBothFamilies() {
        for (boolean ipv6 : new boolean[] {false, true}) {
            TestFlow flow = TestFlow.of(ipv6, true, 6, 1);
            int id = flow.insert(table, 100, 0);
            burst.clear();
            flow.in().addTo(burst);
            flow.out().addTo(burst);
            lookup.lookup(burst);
            for (int row = 0; row < 2; row++) {
                assertThat(burst.connection[row]).isEqualTo(table.address(id));
                assertThat(burst.connectionId[row]).isEqualTo(id);
                assertThat(burst.direction[row]).isEqualTo((byte) row);
            }
        }
    }

    @Test
    void shouldFindOnlyPacketsFromTheClientWhereTheServerAnswersItself() {
        TestFlow flow = TestFlow.of(false, false, 6, 1);
        flow.insert(table, 100, 0);
        flow.in().addTo(burst);
        flow.out().addTo(burst);
        lookup.lookup(burst);
        assertThat(burst.connection[0]).isNotZero();
        assertThat(burst.connection[1]).isZero();
    }

    @Test
    void shouldTellProtocolsPortsAndFamiliesApart() {
        TestFlow flow = TestFlow.of(false, true, 6, 1);
        flow.insert(table, 100, 0);
        TestFlow.Key key = flow.in();
        new TestFlow.Key(false, key.key0(), 0, 0, 0, key.ports(), 17).addTo(burst);
        new TestFlow.Key(false, key.key0(), 0, 0, 0, key.ports() + 1, 6).addTo(burst);
        new TestFlow.Key(false, key.key0() + 1, 0, 0, 0, key.ports(), 6).addTo(burst);
        new TestFlow.Key(true, key.key0(), 0, 0, 0, key.ports(), 6).addTo(burst);
        lookup.lookup(burst);
        assertThat(burst.connection).startsWith(0, 0, 0, 0);
    }

    @Test
    void shouldLeaveRowsAloneThatAreDecidedOrHoldNoFlow() {
        TestFlow flow = TestFlow.of(false, true, 6, 1);
        flow.insert(table, 100, 0);
        int decided = flow.in().addTo(burst);
        burst.verdict[decided] = Verdict.REPLIED;
        int other = flow.in().addTo(burst);
        burst.kind[other] = PacketBurst.KIND_ICMP4;
        int error = flow.in().addTo(burst);
        burst.kind[error] = PacketBurst.KIND_ICMP4_ERROR;
        lookup.lookup(burst);
        assertThat(burst.connection[decided]).isZero();
        assertThat(burst.connection[other]).isZero();
        assertThat(burst.connection[error]).isNotZero();
    }

    @Test
    void shouldFindAFlowThatTheSameBurstOpenedOrClosed() {
        TestFlow flow = TestFlow.of(true, true, 17, 3);
        flow.in().addTo(burst);
        lookup.lookup(burst);
        assertThat(burst.connection[0]).isZero();
        int id = flow.insert(table, 100, 0);
        assertThat(lookup.find(burst, 0)).isTrue();
        assertThat(burst.connectionId[0]).isEqualTo(id);
        table.remove(id);
        assertThat(lookup.find(burst, 0)).isFalse();
        assertThat(burst.connection[0]).isZero();
    }

    @Test
    void shouldKeepTemplatesApartFromConnections() {
        TestFlow flow = TestFlow.of(false, false, 6, 1);
        int template = table.allocate(false);
        flow.fill(table.address(template), 100);
        ConnectionLayout.set(table.address(template), ConnectionLayout.TEMPLATE);
        table.publish(template, 0);
        flow.in().addTo(burst);
        lookup.lookup(burst);
        assertThat(burst.connection[0]).isZero();
        assertThat(table.find(flow.in().toFlowKey(false))).isZero();
        assertThat(table.find(flow.in().toFlowKey(true))).isEqualTo(template);
        int connection = flow.insert(table, 100, 0);
        assertThat(table.find(flow.in().toFlowKey(false))).isEqualTo(connection);
        assertThat(table.find(flow.in().toFlowKey(true))).isEqualTo(template);
    }

    @Test
    void shouldShowNothingBeforePublishingNorAfterRemoval() {
        TestFlow flow = TestFlow.of(false, true, 6, 1);
        int id = table.allocate(false);
        flow.fill(table.address(id), 100);
        assertThat(table.find(flow.in().toFlowKey(false))).isZero();
        assertThat(table.isLive(id)).isFalse();
        table.publish(id, 0);
        assertThat(table.find(flow.out().toFlowKey(false))).isEqualTo(id);
        long record = table.address(id);
        table.remove(id);
        table.remove(id);
        assertThat(listener.removed()).containsExactly(id);
        assertThat(ConnectionLayout.has(record, ConnectionLayout.LIVE)).isFalse();
        assertThat(table.find(flow.in().toFlowKey(false))).isZero();
        assertThat(table.find(flow.out().toFlowKey(false))).isZero();
        assertThat(table.size()).isZero();
    }

    @Test
    void shouldNotGiveAFreedRecordToTheNextBurstfulOfConnections() {
        TestFlow flow = TestFlow.of(false, true, 6, 0);
        int first = flow.insert(table, 100, 0);
        table.remove(first);
        for (int i = 1; i <= PacketBurst.CAPACITY; i++) {
            int id = TestFlow.of(false, true, 6, i).insert(table, 100, 0);
            assertThat(id).isNotEqualTo(first);
            table.remove(id);
        }
    }

    @Test
    void shouldRefuseWhenFullAndTakeAgainAfterARemoval() {
        int last = 0;
        for (int i = 0; i < CAPACITY; i++) {
            last = TestFlow.of(i % 2 == 0, true, 6, i).insert(table, 100, 0);
        }
        assertThat(table.allocate(false)).isZero();
        assertThat(table.allocate(true)).isZero();
        table.remove(last);
        int id = table.allocate(false);
        assertThat(id).isNotZero();
        assertThat(table.allocate(false)).isZero();
        table.release(id);
        assertThat(table.allocate(true)).isNotZero();
    }

    @Test
    void shouldWalkAllLiveConnectionsInBoundedSteps() {
        Set<Integer> expected = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            expected.add(TestFlow.of(i % 3 == 0, true, 6, i).insert(table, 100, 0));
        }
        expected.removeIf(id -> {
            boolean chosen = id % 5 != 0;
            if (chosen) {
                table.remove(id);
            }
            return chosen;
        });
        Set<Integer> seen = new HashSet<>();
        int calls = 0;
        for (int at = table.next(0, 3); at != 0; at = table.next(Math.abs(at), 3)) {
            calls++;
            if (at > 0) {
                assertThat(seen.add(at)).isTrue();
            }
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(calls).isGreaterThan(300);
    }

    @Test
    void shouldEndAConnectionAtItsDeadlineAndNotBefore() {
        int id = TestFlow.of(false, true, 6, 1).insert(table, 500, 0);
        assertThat(table.expire(499, 1000)).isFalse();
        while (!table.expire(499, 1000)) {
            assertThat(table.isLive(id)).isTrue();
        }
        assertThat(table.isLive(id)).isTrue();
        table.expire(500, 1000);
        assertThat(table.isLive(id)).isFalse();
        assertThat(listener.removed()).containsExactly(id);
    }

    @Test
    void shouldPutTheEndOffByLastSeenAlone() {
        int id = TestFlow.of(false, true, 6, 1).insert(table, 500, 0);
        ConnectionLayout.setLastSeenTicks(table.address(id), 400);
        settle(899);
        assertThat(table.isLive(id)).isTrue();
        settle(900);
        assertThat(table.isLive(id)).isFalse();
    }

    @Test
    void shouldHastenTheEndWhenTheTimeoutShrinks() {
        int id = TestFlow.of(false, true, 6, 1).insert(table, 90_000, 0);
        settle(100);
        ConnectionLayout.setLastSeenTicks(table.address(id), 100);
        table.setTimeout(id, 1000);
        settle(1099);
        assertThat(table.isLive(id)).isTrue();
        settle(1100);
        assertThat(table.isLive(id)).isFalse();
    }

    @Test
    void shouldKeepWhatTheListenerWantsToKeep() {
        int id = TestFlow.of(false, true, 6, 1).insert(table, 500, 0);
        listener.mayExpire = false;
        settle(600);
        assertThat(table.isLive(id)).isTrue();
        listener.mayExpire = true;
        settle(1099);
        assertThat(table.isLive(id)).isTrue();
        settle(1100);
        assertThat(table.isLive(id)).isFalse();
    }

    private void settle(int now) {
        while (!table.expire(now, 100)) {
            assertThat(table.size()).isNotNegative();
        }
    }

    @Test
    void shouldSayWhatItIsInItsFirstPage() {
        assertThat(Memory.getLong(region.address())).isEqualTo(TableLayout.MAGIC);
        assertThat(Memory.getInt(region.address() + 8)).isEqualTo(ConnectionLayout.VERSION);
        TestFlow.of(false, true, 6, 1).insert(table, 500, 0);
        TestFlow.of(true, true, 6, 1).insert(table, 500, 0);
        assertThat(Memory.getLong(region.address() + TableLayout.HIGHEST4)).isEqualTo(1);
        assertThat(Memory.getLong(region.address() + TableLayout.HIGHEST6)).isEqualTo(1);
        assertThat(Memory.getLong(region.address() + TableLayout.BUCKETS))
                .isEqualTo(table.index().buckets());
    }

    @Test
    void shouldRefuseARegionThatIsTooSmallOrInUse() {
        try (MemoryRegion small = MemoryRegion.anonymous(4096)) {
            assertThatThrownBy(() -> new ConnectionTable(small, 100, 1, 0, listener))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("this one has 4096");
        }
        assertThatThrownBy(() -> new ConnectionTable(region, CAPACITY, 1, 0, listener))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not empty");
        assertThatThrownBy(() -> new ConnectionTable(region, 0, 1, 0, listener))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }
}
