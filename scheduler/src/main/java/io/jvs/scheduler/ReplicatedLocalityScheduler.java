package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * lblcr: as lblc, but a virtual address has a set of real servers, which grows when its least
 * loaded member is overloaded and shrinks by its most loaded one when it did not change for a day
 * (ip_vs_lblcr.c).
 */
final class ReplicatedLocalityScheduler extends Scheduler {
    /** Members that sets share, at least: enough for one to become large. */
    private static final int SPARE_MIN = 64;

    private final AddressTable addresses;
    private final DestinationSets sets;
    private final IdleServers idle = new IdleServers();

    ReplicatedLocalityScheduler(DestinationList list, long seed, int capacity) {
        super(LBLCR, list);
        addresses = new AddressTable(seed, capacity);
        sets = new DestinationSets(addresses.capacity(), Math.max(addresses.capacity(), SPARE_MIN));
    }

    static void rank(ReplicatedLocalityScheduler s, Destination d) {
        WeightedLeastConnectionScheduler.rank(s.ranks, d);
        s.idle.set(d);
        s.sets.rank(d);
    }

    @Override
    void beginRanks(int slots) {
        super.beginRanks(slots);
        idle.begin(slots);
        sets.reserve(slots);
    }

    @Override
    void clear(Destination removed) {
        super.clear(removed);
        idle.clear(removed.slot);
        sets.rank(removed);
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
            if (known != null && !s.idle.isTooBusy(known)) {
                return known;
            }
        }
        Destination least = first(s);
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
