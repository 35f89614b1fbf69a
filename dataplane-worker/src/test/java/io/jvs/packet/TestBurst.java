package io.jvs.packet;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;

/** A burst whose rows lie in buffers of its own; also hands out fresh buffers. */
public final class TestBurst implements PacketBuffers, AutoCloseable {
    /** Bytes in front of each frame. */
    public static final int HEADROOM = 128;

    private static final int BUFFER = 4096;
    private static final int BUFFERS = 4096;

    /** The burst. */
    public final PacketBurst burst = new PacketBurst();

    private final MemoryRegion region = MemoryRegion.anonymous((long) BUFFER * BUFFERS);
    private final long[] free = new long[BUFFERS];
    private int freeCount;

    /** All buffers free. */
    public TestBurst() {
        for (int i = BUFFERS - 1; i >= 0; i--) {
            free[freeCount++] = region.address() + (long) i * BUFFER;
        }
    }

    /** Adds a frame that came in by that port; gives the row. */
    public int add(int port, byte[] frame) {
        int row = allocate(burst);
        Memory.copyIn(frame, 0, burst.data[row], frame.length);
        burst.length[row] = frame.length;
        burst.tailroom[row] -= frame.length;
        burst.port[row] = port;
        return row;
    }

    /** Forgets all rows and takes their buffers back. */
    public void clear() {
        for (int i = 0; i < burst.count; i++) {
            free(burst.handle[i]);
        }
        burst.clear();
    }

    /** The bytes of a row's frame. */
    public byte[] bytes(int row) {
        return bytes(burst.data[row], burst.length[row]);
    }

    /** Bytes at an address. */
    public static byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copyOut(address, bytes, 0, length);
        return bytes;
    }

    /** Buffers in use. */
    public int inUse() {
        return BUFFERS - freeCount;
    }

    @Override
    public int allocate(PacketBurst target) {
        if (freeCount == 0 || target.count == PacketBurst.CAPACITY) {
            return -1;
        }
        int row = target.add();
        long handle = free[--freeCount];
        target.handle[row] = handle;
        target.data[row] = handle + HEADROOM;
        target.length[row] = 0;
        target.headroom[row] = HEADROOM;
        target.tailroom[row] = BUFFER - HEADROOM;
        return row;
    }

    @Override
    public void free(long handle) {
        free[freeCount++] = handle;
    }

    @Override
    public void close() {
        region.close();
    }
}
