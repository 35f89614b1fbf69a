package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;

/**
 * A port in memory, or one queue of a {@link MemoryAdapter}: a test or a replay puts frames in on
 * one side and takes frames out on the other, on the worker's own thread.
 */
public final class MemoryPort implements PacketPort {
    private static final int RING = 4096;

    private final int number;
    private final MemoryBuffers buffers;
    private final SentFrames sent;
    private final long[] inHandle = new long[RING];
    private final int[] inLength = new int[RING];
    private int inHead;
    private int inTail;

    /** A port with that number over a pool that its worker's other ports may share. */
    public MemoryPort(int number, MemoryBuffers buffers) {
        this(number, buffers, new SentFrames());
    }

    MemoryPort(int number, MemoryBuffers buffers, SentFrames sent) {
        this.number = number;
        this.buffers = buffers;
        this.sent = sent;
    }

    @Override
    public int number() {
        return number;
    }

    /**
     * Lets a frame arrive.
     *
     * @return false when there is no buffer or the ring is full
     */
    public boolean inject(byte[] frame) {
        if (isFull() || frame.length > MemoryBuffers.FRAME_BYTES) {
            return false;
        }
        long handle = buffers.take();
        if (handle == 0) {
            return false;
        }
        Memory.copyIn(frame, 0, handle + MemoryBuffers.HEADROOM_BYTES, frame.length);
        put(handle, frame.length);
        return true;
    }

    boolean isFull() {
        return inTail - inHead == RING;
    }

    void put(long handle, int length) {
        inHandle[inTail & RING - 1] = handle;
        inLength[inTail & RING - 1] = length;
        inTail++;
    }

    /** The next frame that was sent, or an empty array when there is none. */
    public byte[] takeSent() {
        return sent.take(buffers);
    }

    /** Frames that were sent and not taken yet. */
    public int sentCount() {
        return sent.count();
    }

    @Override
    public int receive(PacketBurst burst, long nowNs) {
        int count = Math.min(inTail - inHead, PacketBurst.RECEIVE_MAX);
        for (int i = 0; i < count; i++) {
            int slot = inHead++ & RING - 1;
            int row = buffers.addRow(burst, inHandle[slot], inLength[slot]);
            burst.port[row] = number;
        }
        return count;
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        int taken = Math.min(count, sent.free());
        for (int i = from; i < from + taken; i++) {
            sent.add(handles[i], data[i], lengths[i]);
        }
        return taken;
    }
}
