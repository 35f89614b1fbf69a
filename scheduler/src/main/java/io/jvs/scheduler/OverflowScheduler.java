package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * ovf: the highest weight of those that have no more active connections than weight, the first of
 * equals (ip_vs_ovf.c). Weight 3 takes four; then it overflows to the next.
 */
final class OverflowScheduler extends Scheduler {

    OverflowScheduler(DestinationList list) {
        super(OVF, list);
    }

    static @Nullable Destination heaviestWithRoom(DestinationList list) {
        Destination heaviest = null;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (!destination.isUnavailable()
                    && destination.activeConnections() <= destination.weight
                    && (heaviest == null || destination.weight > heaviest.weight)) {
                heaviest = destination;
            }
        }
        return heaviest;
    }
}
