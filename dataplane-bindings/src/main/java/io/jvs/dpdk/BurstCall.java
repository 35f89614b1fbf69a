package io.jvs.dpdk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls of function pointers that DPDK's static inlines make: the burst functions of rte_eth_fp_ops
 * (rte_ethdev_core.h) and the dequeue function of a mempool's driver (rte_mempool.h). One handle a
 * shape takes the address as its first argument. A critical handle skips the thread's state change,
 * and holds up every safepoint while it runs: only for functions that make no system call.
 */
final class BurstCall {
    /** uint16_t (*)(void *queue, struct rte_mbuf **mbufs, uint16_t count). */
    private static final FunctionDescriptor BURST =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_SHORT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_SHORT);

    /** int (*)(struct rte_mempool *mp, void **objects, unsigned int count). */
    private static final FunctionDescriptor DEQUEUE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT);

    private static final FunctionDescriptor FREE_BULK =
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private static final MethodHandle PLAIN_BURST = handle(BURST);
    private static final MethodHandle CRITICAL_BURST = handle(BURST, Linker.Option.critical(false));
    private static final MethodHandle CRITICAL_DEQUEUE =
            handle(DEQUEUE, Linker.Option.critical(false));

    private BurstCall() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle(FunctionDescriptor shape, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(shape, options);
    }

    /** The address of an exported function or variable. */
    @SuppressWarnings("restricted")
    static MemorySegment symbol(String name) {
        return SymbolLookup.loaderLookup().findOrThrow(name);
    }

    /** Resolved when the first mbuf is freed: the libraries are loaded by then. */
    private static final class Free {
        @SuppressWarnings("restricted")
        static final MethodHandle HANDLE =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbol("rte_pktmbuf_free_bulk"),
                                FREE_BULK,
                                Linker.Option.critical(false));
    }

    static int plain(MemorySegment function, long queue, long mbufs, int count) {
        try {
            return (short) PLAIN_BURST.invokeExact(function, queue, mbufs, (short) count) & 0xffff;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int critical(MemorySegment function, long queue, long mbufs, int count) {
        try {
            return (short) CRITICAL_BURST.invokeExact(function, queue, mbufs, (short) count)
                    & 0xffff;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int dequeue(MemorySegment function, long pool, long mbufs, int count) {
        try {
            return (int) CRITICAL_DEQUEUE.invokeExact(function, pool, mbufs, count);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static void free(long mbufs, int count) {
        try {
            Free.HANDLE.invokeExact(mbufs, count);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** A downcall throws nothing but what the JVM itself throws. */
    private static RuntimeException impossible(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
