package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sets of real servers by the number of an {@link AddressTable} entry (struct ip_vs_dest_set), each
 * a chain with the newest member first. All memory is taken at the start: there is a member for
 * each entry and as many again to share; when these are used up, sets stop growing.
 */
final class DestinationSets {
    private static final int NONE = -1;

    private final int[] head;
    private final int[] size;
    private final int[] changed;
    private final int[] next;
    private final @Nullable Destination[] destinations;
    private int free;
    private int spare;

    /** Empty sets for entries 0 to {@code entries} - 1. */
    DestinationSets(int entries) {
        head = new int[entries];
        size = new int[entries];
        changed = new int[entries];
        next = new int[entries * 2];
        destinations = new Destination[entries * 2];
        spare = entries;
        Arrays.fill(head, NONE);
        for (int i = 0; i < next.length; i++) {
            next[i] = i + 1 < next.length ? i + 1 : NONE;
        }
    }

    int size(int entry) {
        return size[entry];
    }

    /** Seconds since a member came or went. */
    int unchangedSeconds(int entry, int nowSeconds) {
        return nowSeconds - changed[entry];
    }

    /** ip_vs_dest_set_insert(): nothing when it is a member already. */
    void add(int entry, Destination destination, int nowSeconds) {
        for (int i = head[entry]; i != NONE; i = next[i]) {
            if (destinations[i] == destination) {
                return;
            }
        }
        if (size[entry] > 0) {
            if (spare == 0) {
                return;
            }
            spare--;
        }
        int member = free;
        free = next[member];
        destinations[member] = destination;
        next[member] = head[entry];
        head[entry] = member;
        size[entry]++;
        changed[entry] = nowSeconds;
    }

    /** Takes all members out. */
    void clear(int entry) {
        while (size[entry] > 0) {
            release(entry, NONE, head[entry]);
        }
    }

    /** ip_vs_dest_set_min(): the least overhead by weight of those that can take a connection. */
    @Nullable Destination least(int entry) {
        Destination least = null;
        long leastOverhead = 0;
        for (int i = head[entry]; i != NONE; i = next[i]) {
            Destination destination = destinations[i];
            if (destination == null || !destination.listed || destination.isUnavailable()) {
                continue;
            }
            long overhead = destination.overhead();
            if (least == null
                    || WeightedLeastConnectionScheduler.isLess(
                            overhead, destination.weight, leastOverhead, least)) {
                least = destination;
                leastOverhead = overhead;
            }
        }
        return least;
    }

    /** ip_vs_dest_set_max() and _erase(): the most overhead by weight of all with a weight. */
    void removeMostLoaded(int entry, int nowSeconds) {
        int most = NONE;
        int beforeMost = NONE;
        int before = NONE;
        for (int i = head[entry]; i != NONE; i = next[i]) {
            Destination destination = destinations[i];
            if (destination != null
                    && destination.weight > 0
                    && (most == NONE || isMore(destination, destinations[most]))) {
                most = i;
                beforeMost = before;
            }
            before = i;
        }
        if (most != NONE) {
            release(entry, beforeMost, most);
            changed[entry] = nowSeconds;
        }
    }

    private static boolean isMore(Destination destination, @Nullable Destination most) {
        return most == null
                || WeightedLeastConnectionScheduler.isLess(
                        most.overhead(), most.weight, destination.overhead(), destination);
    }

    private void release(int entry, int before, int member) {
        if (before == NONE) {
            head[entry] = next[member];
        } else {
            next[before] = next[member];
        }
        destinations[member] = null;
        next[member] = free;
        free = member;
        size[entry]--;
        if (size[entry] > 0) {
            spare++;
        }
    }
}
