package io.jvs.bench.micro;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionListener;
import io.jvs.connection.ConnectionLookup;
import io.jvs.connection.ConnectionTable;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The connection table: bursts of packets of random connections are looked up. */
@State(Scope.Thread)
public class LookupBenchmark {
    private static final int TCP = 6;
    private static final int PORTS = 80 << 16 | 1024;
    private static final int TIMEOUT_TICKS = 90_000;

    /** Connections. */
    @Param({"64", "100000"})
    public int connections;

    private final PacketBurst burst = new PacketBurst();
    private @Nullable MemoryRegion region;
    private @Nullable ConnectionLookup lookup;
    private long random = 1;

    /** Fills the table. */
    @Setup
    public void open() {
        MemoryRegion memory =
                MemoryRegion.hugeAnonymous(ConnectionTable.regionBytes(connections + 1));
        ConnectionTable table = new ConnectionTable(memory, connections + 1, 1, 0, new Kept());
        for (int i = 0; i < connections; i++) {
            int id = table.allocate(false);
            long record = table.address(id);
            ConnectionLayout.setProtocol(record, TCP);
            ConnectionLayout.setInPorts(record, PORTS);
            ConnectionLayout.setInKey4(record, key(i));
            ConnectionLayout.setTimeoutTicks(record, TIMEOUT_TICKS);
            if (!table.publish(id, 0)) {
                throw new IllegalStateException("the index is full");
            }
        }
        region = memory;
        lookup = new ConnectionLookup(table);
    }

    private static final class Kept implements ConnectionListener {
        @Override
        public boolean mayExpire(int id, long record, int nowTicks) {
            return true;
        }

        @Override
        public void onRemoved(int id, long record) {}
    }

    private static long key(int number) {
        return 0x0A00_0001L + number | 0x0100_630AL << 32;
    }

    /** A packet of a burst of 32. */
    @Benchmark
    @OperationsPerInvocation(PacketBurst.RECEIVE_MAX)
    public int lookup() {
        burst.clear();
        for (int i = 0; i < PacketBurst.RECEIVE_MAX; i++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            int row = burst.add();
            burst.kind[row] = PacketBurst.KIND_IPV4;
            burst.protocol[row] = TCP;
            burst.ports[row] = PORTS;
            burst.key0[row] = key((int) ((random >>> 33) % connections));
        }
        if (lookup != null) {
            lookup.lookup(burst);
        }
        int found = 0;
        for (int i = 0; i < PacketBurst.RECEIVE_MAX; i++) {
            found += burst.connection[i] != 0 ? 1 : 0;
        }
        if (found != PacketBurst.RECEIVE_MAX) {
            throw new IllegalStateException("only " + found + " connections of a burst are found");
        }
        return found;
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        if (region != null) {
            region.close();
        }
    }
}
