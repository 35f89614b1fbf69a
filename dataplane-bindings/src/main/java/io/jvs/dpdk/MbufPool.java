package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A pool of packet buffers (rte_mempool.h). Made and closed by the control plane. */
public final class MbufPool implements AutoCloseable {
    private final MbufPoolSpec spec;
    private final MemorySegment pool;
    private boolean closed;

    private MbufPool(MbufPoolSpec spec, MemorySegment pool) {
        this.spec = spec;
        this.pool = pool;
    }

    static MbufPool create(MbufPoolSpec spec, DpdkLog log) {
        log.drain();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pool =
                    Dpdk.rte_pktmbuf_pool_create(
                            arena.allocateFrom(spec.name()),
                            spec.mbufs(),
                            spec.cacheSize(),
                            (short) 0,
                            (short) spec.dataRoomBytes(),
                            spec.socketId());
            if (pool.address() == 0) {
                throw Errno.failure(
                        "rte_pktmbuf_pool_create of '" + spec.name() + "'",
                        Errno.last(),
                        DpdkLog.reason(log.drain()),
                        "give DPDK more memory than the "
                                + megabytes(spec)
                                + " MB that these "
                                + spec.mbufs()
                                + " buffers take, or ask for fewer, and use each pool name once");
            }
            return new MbufPool(spec, pool);
        }
    }

    private static long megabytes(MbufPoolSpec spec) {
        long object = spec.dataRoomBytes() + 128L + 64L; // data, struct rte_mbuf, object header
        return (spec.mbufs() * object >> 20) + 1;
    }

    /** The address of its struct rte_mempool. */
    public long address() {
        return pool.address();
    }

    MemorySegment segment() {
        return pool;
    }

    /** The specification it was made from. */
    public MbufPoolSpec spec() {
        return spec;
    }

    /** How many buffers it has. */
    public int mbufs() {
        return spec.mbufs();
    }

    /** How many buffers are free, in the threads' caches too. Slow; for statistics and tests. */
    public int availableCount() {
        return Dpdk.rte_mempool_avail_count(pool);
    }

    /** How many buffers somebody holds. Slow; for statistics and tests. */
    public int inUseCount() {
        return Dpdk.rte_mempool_in_use_count(pool);
    }

    /** The calling thread's way to buffers; call it after {@link LcoreThread#register}. */
    public MbufAllocator allocator() {
        return new MbufAllocator(pool.address());
    }

    /** Gives the memory back; every port that used it is closed by then. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Dpdk.rte_mempool_free(pool);
        }
    }
}
