package io.jvs.scheduler;

/**
 * sed: the least (active + 1) by weight, the first of equals (ip_vs_sed.c). Inactive connections do
 * not count, so that all UDP goes to the heaviest server.
 */
final class ShortestExpectedDelayScheduler extends Scheduler {

    ShortestExpectedDelayScheduler(DestinationList list) {
        super(SED, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (d.isUnavailable()) {
            ranks.clear(d.slot);
        } else {
            ranks.set(d.slot, d.activeConnections() + 1L, d.weight());
        }
    }
}
