package io.jvs.port;

import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;

/** A fixed pool of packet buffers in plain memory, for ports without DPDK. One thread. */
public final class MemoryBuffers implements PacketBuffers, AutoCloseable {
    /** Bytes in front of a received frame, enough for any outer header and a VLAN tag. */
    public static final int HEADROOM_BYTES = 128;

    /** The largest frame that a buffer holds. */
    public static final int FRAME_BYTES = 9216 + 32;

    private static final int BUFFER_BYTES = HEADROOM_BYTES + FRAME_BYTES + 96;

    private final MemoryRegion region;
    private final long[] free;
    private int freeCount;

    /** A pool of {@code buffers} buffers. */
    public MemoryBuffers(int buffers) {
        region = MemoryRegion.anonymous((long) buffers * BUFFER_BYTES);
        free = new long[buffers];
        for (int i = buffers - 1; i >= 0; i--) {
            free[freeCount++] = region.address() + (long) i * BUFFER_BYTES;
        }
    }

    /** A buffer's address, or 0 when none is left. */
    long take() {
        return freeCount == 0 ? 0 : free[--freeCount];
    }

    /** Describes a taken buffer in a new row: the frame begins behind the headroom. */
    int addRow(PacketBurst burst, long handle, int lengthBytes) {
        int row = burst.add();
        burst.handle[row] = handle;
        burst.data[row] = handle + HEADROOM_BYTES;
        burst.length[row] = lengthBytes;
        burst.headroom[row] = HEADROOM_BYTES;
        burst.tailroom[row] = BUFFER_BYTES - HEADROOM_BYTES - lengthBytes;
        return row;
    }

    @Override
    public int allocate(PacketBurst burst) {
        if (burst.count == PacketBurst.CAPACITY || freeCount == 0) {
            return -1;
        }
        return addRow(burst, take(), 0);
    }

    @Override
    public void free(long handle) {
        free[freeCount++] = handle;
    }

    /** Buffers that are not in use. */
    public int available() {
        return freeCount;
    }

    /** Buffers in all. */
    public int capacity() {
        return free.length;
    }

    @Override
    public void close() {
        region.close();
    }
}
