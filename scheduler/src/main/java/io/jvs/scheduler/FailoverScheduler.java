package io.jvs.scheduler;

/** fo: the highest weight, the first of equals (ip_vs_fo.c). */
final class FailoverScheduler extends Scheduler {

    FailoverScheduler(DestinationList list) {
        super(FO, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (d.isUnavailable()) {
            ranks.clear(d.slot);
        } else {
            ranks.set(d.slot, 1, d.weight());
        }
    }
}
