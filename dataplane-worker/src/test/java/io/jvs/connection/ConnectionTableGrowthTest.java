package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTableGrowthTest {
    private static final int MILLION = 1_000_000;

    @ParameterizedTest
    @CsvSource({"false, 92", "true, 132"})
    void shouldTakeFewBytesAConnectionAtEverySize(boolean ipv6, double mostBytes) {
        try (MemoryRegion region = MemoryRegion.anonymous(ConnectionTable.regionBytes(MILLION))) {
            ConnectionTable table =
                    new ConnectionTable(region, MILLION, 3, 0, new RecordingListener());
            double worst = 0;
            for (int i = 0; i < MILLION; i++) {
                long splits = table.index().splits();
                TestFlow.of(ipv6, true, 6, i).insert(table, 1000, 0);
                long more = table.index().splits() - splits;
                if (more > 2L * ConnectionIndex.SPLITS_PER_INSERT) {
                    throw new AssertionError(more + " splits in insert " + i);
                }
                if (i >= 10_000) {
                    worst = Math.max(worst, (table.bytesUsed() - 8192.0) / (i + 1));
                }
            }
            assertThat(worst).isLessThanOrEqualTo(mostBytes);
            assertThat(table.bytesUsed()).isLessThanOrEqualTo(region.bytes());
        }
    }

    @Test
    void shouldKeepChainsShort() {
        try (MemoryRegion region = MemoryRegion.anonymous(ConnectionTable.regionBytes(200_000))) {
            ConnectionTable table =
                    new ConnectionTable(region, 200_000, 5, 0, new RecordingListener());
            double worst = 0;
            for (int i = 0; i < 200_000; i++) {
                TestFlow.of(false, true, 6, i).insert(table, 1000, 0);
                if (i > 1000) {
                    ConnectionIndex index = table.index();
                    worst = Math.max(worst, (double) index.overflowInUse() / index.buckets());
                }
            }
            assertThat(worst).isLessThan(0.2);
        }
    }

    @Test
    void shouldStandThousandsOfEntriesOfOneHash() {
        try (MemoryRegion region = MemoryRegion.anonymous(ConnectionTable.regionBytes(10_000))) {
            RecordingListener listener = new RecordingListener();
            ConnectionTable table = new ConnectionTable(region, 10_000, 5, 0, listener);
            TestFlow same = TestFlow.of(false, false, 6, 1);
            int[] ids = new int[2000];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = same.insert(table, 1000, 0);
                TestFlow.of(true, true, 6, i).insert(table, 1000, 0);
            }
            for (int id : ids) {
                assertThat(table.find(same.in().toFlowKey(false))).isNotZero();
                table.remove(id);
            }
            assertThat(table.find(same.in().toFlowKey(false))).isZero();
            for (int i = 0; i < ids.length; i++) {
                TestFlow.Key key = TestFlow.of(true, true, 6, i).out();
                assertThat(table.find(key.toFlowKey(false))).isNotZero();
            }
            assertThat(table.index().entries()).isEqualTo(2 * ids.length);
        }
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int connections = 20_000;
        try (MemoryRegion region =
                        MemoryRegion.anonymous(ConnectionTable.regionBytes(connections));
                LocalAddressPool pool = new LocalAddressPool(4, 1)) {
            ConnectionTable table =
                    new ConnectionTable(region, connections, 9, 0, new QuietListener());
            Traffic traffic = new Traffic(table, pool, connections);
            for (int round = 0; round < 12; round++) {
                traffic.run();
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            traffic.run();
            long after = threads.getCurrentThreadAllocatedBytes();
            assertThat(after - before).isLessThan(1024); // the calls around it, not per packet
            assertThat(traffic.found).isGreaterThan(connections);
        }
    }

    private static final class QuietListener implements ConnectionListener {
        @Override
        public boolean mayExpire(int id, long record, int nowTicks) {
            return true;
        }

        @Override
        public void onRemoved(int id, long record) {}
    }

    /** Opens all flows, sends packets on them, lets them expire. */
    private static final class Traffic {
        private final ConnectionTable table;
        private final ConnectionLookup lookup;
        private final StateStage stage;
        private final LocalAddressPool pool;
        private final PacketBurst burst = new PacketBurst();
        private final int pair;
        private final TestFlow[] flows;
        private int now;
        private long found;

        Traffic(ConnectionTable table, LocalAddressPool pool, int connections) {
            this.table = table;
            this.pool = pool;
            lookup = new ConnectionLookup(table);
            stage = new StateStage(table, new ServerTable(), new StateTimeouts());
            io.jvs.service.Address address = io.jvs.service.Address.ofIpv4(1);
            pair = pool.pair(address, 6, address, 80);
            flows = new TestFlow[connections];
            for (int i = 0; i < connections; i++) {
                flows[i] = TestFlow.of(i % 4 == 0, true, i % 3 == 0 ? 17 : 6, i);
            }
        }

        void run() {
            for (int i = 0; i < flows.length; i++) {
                flows[i].insert(table, 200, now);
                pool.release(pair, pool.acquire(pair));
            }
            for (int i = 0; i + 64 <= flows.length; i += 64) {
                burst.clear();
                for (int j = 0; j < 64; j++) {
                    TestFlow flow = flows[i + j];
                    int row = ((j & 1) == 0 ? flow.in() : flow.out()).addTo(burst);
                    burst.tcpFlags[row] = j % 5 == 0 ? 2 : 16;
                }
                lookup.lookup(burst);
                stage.advance(burst, now);
                for (int row = 0; row < burst.count; row++) {
                    found += burst.connection[row] != 0 ? 1 : 0;
                }
            }
            now += 200_000;
            while (!table.expire(now, 64)) {
                found++;
            }
        }
    }
}
