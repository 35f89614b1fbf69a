package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.memory.Memory;
import java.lang.foreign.SymbolLookup;

/**
 * The registration of one platform thread with DPDK (rte_lcore.h, rte_thread_register): it gets an
 * lcore number, and with it a cache in each mbuf pool. Made and closed on the thread itself.
 */
public final class LcoreThread implements AutoCloseable {
    private static final int NONE = -1; // LCORE_ID_ANY is UINT32_MAX

    private final Thread thread;
    private final CpuSet before;
    private final int lcoreId;
    private boolean closed;

    private LcoreThread(CpuSet before, int lcoreId) {
        this.thread = Thread.currentThread();
        this.before = before;
        this.lcoreId = lcoreId;
    }

    /**
     * Pins the calling platform thread to {@code cpus} and registers it. The EAL must be up.
     *
     * @throws DpdkException when the CPUs do not exist or all of DPDK's lcores are taken
     */
    public static LcoreThread register(CpuSet cpus) {
        CpuSet before = CpuSet.allowed();
        cpus.pinCurrentThread();
        if (Dpdk.rte_thread_register() < 0) {
            int errno = Errno.last();
            before.pinCurrentThread();
            throw Errno.failure(
                    "rte_thread_register",
                    errno,
                    "",
                    "start the EAL first and no more than 127 workers");
        }
        return new LcoreThread(before, currentLcoreId());
    }

    /** The calling thread's lcore number, or -1 when it is not registered. */
    @SuppressWarnings("restricted")
    static int currentLcoreId() {
        return SymbolLookup.loaderLookup()
                .find("per_lcore__lcore_id") // thread local: dlsym gives the caller's own
                .map(variable -> Memory.getInt(variable.address()))
                .orElse(NONE);
    }

    /** The lcore number, 0 to 127. */
    public int lcoreId() {
        return lcoreId;
    }

    /** Gives the lcore number back and lets the thread run where it could before. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("An lcore thread is closed by itself only");
        }
        closed = true;
        Dpdk.rte_thread_unregister();
        before.pinCurrentThread();
    }
}
