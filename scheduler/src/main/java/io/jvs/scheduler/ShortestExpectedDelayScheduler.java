package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * sed: the least (active + 1) by weight, the first of equals (ip_vs_sed.c). Inactive connections do
 * not count, so that all UDP goes to the heaviest server.
 */
final class ShortestExpectedDelayScheduler extends Scheduler {

    ShortestExpectedDelayScheduler(DestinationList list) {
        super(SED, list);
    }

    static @Nullable Destination shortest(DestinationList list) {
        Destination shortest = null;
        long shortestDelay = 0;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (destination.isUnavailable()) {
                continue;
            }
            long delay = destination.activeConnections() + 1L;
            if (shortest == null
                    || WeightedLeastConnectionScheduler.isLess(
                            delay, destination.weight, shortestDelay, shortest)) {
                shortest = destination;
                shortestDelay = delay;
            }
        }
        return shortest;
    }
}
