package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * wlc: the least {@link Destination#overhead} by weight, the first of equals (ip_vs_wlc.c). lblc
 * and lblcr fall back on it.
 */
final class WeightedLeastConnectionScheduler extends Scheduler {

    WeightedLeastConnectionScheduler(DestinationList list) {
        super(WLC, list);
    }

    static @Nullable Destination least(DestinationList list) {
        Destination least = null;
        long leastOverhead = 0;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (destination.isUnavailable()) {
                continue;
            }
            long overhead = destination.overhead();
            if (least == null || isLess(overhead, destination.weight, leastOverhead, least)) {
                least = destination;
                leastOverhead = overhead;
            }
        }
        return least;
    }

    /** Whether {@code load / weight < otherLoad / other.weight}. */
    static boolean isLess(long load, int weight, long otherLoad, Destination other) {
        return otherLoad * weight > load * other.weight;
    }
}
