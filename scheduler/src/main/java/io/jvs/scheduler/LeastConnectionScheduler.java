package io.jvs.scheduler;

/** lc: the least {@link Destination#overhead}, the first of equals (ip_vs_lc.c). */
final class LeastConnectionScheduler extends Scheduler {

    LeastConnectionScheduler(DestinationList list) {
        super(LC, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (d.isUnavailable()) {
            ranks.clear(d.slot);
        } else {
            ranks.set(d.slot, d.overhead(), 1);
        }
    }
}
