package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/** rr: the next one after the last one picked, whatever its weight (ip_vs_rr.c). */
final class RoundRobinScheduler extends Scheduler {
    /** Before the first. */
    private static final int HEAD = Integer.MAX_VALUE;

    /** The last one picked; null before the first. */
    private @Nullable Destination last;

    RoundRobinScheduler(DestinationList list) {
        super(RR, list);
    }

    /** ip_vs_rr_schedule(): once round the list, the last one picked comes last. */
    static @Nullable Destination next(RoundRobinScheduler s) {
        Destination last = s.last;
        int slot = last == null ? Tournament.NONE : s.ranks.next(last.slot, 1);
        if (slot == Tournament.NONE) {
            slot = s.ranks.next(HEAD, 1);
        }
        if (slot == Tournament.NONE) {
            return null;
        }
        s.last = s.list.at(slot);
        return s.last;
    }

    /** ip_vs_rr_del_dest(): the mark steps back to the one before. */
    @Override
    public void onRemoved(Destination destination) {
        if (destination == last) {
            last = list.before(destination.slot);
        }
    }
}
