package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * lblcr: as lblc, but a virtual address has a set of real servers, which grows when its least
 * loaded member is overloaded and shrinks by its most loaded one when it did not change for a day
 * (ip_vs_lblcr.c).
 */
final class ReplicatedLocalityScheduler extends Scheduler {
    private final AddressTable addresses;
    private final DestinationSets sets = new DestinationSets(AddressTable.CAPACITY);

    ReplicatedLocalityScheduler(DestinationList list, long seed) {
        super(LBLCR, list);
        addresses = new AddressTable(seed);
    }

    /** ip_vs_lblcr_schedule(). */
    static @Nullable Destination choose(ReplicatedLocalityScheduler s, Flow flow) {
        int now = flow.nowSeconds;
        int entry = s.addresses.find(flow.virtualHigh, flow.virtualLow);
        if (entry != AddressTable.NONE
                && s.addresses.idleSeconds(entry, now) >= flow.lblcrExpirationSeconds) {
            s.forget(entry);
            entry = AddressTable.NONE;
        }
        if (entry != AddressTable.NONE) {
            s.addresses.touch(entry, now);
            Destination known = s.sets.least(entry);
            s.shrink(entry, flow);
            if (known != null && !LocalityScheduler.hasLessLoaded(s.list, known)) {
                return known;
            }
        }
        Destination least = WeightedLeastConnectionScheduler.least(s.list);
        if (least != null) {
            s.remember(entry, flow, least);
        }
        return least;
    }

    private void shrink(int entry, Flow flow) {
        int now = flow.nowSeconds;
        if (sets.size(entry) > 1
                && sets.unchangedSeconds(entry, now) > flow.lblcrExpirationSeconds) {
            sets.removeMostLoaded(entry, now);
        }
    }

    private void remember(int known, Flow flow, Destination destination) {
        int entry = known;
        if (entry == AddressTable.NONE) {
            if (addresses.isFull()) {
                forget(addresses.stale(flow.nowSeconds));
            }
            entry = addresses.add(flow.virtualHigh, flow.virtualLow, flow.nowSeconds);
        }
        sets.add(entry, destination, flow.nowSeconds);
    }

    private void forget(int entry) {
        sets.clear(entry);
        addresses.remove(entry);
    }
}
