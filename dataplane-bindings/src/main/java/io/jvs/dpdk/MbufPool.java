package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
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

    /**
     * Makes a pool.
     *
     * @param scattered whether pages need not be contiguous for a device (no hugepages, so none
     *     does DMA)
     */
    static MbufPool create(MbufPoolSpec spec, boolean scattered, DpdkLog log) {
        log.drain();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(spec.name());
            MemorySegment pool =
                    scattered ? createScattered(spec, name, arena) : createContiguous(spec, name);
            if (pool.address() == 0) {
                throw refused(spec, Errno.last(), log);
            }
            return new MbufPool(spec, pool);
        }
    }

    private static MemorySegment createContiguous(MbufPoolSpec spec, MemorySegment name) {
        return Dpdk.rte_pktmbuf_pool_create(
                name,
                spec.mbufs(),
                spec.cacheSize(),
                (short) 0,
                (short) spec.dataRoomBytes(),
                spec.socketId());
    }

    /**
     * What rte_pktmbuf_pool_create does (rte_mbuf.c), with RTE_MEMPOOL_F_NO_IOVA_CONTIG. Without
     * that flag and without hugepages each buffer gets a page of its own: nearly twice the memory,
     * and net_af_xdp, which takes the pool for one dense array, loses the frames of its upper part.
     */
    private static MemorySegment createScattered(
            MbufPoolSpec spec, MemorySegment name, Arena arena) {
        MemorySegment pool =
                Dpdk.rte_mempool_create_empty(
                        name,
                        spec.mbufs(),
                        Layouts.MBUF_SIZE() + spec.dataRoomBytes(),
                        spec.cacheSize(),
                        Layouts.POOL_PRIVATE_SIZE(),
                        spec.socketId(),
                        Dpdk.RTE_MEMPOOL_F_NO_IOVA_CONTIG());
        if (pool.address() == 0) {
            return pool;
        }
        MemorySegment room = arena.allocate(Layouts.POOL_PRIVATE_SIZE(), 8);
        Memory.putShort(room.address() + Layouts.POOL_PRIVATE_DATA_ROOM(), spec.dataRoomBytes());
        MemorySegment ops = Dpdk.rte_mbuf_best_mempool_ops();
        if (Dpdk.rte_mempool_set_ops_byname(pool, ops, MemorySegment.NULL) < 0) {
            return freed(pool);
        }
        Dpdk.rte_pktmbuf_pool_init(pool, room);
        if (Dpdk.rte_mempool_populate_default(pool) < 0) {
            return freed(pool);
        }
        int _ =
                Dpdk.rte_mempool_obj_iter(
                        pool, BurstCall.symbol("rte_pktmbuf_init"), MemorySegment.NULL);
        return pool;
    }

    private static MemorySegment freed(MemorySegment pool) {
        Dpdk.rte_mempool_free(pool);
        return MemorySegment.NULL;
    }

    private static DpdkException refused(MbufPoolSpec spec, int errno, DpdkLog log) {
        return Errno.failure(
                "rte_pktmbuf_pool_create of '" + spec.name() + "'",
                errno,
                DpdkLog.reason(log.drain()),
                "give DPDK more memory than the "
                        + megabytes(spec)
                        + " MB that these "
                        + spec.mbufs()
                        + " buffers take, or ask for fewer, and use each pool name once");
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
