package io.jvs.dpdk;

import java.lang.foreign.MemorySegment;

/**
 * One receive queue of a started port; rewrites rte_eth_rx_burst (rte_ethdev.h). One thread polls
 * it, and has left its loop before the port is stopped.
 */
public final class RxQueue {
    private final MemorySegment function;
    private final long queue;
    private final boolean critical;

    RxQueue(MemorySegment function, long queue, boolean critical) {
        this.function = function;
        this.queue = queue;
        this.critical = critical;
    }

    /**
     * Takes what has arrived, without waiting.
     *
     * @param mbufArrayAddress room for {@code max} addresses of 8 bytes
     * @param max at most 65535
     * @return how many mbuf addresses were written; the caller owns those mbufs
     */
    public int receive(long mbufArrayAddress, int max) {
        if (critical) {
            return BurstCall.critical(function, queue, mbufArrayAddress, max);
        }
        return BurstCall.plain(function, queue, mbufArrayAddress, max);
    }
}
