package io.jvs.port;

import io.jvs.dpdk.MbufAllocator;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;

/** Packet buffers from a DPDK mempool, through the worker's own cache. One thread. */
public final class DpdkBuffers implements PacketBuffers {
    private final MbufAllocator allocator;

    /** Buffers of {@code allocator}, which was made on the worker's thread. */
    public DpdkBuffers(MbufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public int allocate(PacketBurst burst) {
        if (burst.count == PacketBurst.CAPACITY) {
            return -1;
        }
        long mbuf = allocator.allocate();
        if (mbuf == 0) {
            return -1;
        }
        int row = burst.add();
        DpdkPort.fill(burst, row, mbuf);
        return row;
    }

    @Override
    public void free(long handle) {
        allocator.free(handle);
    }
}
