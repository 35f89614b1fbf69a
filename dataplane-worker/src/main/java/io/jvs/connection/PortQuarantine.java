package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.Arrays;

/**
 * Ports that came back and may not be given out again yet, because the real server may still know
 * the connection. Each pair has three bitmaps that are filled in turn, {@link #GENERATION_TICKS}
 * each; when it is a bitmap's turn again, what is in it has waited for two turns at least and three
 * at most. A pair whose ports never wait takes no memory. One thread.
 */
final class PortQuarantine implements AutoCloseable {
    /** How long one bitmap is filled: half of the shortest wait. */
    static final int GENERATION_TICKS = 30 * ConnectionLayout.TICKS_PER_SECOND;

    private static final int GENERATIONS = 3;

    private final MemoryRegion region;
    private final int words;
    private int[] count = new int[16 * GENERATIONS];
    private int[] since = new int[16];
    private byte[] current = new byte[16];

    /** Reserves bitmaps of {@code words} words for each of {@code maxPairs} pairs. */
    PortQuarantine(int maxPairs, int words) {
        this.words = words;
        region = MemoryRegion.anonymous((long) maxPairs * GENERATIONS * words * 8);
    }

    @Override
    public void close() {
        region.close();
    }

    /** Makes room for the columns of {@code pairs} pairs. */
    void grow(int pairs) {
        if (pairs > since.length) {
            count = Arrays.copyOf(count, pairs * GENERATIONS);
            since = Arrays.copyOf(since, pairs);
            current = Arrays.copyOf(current, pairs);
        }
    }

    /** Ports of a pair that wait. */
    int size(int pair) {
        int at = pair * GENERATIONS;
        return count[at] + count[at + 1] + count[at + 2];
    }

    /** Lets a port wait; {@link #turn} has said that there is nothing to empty. */
    void add(int pair, int index, int nowTicks) {
        if (size(pair) == 0) {
            since[pair] = nowTicks;
        }
        int generation = current[pair];
        long word = word(pair, generation, index >>> 6);
        Memory.putLong(word, Memory.getLong(word) | 1L << (index & 63));
        count[pair * GENERATIONS + generation]++;
    }

    /**
     * Goes on to the next bitmap when it is time.
     *
     * @return the bitmap to be emptied with {@link #take}, or -1; ask again until it is -1
     */
    int turn(int pair, int nowTicks) {
        if (size(pair) == 0) {
            return -1;
        }
        int behind = nowTicks - since[pair];
        if (Integer.compareUnsigned(behind, GENERATIONS * GENERATION_TICKS) > 0) {
            since[pair] = nowTicks - GENERATIONS * GENERATION_TICKS;
            behind = GENERATIONS * GENERATION_TICKS;
        }
        while (behind >= GENERATION_TICKS) {
            behind -= GENERATION_TICKS;
            since[pair] += GENERATION_TICKS;
            current[pair] = (byte) (current[pair] == GENERATIONS - 1 ? 0 : current[pair] + 1);
            if (count[pair * GENERATIONS + current[pair]] != 0) {
                return current[pair];
            }
        }
        return -1;
    }

    /** Takes the ports of one word out of a bitmap. */
    long take(int pair, int generation, int word) {
        long at = word(pair, generation, word);
        long bits = Memory.getLong(at);
        if (bits != 0) {
            Memory.putLong(at, 0);
            count[pair * GENERATIONS + generation] -= Long.bitCount(bits);
        }
        return bits;
    }

    private long word(int pair, int generation, int word) {
        long bitmap = (long) pair * GENERATIONS + generation;
        return region.address() + (bitmap * words + word) * 8;
    }
}
