package io.jvs.connection;

import io.jvs.memory.Memory;

/**
 * Hierarchical timer wheel (Varghese and Lauck, SOSP 1987): four levels of 256 slots, one tick,
 * 256, 65536 and 2^24 ticks each. A slot is a doubly linked list through the records themselves.
 * One thread.
 *
 * <p>A record on a coarse level comes up at the start of its slot, never later than its deadline,
 * and whoever takes it arms it again if its time lies ahead. So a packet re-arms nothing, and work
 * can stop and go on after any single record.
 */
final class TimerWheel {
    /** Bytes of the slots' heads. */
    static final int BYTES = 4 * 256 * 4;

    /** Empty ticks that one {@link #poll} passes at most. */
    static final int MAX_TICKS = 64;

    private static final int LEVELS = 4;
    private static final int SLOTS = 256;

    private final long heads;
    private final ConnectionRecords records;
    private int tick;
    private int level = -1;
    private int armed;

    /**
     * Takes {@link #BYTES} bytes of zeros.
     *
     * @param heads their address, 4-aligned
     * @param records where ids lead
     * @param nowTicks the time
     */
    TimerWheel(long heads, ConnectionRecords records, int nowTicks) {
        this.heads = heads;
        this.records = records;
        this.tick = nowTicks;
    }

    /** Records in the wheel. */
    int armed() {
        return armed;
    }

    /** Puts a record that is not armed into the slot of its deadline (the next tick at least). */
    void arm(int id, long record, int deadline) {
        int ahead = Math.max(deadline - tick, 1);
        int at = tick + ahead;
        int slot;
        if (ahead < SLOTS) {
            slot = at & 255;
        } else if (ahead < SLOTS << 8) {
            slot = SLOTS + (at >>> 8 & 255);
        } else if (ahead < SLOTS << 16) {
            slot = 2 * SLOTS + (at >>> 16 & 255);
        } else {
            slot = 3 * SLOTS + (at >>> 24 & 255);
        }
        link(id, record, slot);
    }

    private void link(int id, long record, int slot) {
        long head = heads + slot * 4L;
        int next = Memory.getInt(head);
        Memory.putShort(record + ConnectionLayout.WHEEL_SLOT, slot + 1);
        Memory.putInt(record + ConnectionLayout.WHEEL_NEXT, next);
        Memory.putInt(record + ConnectionLayout.WHEEL_PREVIOUS, 0);
        if (next != 0) {
            Memory.putInt(records.address(next) + ConnectionLayout.WHEEL_PREVIOUS, id);
        }
        Memory.putInt(head, id);
        armed++;
    }

    /** Takes a record out; nothing if it is not armed. */
    void disarm(long record) {
        int slot = Memory.getShort(record + ConnectionLayout.WHEEL_SLOT) - 1;
        if (slot < 0) {
            return;
        }
        int next = Memory.getInt(record + ConnectionLayout.WHEEL_NEXT);
        int previous = Memory.getInt(record + ConnectionLayout.WHEEL_PREVIOUS);
        if (previous == 0) {
            Memory.putInt(heads + slot * 4L, next);
        } else {
            Memory.putInt(records.address(previous) + ConnectionLayout.WHEEL_NEXT, next);
        }
        if (next != 0) {
            Memory.putInt(records.address(next) + ConnectionLayout.WHEEL_PREVIOUS, previous);
        }
        Memory.putShort(record + ConnectionLayout.WHEEL_SLOT, 0);
        armed--;
    }

    /** Moves an armed record if it would come up after {@code deadline}. */
    void hasten(int id, long record, int deadline) {
        int slot = Memory.getShort(record + ConnectionLayout.WHEEL_SLOT) - 1;
        if (slot >= 0 && comesUp(slot) - deadline > 0) {
            disarm(record);
            arm(id, record, deadline);
        }
    }

    /** The next tick at which a slot is emptied (a whole round ahead if that is going on now). */
    private int comesUp(int slot) {
        int shift = slot >>> 8 << 3;
        int current = tick >>> shift;
        int ahead = (slot - current - 1 & 255) + 1;
        return current + ahead << shift;
    }

    /**
     * Takes out the next record that comes up at {@code nowTicks} or before.
     *
     * @return its id, or 0 when there is none before the next {@link #MAX_TICKS} ticks, or none at
     *     all: see {@link #isAt}
     */
    int poll(int nowTicks) {
        for (int steps = 0; ; steps++) {
            for (; level >= 0; level--) {
                int slot = level * SLOTS + (tick >>> (level << 3) & 255);
                int id = Memory.getInt(heads + slot * 4L);
                if (id != 0) {
                    disarm(records.address(id));
                    return id;
                }
            }
            if (tick - nowTicks >= 0 || steps == MAX_TICKS) {
                return 0;
            }
            tick++;
            level = Math.min(Integer.numberOfTrailingZeros(tick) >>> 3, LEVELS - 1);
        }
    }

    /** Whether everything up to {@code nowTicks} has come up. */
    boolean isAt(int nowTicks) {
        return tick - nowTicks >= 0 && level < 0;
    }
}
