package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/** rr: the next one after the last one picked, whatever its weight (ip_vs_rr.c). */
final class RoundRobinScheduler extends Scheduler {
    private static final int HEAD = -1;

    /** Where the last one picked stands, or HEAD: before the first. */
    private int position = HEAD;

    private @Nullable Destination last;

    RoundRobinScheduler(DestinationList list) {
        super(RR, list);
    }

    /** ip_vs_rr_schedule(): once round the list, the last one picked comes last. */
    static @Nullable Destination next(RoundRobinScheduler s) {
        DestinationList list = s.list;
        int size = list.size();
        int index = s.position;
        for (int tries = 0; tries < size; tries++) {
            index = index + 1 < size ? index + 1 : 0;
            Destination destination = list.get(index);
            if (!destination.isUnavailable()) {
                s.position = index;
                s.last = destination;
                return destination;
            }
        }
        return null;
    }

    @Override
    public void onAdded(Destination destination) {
        position = list.indexOf(last);
    }

    /** ip_vs_rr_del_dest(): the mark steps back to the one before. */
    @Override
    public void onRemoved(Destination destination) {
        if (destination != last) {
            position = list.indexOf(last);
            return;
        }
        position--;
        last = position == HEAD ? null : list.get(position);
    }
}
