package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The real servers of one virtual service on one worker, in the kernel's list order: a new one goes
 * to the head (list_add_rcu in __ip_vs_update_dest). Changed by control commands, walked by
 * schedulers; one thread.
 */
public final class DestinationList {
    private Destination[] items = new Destination[8];
    private int size;

    /** The number of real servers. */
    public int size() {
        return size;
    }

    /** The one at {@code index}, 0 is the head. */
    public Destination get(int index) {
        return items[index];
    }

    /** Puts a new one at the head. */
    public void addFirst(Destination destination) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        System.arraycopy(items, 0, items, 1, size);
        items[0] = destination;
        size++;
        destination.listed = true;
    }

    /** Takes one out; true if it was there. */
    public boolean remove(Destination destination) {
        int index = indexOf(destination);
        if (index < 0) {
            return false;
        }
        System.arraycopy(items, index + 1, items, index, size - index - 1);
        size--;
        Arrays.fill(items, size, size + 1, null);
        destination.listed = false;
        return true;
    }

    /** Where it stands, or -1. */
    public int indexOf(@Nullable Destination destination) {
        for (int i = 0; i < size; i++) {
            if (items[i] == destination) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a new connection may be given to any of them. */
    boolean hasAvailable() {
        for (int i = 0; i < size; i++) {
            if (!items[i].isUnavailable()) {
                return true;
            }
        }
        return false;
    }
}
