package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of a network adapter with several queues: what comes in is spread over them by its hash,
 * what they send leaves in the order of sending. One thread for all of it.
 */
public final class MemoryAdapter {
    private final MemoryBuffers buffers;
    private final SentFrames sent = new SentFrames();
    private final List<MemoryPort> queues = new ArrayList<>();
    private final FrameHash hash;
    private final @Nullable ModelFlowRules rules;
    private int turn;

    /**
     * An adapter with as many queues as there are workers.
     *
     * @param number the port's number
     * @param buffers where its packets lie
     * @param steering its queues, and its redirection table where it has one
     * @param toeplitz its hash; null: one that nobody else knows
     */
    public MemoryAdapter(
            int number, MemoryBuffers buffers, FlowSteering steering, @Nullable Toeplitz toeplitz) {
        this(number, buffers, steering, toeplitz, null);
    }

    /** An adapter that does what its flow rules say, and gives all else to its queues in turns. */
    public MemoryAdapter(
            int number, MemoryBuffers buffers, FlowSteering steering, ModelFlowRules rules) {
        this(number, buffers, steering, null, rules);
    }

    private MemoryAdapter(
            int number,
            MemoryBuffers buffers,
            FlowSteering steering,
            @Nullable Toeplitz toeplitz,
            @Nullable ModelFlowRules rules) {
        this.buffers = buffers;
        this.rules = rules;
        this.hash = new FrameHash(steering, toeplitz);
        for (int i = 0; i < steering.workers(); i++) {
            queues.add(new MemoryPort(number, buffers, sent));
        }
    }

    /** One of its queues. */
    public MemoryPort queue(int index) {
        return queues.get(index);
    }

    /** Lets a frame arrive on a queue of the caller's choice; see {@link #inject(byte[])}. */
    public boolean inject(int queue, byte[] frame) {
        return queues.get(queue).inject(frame);
    }

    /**
     * Lets a frame arrive.
     *
     * @return false when there is no buffer or its queue is full
     */
    public boolean inject(byte[] frame) {
        long handle = frame.length > MemoryBuffers.FRAME_BYTES ? 0 : buffers.take();
        if (handle == 0) {
            return false;
        }
        long data = handle + MemoryBuffers.HEADROOM_BYTES;
        Memory.copyIn(frame, 0, data, frame.length);
        MemoryPort queue = queues.get(queue(data, frame.length));
        if (queue.isFull()) {
            buffers.free(handle);
            return false;
        }
        queue.put(handle, frame.length);
        return true;
    }

    private int queue(long frame, int length) {
        ModelFlowRules model = rules;
        if (model == null) {
            return hash.queue(frame, length);
        }
        int queue = model.queue(frame, length);
        turn = (turn + 1) % queues.size();
        return queue == ModelFlowRules.NONE ? turn : queue;
    }

    /** The next frame that was sent, or an empty array when there is none. */
    public byte[] takeSent() {
        return sent.take(buffers);
    }
}
