package io.jvs.port;

import io.jvs.memory.Memory;

/** Frames that the queues of a port in memory have sent and that nobody has taken yet. */
final class SentFrames {
    private static final int RING = 4096;

    private final long[] handle = new long[RING];
    private final long[] data = new long[RING];
    private final int[] length = new int[RING];
    private int head;
    private int tail;

    int free() {
        return RING - (tail - head);
    }

    int count() {
        return tail - head;
    }

    void add(long frameHandle, long frameData, int frameLength) {
        int slot = tail++ & RING - 1;
        handle[slot] = frameHandle;
        data[slot] = frameData;
        length[slot] = frameLength;
    }

    /** The oldest one, whose buffer goes back; an empty array when there is none. */
    byte[] take(MemoryBuffers buffers) {
        if (head == tail) {
            return new byte[0];
        }
        int slot = head++ & RING - 1;
        byte[] frame = new byte[length[slot]];
        Memory.copyOut(data[slot], frame, 0, frame.length);
        buffers.free(handle[slot]);
        return frame;
    }
}
