package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's way to the buffers of a pool; rewrites rte_pktmbuf_alloc, rte_pktmbuf_alloc_bulk and
 * the getting half of rte_mempool_generic_get (rte_mbuf.h, rte_mempool.h). Takes from the thread's
 * cache first, the rest from the pool's driver; unlike C it does not refill the cache, because
 * freeing does. Belongs to the thread that made it.
 */
public final class MbufAllocator {
    private static final long CACHE_LEN = Layouts.MEMPOOL_CACHE_LEN();
    private static final long CACHE_OBJS = Layouts.MEMPOOL_CACHE_OBJS();

    private final long pool;
    private final long cache;
    private final MemorySegment dequeue;
    private final MemorySegment slotMemory = Arena.ofAuto().allocate(Mbuf.POINTER_BYTES, 8);
    private final long slot = slotMemory.address();

    MbufAllocator(long pool) {
        this.pool = pool;
        this.cache = cacheOf(pool, LcoreThread.currentLcoreId());
        this.dequeue = MemorySegment.ofAddress(dequeueFunction(pool));
    }

    /** rte_mempool_default_cache: 0 when the pool has no caches or the thread no lcore number. */
    private static long cacheOf(long pool, int lcore) {
        int size = Memory.getInt(pool + Layouts.MEMPOOL_CACHE_SIZE_FIELD());
        if (size == 0 || lcore < 0 || lcore >= Dpdk.RTE_MAX_LCORE()) {
            return 0;
        }
        long caches = Memory.getLong(pool + Layouts.MEMPOOL_LOCAL_CACHE());
        return caches + (long) lcore * Layouts.MEMPOOL_CACHE_SIZE();
    }

    /** rte_mempool_get_ops(pool->ops_index)->dequeue. */
    private static long dequeueFunction(long pool) {
        long index = Memory.getInt(pool + Layouts.MEMPOOL_OPS_INDEX());
        long table = BurstCall.symbol("rte_mempool_ops_table").address();
        return Memory.getLong(
                table
                        + Layouts.MEMPOOL_OPS_TABLE_OPS()
                        + index * Layouts.MEMPOOL_OPS_SIZE()
                        + Layouts.MEMPOOL_OPS_DEQUEUE());
    }

    /** An empty frame of one segment with full headroom, or 0 when the pool is empty. */
    public long allocate() {
        return allocateBulk(slot, 1) ? Memory.getLong(slot) : 0;
    }

    /**
     * Writes the addresses of {@code count} empty frames.
     *
     * @param mbufArrayAddress room for {@code count} addresses of 8 bytes
     * @return false when the pool has fewer: none is taken
     */
    public boolean allocateBulk(long mbufArrayAddress, int count) {
        int cached = fromCache(mbufArrayAddress, count);
        if (cached < count && !fromDriver(mbufArrayAddress, cached, count)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Mbuf.reset(Memory.getLong(mbufArrayAddress + (long) i * Mbuf.POINTER_BYTES));
        }
        return true;
    }

    /** Takes up to {@code count} from the thread's cache. */
    private int fromCache(long mbufArrayAddress, int count) {
        if (cache == 0) {
            return 0;
        }
        int length = Memory.getInt(cache + CACHE_LEN);
        int taken = Math.min(count, length);
        int left = length - taken;
        Memory.putInt(cache + CACHE_LEN, left);
        for (int i = 0; i < taken; i++) {
            long object = Memory.getLong(cache + CACHE_OBJS + (long) (left + i) * 8);
            Memory.putLong(mbufArrayAddress + (long) i * Mbuf.POINTER_BYTES, object);
        }
        return taken;
    }

    /** Takes the rest from the driver, or puts the cached ones back (they are still in place). */
    private boolean fromDriver(long mbufArrayAddress, int cached, int count) {
        long rest = mbufArrayAddress + (long) cached * Mbuf.POINTER_BYTES;
        if (BurstCall.dequeue(dequeue, pool, rest, count - cached) >= 0) {
            return true;
        }
        if (cached > 0) {
            Memory.putInt(cache + CACHE_LEN, Memory.getInt(cache + CACHE_LEN) + cached);
        }
        return false;
    }

    /** Gives a frame of any pool back, its further segments too; see {@link Mbuf#freeBulk}. */
    public void free(long mbuf) {
        Memory.putLong(slot, mbuf);
        BurstCall.free(slot, 1);
    }
}
