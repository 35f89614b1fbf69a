package io.jvs.scheduler;

/**
 * wlc: the least {@link Destination#overhead} by weight, the first of equals (ip_vs_wlc.c). lblc
 * and lblcr fall back on it.
 */
final class WeightedLeastConnectionScheduler extends Scheduler {

    WeightedLeastConnectionScheduler(DestinationList list) {
        super(WLC, list);
    }

    static void rank(Tournament ranks, Destination d) {
        if (d.isUnavailable()) {
            ranks.clear(d.slot);
        } else {
            ranks.set(d.slot, d.overhead(), d.weight());
        }
    }

    /** Whether {@code load / weight < otherLoad / other.weight()}. */
    static boolean isLess(long load, int weight, long otherLoad, Destination other) {
        return Tournament.isLess(load, weight, otherLoad, other.weight());
    }
}
