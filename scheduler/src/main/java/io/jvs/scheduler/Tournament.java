package io.jvs.scheduler;

import java.util.Arrays;

/**
 * Fractions by slot, and who has the least: a tournament, whose nodes hold the winner of the two
 * below. Of equals the one in the higher slot wins, which stands earlier in its {@link
 * DestinationList}, so that the winner is the one that a walk over the list would find. A weight of
 * 0 makes a fraction greater than all others. O(log n) for a change, O(1) for the winner; changes
 * allocate nothing. One thread.
 *
 * <p>Matches are comparisons of whole numbers without a branch, since nobody can foretell how they
 * end: {@code load * 2^32 / weight}, cut off. For weights below 2^16 and loads below 2^31 that is
 * exact: two fractions that differ, do so by more than 2^-32. While a fraction is beyond that, all
 * are compared by cross multiplication.
 */
final class Tournament {
    /** No slot. */
    static final int NONE = -1;

    private static final int FRACTION_BITS = 32;
    private static final int WEIGHT_MAX = 1 << 16;
    private static final long LOAD_MAX = 1L << 31;
    private static final long NEVER = Long.MAX_VALUE;

    /** Of each slot: the numerator, 0 to 2^40, and the denominator. */
    private long[] load = new long[1];

    private int[] weight = new int[1];

    /** The slot that wins at a node: the root is 1, the children of n are 2n and 2n + 1. */
    private int[] winner = new int[2];

    /** Its fraction as a whole number. */
    private long[] key = {NEVER, NEVER};

    private int leaves = 1;
    private boolean building;
    private boolean isWide;

    /** Makes room for so many slots; what is there is forgotten. A control command's work. */
    void reserve(int slots) {
        if (slots > leaves) {
            leaves = Integer.highestOneBit(slots * 2 - 1);
            load = new long[leaves];
            weight = new int[leaves];
            winner = new int[leaves * 2];
            key = new long[leaves * 2];
        }
        begin();
    }

    /** Forgets all and takes fractions without working anything out until {@link #build}. */
    void begin() {
        Arrays.fill(load, 1);
        Arrays.fill(weight, 0);
        Arrays.fill(key, NEVER);
        for (int slot = 0; slot < leaves; slot++) {
            winner[leaves + slot] = slot;
        }
        building = true;
        isWide = false;
    }

    /** Holds all matches. */
    void build() {
        building = false;
        for (int node = leaves - 1; node > 0; node--) {
            boolean isLeft = isLess(node * 2, node * 2 + 1);
            int won = isLeft ? node * 2 : node * 2 + 1;
            winner[node] = winner[won];
            key[node] = key[won];
        }
    }

    private boolean isLess(int node, int other) {
        if (!isWide) {
            return key[node] < key[other];
        }
        int slot = winner[node];
        int otherSlot = winner[other];
        return isLess(load[slot], weight[slot], load[otherSlot], weight[otherSlot]);
    }

    /** Takes a slot out. */
    void clear(int slot) {
        set(slot, 1, 0);
    }

    /** Gives a slot another fraction; weight 0 is for none. */
    void set(int slot, long newLoad, int newWeight) {
        if (load[slot] == newLoad && weight[slot] == newWeight) {
            return;
        }
        load[slot] = newLoad;
        weight[slot] = newWeight;
        key[leaves + slot] = newWeight == 0 ? NEVER : (newLoad << FRACTION_BITS) / newWeight;
        boolean wasWide = isWide;
        isWide |= newWeight >= WEIGHT_MAX || newLoad >= LOAD_MAX;
        if (building) {
            return;
        }
        if (!isWide) {
            replay(slot);
        } else if (wasWide) {
            replayWide(slot);
        } else {
            build();
        }
    }

    /** The matches of a slot, up to where neither the winner nor its fraction is another one. */
    private void replay(int slot) {
        int best = slot;
        long bestKey = key[leaves + slot];
        for (int node = leaves + slot; node > 1; node >>= 1) {
            int other = winner[node ^ 1];
            long otherKey = key[node ^ 1];
            // All ones when the other one wins: on the left it must be less, on the right not more.
            long wins = otherKey - bestKey - (~node & 1) >> 63;
            best ^= (best ^ other) & (int) wins;
            bestKey ^= (bestKey ^ otherKey) & wins;
            int parent = node >> 1;
            if (winner[parent] == best && best != slot) {
                return;
            }
            winner[parent] = best;
            key[parent] = bestKey;
        }
    }

    private void replayWide(int slot) {
        for (int node = leaves + slot >> 1; node > 0; node >>= 1) {
            int won = isLess(node * 2, node * 2 + 1) ? node * 2 : node * 2 + 1;
            winner[node] = winner[won];
            key[node] = key[won];
        }
    }

    /** The slot of the least, the highest of equals; NONE when no slot has a weight. */
    int first() {
        int best = winner[1];
        return weight[best] > 0 ? best : NONE;
    }

    /** The highest weight of all slots, where all loads are 1; 0 for none. */
    int highestWeight() {
        return weight[winner[1]];
    }

    /**
     * The highest slot below {@code bound} whose weight is at least {@code least}, where all loads
     * are 1; NONE when there is none.
     *
     * @param least above 0
     */
    int next(int bound, int least) {
        int node = bound < leaves ? leaves + bound : 1;
        if (node == 1) {
            return highestWeight() < least ? NONE : last(1, least);
        }
        while (node != 1 && ((node & 1) == 0 || weight[winner[node - 1]] < least)) {
            node >>= 1;
        }
        return node == 1 ? NONE : last(node - 1, least);
    }

    /** The highest slot below a node, where there is one. */
    private int last(int root, int least) {
        int node = root;
        while (node < leaves) {
            node = node * 2 + 1;
            if (weight[winner[node]] < least) {
                node--;
            }
        }
        return node - leaves;
    }

    /** Whether {@code load / weight < otherLoad / otherWeight}, exact for loads up to 2^40. */
    static boolean isLess(long load, int weight, long otherLoad, int otherWeight) {
        long left = load * otherWeight;
        long right = otherLoad * weight;
        if ((load | otherLoad) >>> Integer.SIZE == 0) {
            return left < right;
        }
        long leftHigh = Math.multiplyHigh(load, otherWeight);
        long rightHigh = Math.multiplyHigh(otherLoad, weight);
        return leftHigh < rightHigh
                || leftHigh == rightHigh && Long.compareUnsigned(left, right) < 0;
    }
}
