package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * dh: by the virtual address, in a table of 256 buckets that real servers fill in turn, whatever
 * their weight (ip_vs_dh.c). Who is assigned but unavailable gets nothing, and nobody else does.
 */
final class DestinationHashingScheduler extends Scheduler {
    private static final int BITS = 8;
    private static final int BUCKETS = 1 << BITS;

    private final @Nullable Destination[] buckets = new @Nullable Destination[BUCKETS];
    private boolean stale = true;

    DestinationHashingScheduler(DestinationList list) {
        super(DH, list);
    }

    static @Nullable Destination choose(DestinationHashingScheduler s, Flow flow) {
        int fold = AddressHash.fold(flow.virtualHigh, flow.virtualLow);
        Destination destination = s.buckets[AddressHash.hash32(fold, BITS)];
        return destination == null || destination.isUnavailable() ? null : destination;
    }

    /** ip_vs_dh_reassign(). */
    @Override
    public void settle() {
        for (int i = 0; stale && i < BUCKETS; i++) {
            buckets[i] = list.size() == 0 ? null : list.get(i % list.size());
        }
        stale = false;
    }

    @Override
    public void onAdded(Destination destination) {
        stale = true;
    }

    @Override
    public void onRemoved(Destination destination) {
        stale = true;
    }
}
