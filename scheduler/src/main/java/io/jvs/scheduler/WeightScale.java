package io.jvs.scheduler;

import java.util.Arrays;

/**
 * Weights by slot, their greatest common divisor and the highest of them: O(log n) for a change,
 * O(1) to ask. For wrr. One thread.
 */
final class WeightScale {
    private int[] divisor = new int[2];
    private int[] highest = new int[2];
    private int leaves = 1;
    private boolean building;

    /** Makes room for so many slots; what is there is forgotten. A control command's work. */
    void reserve(int slots) {
        if (slots > leaves) {
            leaves = Integer.highestOneBit(slots * 2 - 1);
            divisor = new int[leaves * 2];
            highest = new int[leaves * 2];
        }
        begin();
    }

    /** Forgets all and takes weights without working anything out until {@link #build}. */
    void begin() {
        Arrays.fill(divisor, 0);
        Arrays.fill(highest, 0);
        building = true;
    }

    /** Works all nodes out. */
    void build() {
        for (int node = leaves - 1; node > 0; node--) {
            update(node);
        }
        building = false;
    }

    private void update(int node) {
        divisor[node] = greatestCommonDivisor(divisor[node * 2], divisor[node * 2 + 1]);
        highest[node] = Math.max(highest[node * 2], highest[node * 2 + 1]);
    }

    /** Gives a slot another weight; 0 is for none. */
    void set(int slot, int weight) {
        int leaf = leaves + slot;
        if (highest[leaf] == weight) {
            return;
        }
        divisor[leaf] = weight;
        highest[leaf] = weight;
        for (int node = leaf >> 1; node > 0 && !building; node >>= 1) {
            update(node);
        }
    }

    /** The greatest common divisor of all weights; 0 when all are 0. */
    int divisor() {
        return divisor[1];
    }

    /** The highest weight. */
    int highest() {
        return highest[1];
    }

    /** Of two numbers from 0 up; the other one when one is 0. */
    static int greatestCommonDivisor(int a, int b) {
        while (b != 0) {
            int rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }
}
