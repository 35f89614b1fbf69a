package io.jvs.dpdk;

import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;

/**
 * A port's own counters since its start or the last reset (struct rte_eth_stats).
 *
 * @param receivedPackets frames received
 * @param receivedBytes bytes received
 * @param transmittedPackets frames sent
 * @param transmittedBytes bytes sent
 * @param missedPackets frames that the port dropped because its queues were full
 * @param receiveErrors frames received with errors
 * @param transmitErrors frames that could not be sent
 * @param noMbufFailures frames for which the pool had no buffer
 */
public record PortStatistics(
        long receivedPackets,
        long receivedBytes,
        long transmittedPackets,
        long transmittedBytes,
        long missedPackets,
        long receiveErrors,
        long transmitErrors,
        long noMbufFailures) {

    static PortStatistics of(long stats) {
        return new PortStatistics(
                Memory.getLong(stats + Layouts.STATS_IPACKETS()),
                Memory.getLong(stats + Layouts.STATS_IBYTES()),
                Memory.getLong(stats + Layouts.STATS_OPACKETS()),
                Memory.getLong(stats + Layouts.STATS_OBYTES()),
                Memory.getLong(stats + Layouts.STATS_IMISSED()),
                Memory.getLong(stats + Layouts.STATS_IERRORS()),
                Memory.getLong(stats + Layouts.STATS_OERRORS()),
                Memory.getLong(stats + Layouts.STATS_RX_NOMBUF()));
    }
}
