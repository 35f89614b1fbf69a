package io.jvs.scheduler;

import java.util.Arrays;

/**
 * Weights by slot laid end to end, from the highest slot down, and who lies at a mark: O(log n) for
 * a change and for a mark. For twos. One thread.
 */
final class WeightSums {
    /** Of all slots below a node: the root is 1, the children of n are 2n and 2n + 1. */
    private long[] sum = new long[2];

    private int leaves = 1;
    private boolean building;

    /** Makes room for so many slots; what is there is forgotten. A control command's work. */
    void reserve(int slots) {
        if (slots > leaves) {
            leaves = Integer.highestOneBit(slots * 2 - 1);
            sum = new long[leaves * 2];
        }
        begin();
    }

    /** Forgets all and takes weights without working anything out until {@link #build}. */
    void begin() {
        Arrays.fill(sum, 0);
        building = true;
    }

    /** Sums up. */
    void build() {
        for (int node = leaves - 1; node > 0; node--) {
            sum[node] = sum[node * 2] + sum[node * 2 + 1];
        }
        building = false;
    }

    /** Gives a slot another weight; 0 is for none. */
    void set(int slot, int weight) {
        long change = weight - sum[leaves + slot];
        if (building) {
            sum[leaves + slot] = weight;
            return;
        }
        for (int node = leaves + slot; change != 0 && node > 0; node >>= 1) {
            sum[node] += change;
        }
    }

    /** Of all slots. */
    long total() {
        return sum[1];
    }

    /**
     * The slot that ends at or first beyond a mark.
     *
     * @param mark 0 to {@link #total}, which is above 0; 0 is the same as 1
     */
    int at(long mark) {
        long rest = Math.max(mark, 1);
        int node = 1;
        while (node < leaves) {
            node = node * 2 + 1;
            // All ones when the mark lies beyond the right half: without a branch, as it is random.
            long beyond = sum[node] - rest >> 63;
            rest -= sum[node] & beyond;
            node += (int) beyond;
        }
        return node - leaves;
    }
}
