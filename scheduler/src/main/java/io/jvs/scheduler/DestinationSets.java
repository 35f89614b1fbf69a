package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sets of real servers by the number of an {@link AddressTable} entry (struct ip_vs_dest_set), each
 * a chain with the newest member first. All memory is taken by control commands: there is a member
 * for each entry and as many again to share; when these are used up, sets stop growing. One set at
 * a time that has become large is a {@link RankedSet}: the set of a service on one address grows to
 * most of its servers.
 */
final class DestinationSets {
    private static final int NONE = -1;

    /** Members of a set that is ranked, if no other one is. */
    private static final int LARGE = 16;

    /** Rooms of a large set, at least. */
    private static final int ROOMS_MIN = 4 * LARGE;

    private final int[] head;
    private final int[] size;
    private final int[] changed;
    private final int[] next;
    private final @Nullable Destination[] destinations;
    private final RankedSet ranked = new RankedSet();
    private int rankedEntry = NONE;
    private int free;
    private int spare;

    /** Empty sets for entries 0 to {@code entries} - 1, with so many members to share. */
    DestinationSets(int entries, int spare) {
        this.spare = spare;
        head = new int[entries];
        size = new int[entries];
        changed = new int[entries];
        next = new int[entries + spare];
        destinations = new @Nullable Destination[next.length];
        Arrays.fill(head, NONE);
        for (int i = 0; i < next.length; i++) {
            next[i] = i + 1 < next.length ? i + 1 : NONE;
        }
    }

    /** Makes room for a large set of so many servers. */
    void reserve(int servers) {
        ranked.reserve(Math.max(servers, ROOMS_MIN));
    }

    /** A server's counts, weight or availability are others now. */
    void rank(Destination destination) {
        ranked.rank(destination);
    }

    int size(int entry) {
        return entry == rankedEntry ? ranked.size() : size[entry];
    }

    /** Seconds since a member came or went. */
    int unchangedSeconds(int entry, int nowSeconds) {
        return nowSeconds - changed[entry];
    }

    /** ip_vs_dest_set_insert(): nothing when it is a member already. */
    void add(int entry, Destination destination, int nowSeconds) {
        if (size[entry] >= LARGE && rankedEntry == NONE) {
            rank(entry);
        }
        if (entry != rankedEntry) {
            link(entry, destination, nowSeconds);
        } else if (!ranked.has(destination) && ranked.add(destination)) {
            changed[entry] = nowSeconds;
        }
    }

    private void link(int entry, Destination destination, int nowSeconds) {
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

    /** Moves a set's members, the oldest first. */
    private void rank(int entry) {
        while (size[entry] > 0) {
            int before = NONE;
            int oldest = head[entry];
            while (next[oldest] != NONE) {
                before = oldest;
                oldest = next[oldest];
            }
            Destination member = destinations[oldest];
            if (member != null) {
                ranked.add(member);
            }
            release(entry, before, oldest);
        }
        rankedEntry = entry;
    }

    /** Takes all members out. */
    void clear(int entry) {
        if (entry == rankedEntry) {
            ranked.clear();
            rankedEntry = NONE;
        }
        while (size[entry] > 0) {
            release(entry, NONE, head[entry]);
        }
    }

    /** ip_vs_dest_set_min(): the least overhead by weight of those that can take a connection. */
    @Nullable Destination least(int entry) {
        if (entry == rankedEntry) {
            return ranked.least();
        }
        Destination least = null;
        long leastOverhead = 0;
        for (int i = head[entry]; i != NONE; i = next[i]) {
            Destination destination = destinations[i];
            if (destination == null || !destination.isListed() || destination.isUnavailable()) {
                continue;
            }
            long overhead = destination.overhead();
            if (least == null
                    || WeightedLeastConnectionScheduler.isLess(
                            overhead, destination.weight(), leastOverhead, least)) {
                least = destination;
                leastOverhead = overhead;
            }
        }
        return least;
    }

    /** ip_vs_dest_set_max() and _erase(): the most overhead by weight of all with a weight. */
    void removeMostLoaded(int entry, int nowSeconds) {
        if (entry == rankedEntry) {
            if (ranked.removeMostLoaded()) {
                changed[entry] = nowSeconds;
            }
            return;
        }
        int most = NONE;
        int beforeMost = NONE;
        int before = NONE;
        for (int i = head[entry]; i != NONE; i = next[i]) {
            Destination destination = destinations[i];
            if (destination != null
                    && destination.weight() > 0
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

    /** Whether one has more overhead by weight than another. */
    static boolean isMore(Destination destination, @Nullable Destination most) {
        return most == null
                || WeightedLeastConnectionScheduler.isLess(
                        most.overhead(), most.weight(), destination.overhead(), destination);
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
