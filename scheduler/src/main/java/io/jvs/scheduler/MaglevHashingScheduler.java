package io.jvs.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * mh: by the client address, and its port with mh-port, in a lookup table that stays nearly the
 * same when real servers come and go (ip_vs_mh.c; Eisenbud et al., "Maglev", NSDI 2016, 3.4). When
 * the one assigned is unavailable nobody is picked, unless mh-fallback asks for another slot.
 *
 * <p>The table is filled by last weights: a server that is set to weight 0 keeps its slots, so that
 * the others keep theirs.
 */
final class MaglevHashingScheduler extends Scheduler {
    /** Slots: CONFIG_IP_VS_MH_TAB_INDEX=12 chooses this prime. */
    static final int SLOTS = 4093;

    /** The bits of a weight that count: CONFIG_IP_VS_MH_TAB_INDEX / 2. */
    private static final int WEIGHT_BITS = 6;

    private static final long OFFSET_KEY = 2654435761L;
    private static final long SKIP_KEY = 2654446892L;

    /** No server. */
    private static final char EMPTY = Character.MAX_VALUE;

    /** Who has a slot, as a number among {@link #members}; small, as every service has a table. */
    private final char[] slots = new char[SLOTS];

    /** The list as it was when the table was filled. */
    private Destination[] members = new Destination[0];

    private boolean stale;
    private final boolean withPort;
    private final boolean fallback;

    MaglevHashingScheduler(DestinationList list, boolean withPort, boolean fallback) {
        super(MH, list);
        this.withPort = withPort;
        this.fallback = fallback;
        Arrays.fill(slots, EMPTY);
        stale = list.size() <= SLOTS;
    }

    static @Nullable Destination choose(MaglevHashingScheduler s, Flow flow) {
        int fold = AddressHash.fold(flow.clientHigh, flow.clientLow);
        int key = s.withPort ? fold + flow.clientPort : fold;
        int slot = slot(key, OFFSET_KEY);
        Destination destination = s.holder(slot);
        if (destination == null || mayHave(destination)) {
            return destination;
        }
        return s.fallback && s.list.hasAvailable() ? s.fallBack(key, slot) : null;
    }

    /** One that was removed may still have slots, when there are more servers than slots. */
    private static boolean mayHave(Destination destination) {
        return destination.isListed() && !destination.isUnavailable();
    }

    private @Nullable Destination holder(int slot) {
        return slots[slot] == EMPTY ? null : members[slots[slot]];
    }

    private static int slot(int word, long key) {
        return Integer.remainderUnsigned(SipHash.hash13(word, key), SLOTS);
    }

    /** ip_vs_mh_get_fallback(): up to 4093 other slots, from the first one's number on. */
    private @Nullable Destination fallBack(int key, int first) {
        for (int i = 0; i < SLOTS; i++) {
            int offset = (i + first) % SLOTS;
            Destination destination = holder(slot(key + offset, OFFSET_KEY));
            if (destination == null || mayHave(destination)) {
                return destination;
            }
        }
        return null;
    }

    /**
     * ip_vs_mh_reassign().
     *
     * @param from the first of the list that counts
     */
    private void assign(int from) {
        stale = false;
        members = new Destination[list.size() - from];
        int divisor = 0;
        int highest = 0;
        for (int i = 0; i < members.length; i++) {
            members[i] = list.get(from + i);
            int weight = members[i].lastWeight();
            divisor = WeightScale.greatestCommonDivisor(divisor, weight);
            highest = Math.max(highest, weight);
        }
        Arrays.fill(slots, EMPTY);
        if (divisor != 0) {
            int bits = Integer.SIZE - Integer.numberOfLeadingZeros(highest / divisor);
            populate(turns(divisor, Math.max(0, bits - WEIGHT_BITS)));
        }
    }

    /** How many slots each server takes in a row (ip_vs_mh_permutate). */
    private int[] turns(int divisor, int shift) {
        int[] turns = new int[members.length];
        for (int i = 0; i < turns.length; i++) {
            int weight = members[i].lastWeight();
            turns[i] = weight == 0 ? 0 : Math.max(1, weight / divisor >> shift);
        }
        return turns;
    }

    /** Servers take turns to claim the next free slot of their own permutation. */
    private void populate(int[] turns) {
        int[] next = new int[turns.length];
        int[] skip = new int[turns.length];
        for (int i = 0; i < turns.length; i++) {
            Destination destination = members[i];
            int word =
                    AddressHash.fold(destination.addressHigh, destination.addressLow)
                            + destination.port;
            next[i] = slot(word, OFFSET_KEY);
            skip[i] = Integer.remainderUnsigned(SipHash.hash13(word, SKIP_KEY), SLOTS - 1) + 1;
        }
        int filled = 0;
        for (int i = 0; filled < SLOTS; i = (i + 1) % turns.length) {
            for (int turn = 0; turn < turns[i] && filled < SLOTS; turn++) {
                while (slots[next[i]] != EMPTY) {
                    next[i] = (next[i] + skip[i]) % SLOTS;
                }
                slots[next[i]] = (char) i;
                filled++;
            }
        }
    }

    /**
     * When there are more servers than slots, the table stays as it was with the last one that had
     * room.
     */
    @Override
    public void onAdded(Destination destination) {
        if (stale && list.size() > SLOTS) {
            assign(1);
        } else {
            stale = list.size() <= SLOTS;
        }
    }

    @Override
    public void onRemoved(Destination destination) {
        stale = list.size() <= SLOTS;
    }

    @Override
    public void onEdited(Destination destination) {
        stale = list.size() <= SLOTS;
    }

    @Override
    public void settle() {
        if (stale) {
            assign(0);
        }
    }
}
