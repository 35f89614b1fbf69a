package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The real servers of one virtual service on one worker, in the kernel's list order: a new one goes
 * to the head (list_add_rcu in __ip_vs_update_dest). Changed by control commands; one thread.
 *
 * <p>Each has a slot: the head has the highest one, and a new one gets a higher one still, so that
 * the others keep theirs. One that is taken out leaves its slot empty. What schedulers keep, they
 * keep by slot; it follows every change of the list and of its servers.
 */
public final class DestinationList {
    private @Nullable Destination[] items = new Destination[8];

    /** Slots given out: the head stands below it. */
    private int slots;

    private int size;
    private int available;
    private int full;
    private int thresholds;
    private @Nullable Scheduler scheduler;
    private boolean followsCounts;

    /** The number of real servers. */
    public int size() {
        return size;
    }

    /** Slots are 0 up to, but not with, this number. */
    public int slots() {
        return slots;
    }

    /** The one in a slot, or null: it was taken out. */
    public @Nullable Destination at(int slot) {
        return items[slot];
    }

    /** The one at {@code index}, 0 is the head. Closes what was left empty first. */
    public Destination get(int index) {
        close();
        Destination destination = items[slots - 1 - index];
        if (destination == null) {
            throw new IllegalStateException("the list of real servers has a hole");
        }
        return destination;
    }

    /** The highest slot that schedulers must have room for, and one. */
    int capacity() {
        return items.length;
    }

    /** Whether a new connection may be given to any of them. */
    boolean hasAvailable() {
        return available > 0;
    }

    /** Whether one is held back, as one of its limits is reached. */
    public boolean hasHeld() {
        return full > 0;
    }

    /** Whether one has an upper threshold. */
    public boolean hasThresholds() {
        return thresholds > 0;
    }

    /** From now on this one is told of changes. */
    void attach(Scheduler follower, boolean counts) {
        scheduler = follower;
        followsCounts = counts;
    }

    /** Puts a new one at the head. */
    public void addFirst(Destination destination) {
        if (slots == items.length) {
            makeRoom();
        }
        destination.slot = slots;
        items[slots++] = destination;
        size++;
        destination.list = this;
        onChanged(destination);
    }

    private void makeRoom() {
        if (size <= slots / 2) {
            close();
            return;
        }
        items = Arrays.copyOf(items, slots * 2);
        if (scheduler != null) {
            scheduler.rankAll();
        }
    }

    /** Takes one out; true if it was there. Its slot is told until it is in a list again. */
    public boolean remove(Destination destination) {
        if (destination.list != this) {
            return false;
        }
        items[destination.slot] = null;
        size--;
        destination.list = null;
        count(destination, false);
        if (scheduler != null) {
            scheduler.clear(destination);
        }
        while (slots > 0 && items[slots - 1] == null) {
            slots--;
        }
        return true;
    }

    /** Gives slots anew when there are empty ones. */
    private void close() {
        if (slots == size) {
            return;
        }
        int next = 0;
        for (int slot = 0; slot < slots; slot++) {
            Destination destination = items[slot];
            if (destination != null) {
                items[next] = destination;
                destination.slot = next++;
            }
        }
        Arrays.fill(items, next, slots, null);
        slots = next;
        if (scheduler != null) {
            scheduler.rankAll();
        }
    }

    /** The one before a slot in list order, or null: there is none. */
    @Nullable Destination before(int slot) {
        for (int higher = slot + 1; higher < slots; higher++) {
            if (items[higher] != null) {
                return items[higher];
            }
        }
        return null;
    }

    /** Weight, thresholds, overload or limits of one are others now. */
    void onChanged(Destination destination) {
        count(destination, true);
        if (scheduler != null) {
            Scheduler.rank(scheduler, destination);
        }
    }

    /** Counts of one are others now. */
    void onCounts(Destination destination) {
        if (followsCounts && scheduler != null) {
            Scheduler.rank(scheduler, destination);
        }
    }

    private void count(Destination destination, boolean here) {
        boolean isAvailable = here && !destination.isUnavailable();
        boolean isHeld = here && destination.isHeld();
        boolean hasThreshold = here && destination.spec.upperThreshold() != 0;
        available += change(destination.countsAvailable, isAvailable);
        full += change(destination.countsFull, isHeld);
        thresholds += change(destination.countsThreshold, hasThreshold);
        destination.countsAvailable = isAvailable;
        destination.countsFull = isHeld;
        destination.countsThreshold = hasThreshold;
    }

    private static int change(boolean before, boolean now) {
        return before == now ? 0 : now ? 1 : -1;
    }
}
