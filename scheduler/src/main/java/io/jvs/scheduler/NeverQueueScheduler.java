package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/** nq: the first one with no active connection, else as sed (ip_vs_nq.c). */
final class NeverQueueScheduler extends Scheduler {

    NeverQueueScheduler(DestinationList list) {
        super(NQ, list);
    }

    static @Nullable Destination choose(DestinationList list) {
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (!destination.isUnavailable() && destination.activeConnections() == 0) {
                return destination;
            }
        }
        return ShortestExpectedDelayScheduler.shortest(list);
    }
}
