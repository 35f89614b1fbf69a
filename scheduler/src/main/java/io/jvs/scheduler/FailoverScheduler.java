package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/** fo: the highest weight, the first of equals (ip_vs_fo.c). */
final class FailoverScheduler extends Scheduler {

    FailoverScheduler(DestinationList list) {
        super(FO, list);
    }

    static @Nullable Destination heaviest(DestinationList list) {
        Destination heaviest = null;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (!destination.isUnavailable()
                    && (heaviest == null || destination.weight > heaviest.weight)) {
                heaviest = destination;
            }
        }
        return heaviest;
    }
}
