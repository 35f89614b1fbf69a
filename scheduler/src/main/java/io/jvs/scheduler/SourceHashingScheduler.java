package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * sh: by the client address, and its port with sh-port, in a table of 256 buckets where each real
 * server takes as many in a row as its weight, at least one (ip_vs_sh.c). When the one assigned is
 * unavailable nobody is picked, unless sh-fallback asks for the next bucket.
 */
final class SourceHashingScheduler extends Scheduler {
    private static final int BITS = 8;
    private static final int BUCKETS = 1 << BITS;

    private final @Nullable Destination[] buckets = new @Nullable Destination[BUCKETS];
    private boolean stale = true;
    private final boolean withPort;
    private final boolean fallback;

    SourceHashingScheduler(DestinationList list, boolean withPort, boolean fallback) {
        super(SH, list);
        this.withPort = withPort;
        this.fallback = fallback;
    }

    static @Nullable Destination choose(SourceHashingScheduler s, Flow flow) {
        int fold = AddressHash.fold(flow.clientHigh, flow.clientLow);
        int hash = AddressHash.hash32(s.withPort ? fold + flow.clientPort : fold, BITS);
        Destination destination = s.buckets[hash];
        if (destination == null || !destination.isUnavailable()) {
            return destination;
        }
        return s.fallback && s.list.hasAvailable() ? s.fallBack(hash) : null;
    }

    /** ip_vs_sh_get_fallback(): the offsets begin at the hash itself and are added to it. */
    private @Nullable Destination fallBack(int hash) {
        for (int i = 0; i < BUCKETS; i++) {
            Destination destination = buckets[(i + hash & BUCKETS - 1) + hash & BUCKETS - 1];
            if (destination == null || !destination.isUnavailable()) {
                return destination;
            }
        }
        return null;
    }

    /** ip_vs_sh_reassign(). */
    @Override
    public void settle() {
        if (stale) {
            stale = false;
            assign();
        }
    }

    private void assign() {
        int index = 0;
        int taken = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (list.size() == 0) {
                buckets[i] = null;
                continue;
            }
            Destination destination = list.get(index);
            buckets[i] = destination;
            if (++taken >= destination.weight()) {
                taken = 0;
                index = (index + 1) % list.size();
            }
        }
    }

    @Override
    public void onAdded(Destination destination) {
        stale = true;
    }

    @Override
    public void onRemoved(Destination destination) {
        stale = true;
    }

    @Override
    public void onEdited(Destination destination) {
        stale = true;
    }
}
