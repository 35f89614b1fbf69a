package io.jvs.connection;

import java.util.Arrays;

/** A doubly linked list of small numbers, each at most once, in the order of adding. One thread. */
final class EntryList {
    private static final int NONE = -1;
    private static final int ABSENT = -2;

    private final int[] next;
    private final int[] previous;
    private int first = NONE;
    private int last = NONE;

    /** An empty list of numbers below {@code capacity}. */
    EntryList(int capacity) {
        next = new int[capacity];
        previous = new int[capacity];
        Arrays.fill(next, ABSENT);
    }

    /** The number added first, or -1. */
    int first() {
        return first;
    }

    /** The number behind {@code number}, or -1. */
    int next(int number) {
        return next[number];
    }

    /** Whether {@code number} is in it. */
    boolean has(int number) {
        return next[number] != ABSENT;
    }

    /** Adds a number that is not in it. */
    void add(int number) {
        next[number] = NONE;
        previous[number] = last;
        if (last == NONE) {
            first = number;
        } else {
            next[last] = number;
        }
        last = number;
    }

    /** Takes a number out; nothing happens when it is not in it. */
    void remove(int number) {
        if (next[number] == ABSENT) {
            return;
        }
        int before = previous[number];
        int behind = next[number];
        if (before == NONE) {
            first = behind;
        } else {
            next[before] = behind;
        }
        if (behind == NONE) {
            last = before;
        } else {
            previous[behind] = before;
        }
        next[number] = ABSENT;
    }
}
