package io.jvs.dpdk;

import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;

/**
 * The state of a port's link (struct rte_eth_link).
 *
 * @param up whether it has a link
 * @param fullDuplex whether both directions work at once
 * @param megabitsPerSecond 0 when it does not tell
 */
public record LinkStatus(boolean up, boolean fullDuplex, long megabitsPerSecond) {
    // Bitfields behind link_speed: link_duplex:1 link_autoneg:1 link_status:1
    private static final int FLAGS = 4;
    private static final int DUPLEX = 1;
    private static final int STATUS = 4;
    private static final long SPEED_UNKNOWN = 0xffff_ffffL; // RTE_ETH_SPEED_NUM_UNKNOWN

    static LinkStatus of(long link) {
        int flags = Memory.getUnsignedShort(link + Layouts.LINK_SPEED() + FLAGS);
        long speed = Memory.getUnsignedInt(link + Layouts.LINK_SPEED());
        return new LinkStatus(
                (flags & STATUS) != 0, (flags & DUPLEX) != 0, speed == SPEED_UNKNOWN ? 0 : speed);
    }
}
