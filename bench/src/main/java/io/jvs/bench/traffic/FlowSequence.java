package io.jvs.bench.traffic;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.SplittableRandom;

/**
 * The headers of all packets of established flows, in the order in which they are sent: in the even
 * places those of clients, in the odd ones those of servers. Read in order, so that making a packet
 * costs no cache miss, whatever the number of flows. Filled by {@link SynthesizedPort}.
 */
public final class FlowSequence implements AutoCloseable {
    private final FlowPlan plan;
    private final FrameLayout layout;
    private final MemoryRegion region;

    /** An empty one. */
    public FlowSequence(FlowPlan plan) {
        this.plan = plan;
        this.layout = FrameLayout.of(plan.family());
        this.region = MemoryRegion.hugeAnonymous(2L * plan.flows() * layout.entryBytes());
    }

    FrameLayout layout() {
        return layout;
    }

    /** Address of the first entry. */
    long address() {
        return region.address();
    }

    /** How many flows. */
    public int flows() {
        return plan.flows();
    }

    /** Address of the client's entry of a flow, before {@link #shuffle}. */
    long client(int flow) {
        return region.address() + 2L * flow * layout.entryBytes();
    }

    /** Address of the server's entry of a flow, before {@link #shuffle}. */
    long server(int flow) {
        return client(flow) + layout.entryBytes();
    }

    /** Writes the clients' entries. */
    public void writeClients() {
        for (int flow = 0; flow < plan.flows(); flow++) {
            layout.writeEntry(
                    client(flow),
                    plan.client(flow),
                    plan.clientPort(flow),
                    plan.virtualAddress(plan.serviceOf(flow)),
                    FlowPlan.VIRTUAL_PORT);
        }
    }

    /** Flows whose server has not been seen. */
    public int unanswered() {
        int missing = 0;
        for (int flow = 0; flow < plan.flows(); flow++) {
            missing += Memory.getInt(server(flow) + layout.entryPorts()) == 0 ? 1 : 0;
        }
        return missing;
    }

    /**
     * Puts the clients' entries of some flows, and on their own the servers', into a random order.
     *
     * @param from the first flow
     * @param to the first one that stays where it is
     */
    public void shuffle(long seed, int from, int to) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int direction = 0; direction < 2; direction++) {
            long base = client(from) + (long) direction * layout.entryBytes();
            for (int i = to - from; i > 1; i--) {
                swap(base, i - 1, random.nextInt(i));
            }
        }
    }

    private void swap(long base, int i, int j) {
        long a = base + 2L * i * layout.entryBytes();
        long b = base + 2L * j * layout.entryBytes();
        for (int offset = 0; offset < layout.entryBytes(); offset += 8) {
            long word = Memory.getLong(a + offset);
            Memory.putLong(a + offset, Memory.getLong(b + offset));
            Memory.putLong(b + offset, word);
        }
    }

    @Override
    public void close() {
        region.close();
    }
}
