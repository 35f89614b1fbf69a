package io.jvs.connection;

import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;

/**
 * Fragments that wait for the first one of their datagram, in their buffers: bounded in all and for
 * each sender. One thread; nothing allocates after construction.
 */
public final class FragmentParking {
    /** Most fragments in all. */
    public static final int CAPACITY = 512;

    /** Most fragments of one sender; the largest datagram has 45 of 1500 bytes. */
    public static final int PER_SOURCE = 64;

    /** Senders are told apart by this many numbers; those with the same one share the bound. */
    static final int SOURCES = 4096;

    private static final int NONE = -1;

    private final PacketBuffers buffers;
    private final long[] handle = new long[CAPACITY];
    private final long[] data = new long[CAPACITY];
    private final int[] length = new int[CAPACITY];
    private final int[] headroom = new int[CAPACITY];
    private final int[] tailroom = new int[CAPACITY];
    private final int[] port = new int[CAPACITY];
    private final int[] ingress = new int[CAPACITY];
    private final int[] layer3 = new int[CAPACITY];
    private final int[] layer4 = new int[CAPACITY];
    private final int[] end = new int[CAPACITY];
    private final int[] fragment = new int[CAPACITY];
    private final int[] fragmentBytes = new int[CAPACITY];
    private final int[] next = new int[CAPACITY];
    private final int[] first = new int[FragmentTable.CAPACITY];
    private final int[] last = new int[FragmentTable.CAPACITY];
    private final byte[] sourceCount = new byte[SOURCES];
    private final EntryList waiting = new EntryList(FragmentTable.CAPACITY);
    private final EntryList ready = new EntryList(FragmentTable.CAPACITY);
    private int free;
    private int used;

    /** Nobody waits; buffers of those that are given up go back to {@code buffers}. */
    public FragmentParking(PacketBuffers buffers) {
        this.buffers = buffers;
        Arrays.fill(first, NONE);
        for (int i = 0; i < CAPACITY; i++) {
            next[i] = i + 1 == CAPACITY ? NONE : i + 1;
        }
    }

    /** Whether all places are taken. */
    public boolean isFull() {
        return free == NONE;
    }

    /** Whether a sender has as many as it may. */
    public boolean isFull(int source) {
        return sourceCount[source] == PER_SOURCE;
    }

    /** The entry that has waited longest, or -1. */
    public int longestWaiting() {
        return waiting.first();
    }

    /** Takes a row's packet in for an entry; there is room. */
    public void park(int entry, int source, PacketBurst burst, int row) {
        int place = free;
        free = next[place];
        next[place] = NONE;
        used++;
        sourceCount[source]++;
        handle[place] = burst.handle[row];
        data[place] = burst.data[row];
        length[place] = burst.length[row];
        headroom[place] = burst.headroom[row];
        tailroom[place] = burst.tailroom[row];
        port[place] = burst.port[row];
        ingress[place] = burst.ingress[row];
        layer3[place] = burst.layer3[row];
        layer4[place] = burst.layer4[row];
        end[place] = burst.end[row];
        fragment[place] = burst.fragment[row];
        fragmentBytes[place] = burst.fragmentBytes[row];
        append(entry, place);
    }

    private void append(int entry, int place) {
        if (first[entry] == NONE) {
            first[entry] = place;
            waiting.add(entry);
        } else {
            next[last[entry]] = place;
        }
        last[entry] = place;
    }

    /** Whether anything waits for that entry's first fragment, or for being taken after it. */
    public boolean has(int entry) {
        return first[entry] != NONE;
    }

    /** The entry's first fragment has come: what waited can be taken. */
    public void release(int entry) {
        if (has(entry)) {
            waiting.remove(entry);
            ready.add(entry);
        }
    }

    /** An entry whose fragments can be taken, or -1. */
    public int ready() {
        return ready.first();
    }

    /** Puts the longest parked fragment of an entry that has one into a new row; gives the row. */
    public int take(int entry, int source, PacketBurst burst) {
        int place = unlink(entry, source);
        int row = burst.add();
        burst.handle[row] = handle[place];
        burst.data[row] = data[place];
        burst.length[row] = length[place];
        burst.headroom[row] = headroom[place];
        burst.tailroom[row] = tailroom[place];
        burst.port[row] = port[place];
        burst.ingress[row] = ingress[place];
        burst.layer3[row] = layer3[place];
        burst.layer4[row] = layer4[place];
        burst.end[row] = end[place];
        burst.fragment[row] = fragment[place];
        burst.fragmentBytes[row] = fragmentBytes[place];
        burst.verdict[row] = Verdict.NONE;
        return row;
    }

    private int unlink(int entry, int source) {
        int place = first[entry];
        first[entry] = next[place];
        next[place] = free;
        free = place;
        used--;
        sourceCount[source]--;
        if (first[entry] == NONE) {
            waiting.remove(entry);
            ready.remove(entry);
        }
        return place;
    }

    /** Gives up what waits for an entry; gives how many those were. */
    public int drop(int entry, int source) {
        int dropped = 0;
        while (has(entry)) {
            buffers.free(handle[unlink(entry, source)]);
            dropped++;
        }
        return dropped;
    }

    /** Fragments that wait now. */
    public int used() {
        return used;
    }
}
