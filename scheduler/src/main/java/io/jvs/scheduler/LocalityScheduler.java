package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * lblc: the real server that a virtual address had before, as long as it is not overloaded while
 * another is at less than half its weight; else as wlc (ip_vs_lblc.c). For clusters of caches, with
 * a firewall mark that takes many virtual addresses.
 */
final class LocalityScheduler extends Scheduler {
    private final AddressTable addresses;
    private final @Nullable Destination[] destinations = new Destination[AddressTable.CAPACITY];

    LocalityScheduler(DestinationList list, long seed) {
        super(LBLC, list);
        addresses = new AddressTable(seed);
    }

    /** ip_vs_lblc_schedule(). */
    static @Nullable Destination choose(LocalityScheduler s, Flow flow) {
        int now = flow.nowSeconds;
        int entry = s.addresses.find(flow.virtualHigh, flow.virtualLow);
        if (entry != AddressTable.NONE
                && s.addresses.idleSeconds(entry, now) >= flow.lblcExpirationSeconds) {
            s.addresses.remove(entry);
            entry = AddressTable.NONE;
        }
        if (entry != AddressTable.NONE) {
            s.addresses.touch(entry, now);
            Destination known = s.destinations[entry];
            // As in the kernel, the upper threshold does not count here.
            if (known != null
                    && known.listed
                    && !known.full
                    && known.weight > 0
                    && !hasLessLoaded(s.list, known)) {
                return known;
            }
        }
        Destination least = WeightedLeastConnectionScheduler.least(s.list);
        if (least != null) {
            s.remember(entry, flow, least);
        }
        return least;
    }

    /** is_overloaded() of ip_vs_lblc.c: above its weight, and another below half of its own. */
    static boolean hasLessLoaded(DestinationList list, Destination destination) {
        if (destination.activeConnections() <= destination.weight) {
            return false;
        }
        for (int i = 0; i < list.size(); i++) {
            Destination other = list.get(i);
            if (other.activeConnections() * 2L < other.weight) {
                return true;
            }
        }
        return false;
    }

    private void remember(int known, Flow flow, Destination destination) {
        int entry = known;
        if (entry == AddressTable.NONE) {
            if (addresses.isFull()) {
                addresses.remove(addresses.stale(flow.nowSeconds));
            }
            entry = addresses.add(flow.virtualHigh, flow.virtualLow, flow.nowSeconds);
        }
        destinations[entry] = destination;
    }
}
