package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * lblc: the real server that a virtual address had before, as long as it is not overloaded while
 * another is at less than half its weight; else as wlc (ip_vs_lblc.c). For clusters of caches, with
 * a firewall mark that takes many virtual addresses.
 */
final class LocalityScheduler extends Scheduler {
    private final AddressTable addresses;
    private final @Nullable Destination[] destinations;
    private final IdleServers idle = new IdleServers();

    LocalityScheduler(DestinationList list, long seed, int capacity) {
        super(LBLC, list);
        addresses = new AddressTable(seed, capacity);
        destinations = new @Nullable Destination[addresses.capacity()];
    }

    static void rank(LocalityScheduler s, Destination d) {
        WeightedLeastConnectionScheduler.rank(s.ranks, d);
        s.idle.set(d);
    }

    @Override
    void beginRanks(int slots) {
        super.beginRanks(slots);
        idle.begin(slots);
    }

    @Override
    void clear(Destination removed) {
        super.clear(removed);
        idle.clear(removed.slot);
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
                    && known.isListed()
                    && !known.isHeld()
                    && known.weight() > 0
                    && !s.idle.isTooBusy(known)) {
                return known;
            }
        }
        Destination least = first(s);
        if (least != null) {
            s.remember(entry, flow, least);
        }
        return least;
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
