package io.jvs.connection;

import io.jvs.memory.Memory;

/**
 * Fixed-size slots in a reserved range of memory; slot 0 is never given out and stays zero. One
 * thread.
 *
 * <p>A freed slot is not given out again before {@link #DELAY} others were freed (as long as there
 * is any other): a burst that still holds its address sees a record that is not live, not another
 * connection's.
 */
final class ConnectionSlab {
    /** Frees before a slot is used again: at least the rows of a burst. */
    static final int DELAY = 64;

    private final long base;
    private final int slotBytes;
    private final int slots;
    private final long highestWord;
    private final int[] delayed = new int[DELAY];
    private int delayedCount;
    private int delayedNext;
    private int highest;
    private int free;

    /**
     * Takes a range of zeros.
     *
     * @param base address of slot 0
     * @param slotBytes bytes of a slot, a multiple of 8
     * @param slots slots that may be given out
     * @param highestWord where the highest slot ever used is noted, 8-aligned
     */
    ConnectionSlab(long base, int slotBytes, int slots, long highestWord) {
        this.base = base;
        this.slotBytes = slotBytes;
        this.slots = slots;
        this.highestWord = highestWord;
    }

    long address(int slot) {
        return base + (long) slot * slotBytes;
    }

    /** The highest slot ever given out. */
    int highest() {
        return highest;
    }

    /** A zeroed slot, or 0 when all are in use. */
    int allocate() {
        int slot = free;
        if (slot != 0) {
            free = Memory.getInt(address(slot) + ConnectionLayout.WHEEL_NEXT);
        } else if (highest < slots) {
            slot = ++highest;
            Memory.putLongRelease(highestWord, slot);
            return slot;
        } else if (delayedCount != 0) {
            slot = delayed[delayedNext - delayedCount & DELAY - 1];
            delayedCount--;
        } else {
            return 0;
        }
        clear(address(slot));
        return slot;
    }

    private void clear(long address) {
        for (int offset = 0; offset < slotBytes; offset += 8) {
            Memory.putLong(address + offset, 0);
        }
    }

    /** Takes a slot back. */
    void free(int slot) {
        if (delayedCount == DELAY) {
            int oldest = delayed[delayedNext];
            Memory.putInt(address(oldest) + ConnectionLayout.WHEEL_NEXT, free);
            free = oldest;
        } else {
            delayedCount++;
        }
        delayed[delayedNext] = slot;
        delayedNext = delayedNext + 1 & DELAY - 1;
    }
}
