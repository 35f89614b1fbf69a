package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/** lc: the least {@link Destination#overhead}, the first of equals (ip_vs_lc.c). */
final class LeastConnectionScheduler extends Scheduler {

    LeastConnectionScheduler(DestinationList list) {
        super(LC, list);
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
            if (least == null || overhead < leastOverhead) {
                least = destination;
                leastOverhead = overhead;
            }
        }
        return least;
    }
}
