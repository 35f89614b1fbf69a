package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One set of real servers of lblcr that has become large, in order of entry: what {@link
 * DestinationSets} does with a chain, in O(log n). Rooms are leaves of a tournament; the newest
 * member has the highest one. A server knows its room ({@link Destination#room}). One thread.
 */
final class RankedSet {
    private @Nullable Destination[] members = new @Nullable Destination[1];
    private final Tournament ranks = new Tournament();

    /** Rooms given out. */
    private int rooms;

    private int size;

    /** Makes room for so many members; keeps those that there are. A control command's work. */
    void reserve(int most) {
        if (most > members.length) {
            members = Arrays.copyOf(members, most);
            ranks.reserve(most);
            rankAll();
        }
    }

    private void rankAll() {
        for (int room = 0; room < rooms; room++) {
            Destination member = members[room];
            if (member != null) {
                member.room = room;
                rank(member);
            }
        }
        ranks.build();
    }

    int size() {
        return size;
    }

    boolean has(Destination destination) {
        int room = destination.room;
        return room < rooms && members[room] == destination;
    }

    /** A server, if it is a member, has other counts, or may take connections or not. */
    void rank(Destination d) {
        if (!has(d)) {
            return;
        }
        if (!d.isListed() || d.isUnavailable()) {
            ranks.clear(d.room);
        } else {
            ranks.set(d.room, d.overhead(), d.weight());
        }
    }

    /** Adds one that is no member; false when there is no room. */
    boolean add(Destination destination) {
        if (rooms == members.length) {
            close();
        }
        if (rooms == members.length) {
            return false;
        }
        destination.room = rooms;
        members[rooms++] = destination;
        size++;
        rank(destination);
        return true;
    }

    /** Gives rooms anew; servers that were removed since give theirs up. */
    private void close() {
        int next = 0;
        for (int room = 0; room < rooms; room++) {
            Destination member = members[room];
            if (member != null && member.isListed()) {
                members[next++] = member;
            }
        }
        size = next;
        Arrays.fill(members, next, rooms, null);
        rooms = next;
        ranks.begin();
        rankAll();
    }

    /** ip_vs_dest_set_min(). */
    @Nullable Destination least() {
        int room = ranks.first();
        return room == Tournament.NONE ? null : members[room];
    }

    /** ip_vs_dest_set_max() and _erase(): once a day; false when none has a weight. */
    boolean removeMostLoaded() {
        Destination most = null;
        for (int room = rooms - 1; room >= 0; room--) {
            Destination member = members[room];
            if (member != null
                    && member.weight() > 0
                    && (most == null || DestinationSets.isMore(member, most))) {
                most = member;
            }
        }
        if (most == null) {
            return false;
        }
        ranks.clear(most.room);
        members[most.room] = null;
        size--;
        return true;
    }

    /** Takes all members out. */
    void clear() {
        Arrays.fill(members, 0, rooms, null);
        rooms = 0;
        size = 0;
        ranks.begin();
        ranks.build();
    }
}
