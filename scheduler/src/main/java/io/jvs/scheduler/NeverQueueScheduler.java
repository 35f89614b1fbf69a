package io.jvs.scheduler;

/** nq: the first one with no active connection, else as sed (ip_vs_nq.c). */
final class NeverQueueScheduler extends Scheduler {

    NeverQueueScheduler(DestinationList list) {
        super(NQ, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (!d.isUnavailable() && d.activeConnections() == 0) {
            // Less than any other, and equal to one another.
            ranks.set(d.slot, 0, 1);
        } else {
            ShortestExpectedDelayScheduler.rank(ranks, d);
        }
    }
}
