package io.jvs.scheduler;

/**
 * ovf: the highest weight of those that have no more active connections than weight, the first of
 * equals (ip_vs_ovf.c). Weight 3 takes four; then it overflows to the next.
 */
final class OverflowScheduler extends Scheduler {

    OverflowScheduler(DestinationList list) {
        super(OVF, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (d.activeConnections() > d.weight()) {
            ranks.clear(d.slot);
        } else {
            FailoverScheduler.rank(ranks, d);
        }
    }
}
