package io.jvs.dpdk;

import java.lang.foreign.MemorySegment;

/**
 * One transmit queue of a started port; rewrites rte_eth_tx_burst and rte_eth_tx_prepare
 * (rte_ethdev.h). One thread sends, and has left its loop before the port is stopped.
 */
public final class TxQueue {
    private final MemorySegment function;
    private final MemorySegment prepareFunction;
    private final long queue;
    private final boolean critical;

    TxQueue(MemorySegment function, MemorySegment prepareFunction, long queue, boolean critical) {
        this.function = function;
        this.prepareFunction = prepareFunction;
        this.queue = queue;
        this.critical = critical;
    }

    /**
     * Hands frames to the port, which frees them once they are sent.
     *
     * @param mbufArrayAddress {@code count} addresses of 8 bytes
     * @return how many of them, from the first, were taken; the caller still owns the rest
     */
    public int transmit(long mbufArrayAddress, int count) {
        if (critical) {
            return BurstCall.critical(function, queue, mbufArrayAddress, count);
        }
        return BurstCall.plain(function, queue, mbufArrayAddress, count);
    }

    /**
     * Lets the driver check and complete frames that ask for transmit offloads (pseudo-header
     * checksums); needed before {@link #transmit} only when offloads are used.
     *
     * @return how many of them, from the first, are good to send
     */
    public int prepare(long mbufArrayAddress, int count) {
        if (prepareFunction.address() == 0) {
            return count;
        }
        return BurstCall.plain(prepareFunction, queue, mbufArrayAddress, count);
    }
}
