package io.jvs.link;

import io.jvs.packet.PacketBurst;

/** Packets that wait for a neighbour's MAC address, bounded in all and for each. One thread. */
final class ParkingLot {
    /** Most packets for one neighbour (unres_qlen of a Linux neighbour is of this size too). */
    static final int PER_NEIGHBOR = 64;

    private static final int PLACES = 1024;
    private static final int NONE = -1;

    private final long[] handle = new long[PLACES];
    private final long[] data = new long[PLACES];
    private final int[] length = new int[PLACES];
    private final int[] headroom = new int[PLACES];
    private final int[] layer3 = new int[PLACES];
    private final boolean[] received = new boolean[PLACES];
    private final int[] next = new int[PLACES];
    private int free;
    private int used;

    ParkingLot() {
        for (int i = 0; i < PLACES; i++) {
            next[i] = i + 1 == PLACES ? NONE : i + 1;
        }
    }

    /** Takes a row's packet in; gives its place, or -1 when all are taken. */
    int park(PacketBurst burst, int i) {
        int place = free;
        if (place == NONE) {
            return NONE;
        }
        free = next[place];
        next[place] = NONE;
        handle[place] = burst.handle[i];
        data[place] = burst.data[i];
        length[place] = burst.length[i];
        headroom[place] = burst.headroom[i];
        layer3[place] = burst.layer3[i];
        received[place] = i < burst.firstMade;
        used++;
        return place;
    }

    /** Puts a parked packet into a new row of {@code burst} and frees its place. */
    int leave(int place, PacketBurst burst) {
        int row = burst.add();
        burst.handle[row] = handle[place];
        burst.data[row] = data[place];
        burst.length[row] = length[place];
        burst.headroom[row] = headroom[place];
        burst.layer3[row] = layer3[place];
        burst.firstMade = received[place] ? PacketBurst.CAPACITY : row;
        next[place] = free;
        free = place;
        used--;
        return row;
    }

    /** The place behind this one in its neighbour's queue, or -1. */
    int next(int place) {
        return next[place];
    }

    /** Sets the place behind this one. */
    void setNext(int place, int following) {
        next[place] = following;
    }

    /** Packets that wait. */
    int used() {
        return used;
    }
}
