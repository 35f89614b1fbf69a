package io.jvs.worker;

import io.jvs.forwarding.PathMtus;
import io.jvs.packet.PacketBurst;
import io.jvs.port.HandoverRing;

/** What the other workers have handed over to this one, taken in turns. One thread. */
final class HandoverIntake {
    private final WorkerState state;
    private final Pipeline pipeline;
    private final HandoverRing[] rings;
    private final PacketBurst burst = new PacketBurst();
    private final PacketBurst copies = new PacketBurst();

    HandoverIntake(WorkerState state, Pipeline pipeline) {
        WorkerGroup group = state.group;
        this.state = state;
        this.pipeline = pipeline;
        this.rings = new HandoverRing[group.workers() - 1];
        int next = 0;
        for (int from = 0; from < group.workers(); from++) {
            if (from != state.worker) {
                rings[next++] = group.ring(from, state.worker);
            }
        }
    }

    /**
     * Takes at most a burst from each of the others.
     *
     * @return entries taken
     */
    int poll(int nowTicks) {
        int work = 0;
        for (int i = 0; i < rings.length; i++) {
            int count = Math.min(rings[i].available(), PacketBurst.RECEIVE_MAX);
            if (count > 0) {
                take(rings[i], count, nowTicks);
                work += count;
            }
        }
        return work;
    }

    private void take(HandoverRing ring, int count, int nowTicks) {
        burst.clear();
        copies.clear();
        for (int k = 0; k < count; k++) {
            long entry = ring.first();
            switch (HandoverRing.kind(entry)) {
                case HandoverRing.PACKET -> HandoverRing.addRow(entry, burst);
                case HandoverRing.COPY -> HandoverRing.addRow(entry, copies);
                case HandoverRing.FRAME -> addFrame(entry);
                default -> learn(entry, nowTicks);
            }
            ring.skip();
        }
        ring.release();
        state.counters.countTakenOver(burst.count);
        if (copies.count > 0) {
            pipeline.learn(copies, nowTicks);
        }
        if (burst.count > 0) {
            pipeline.runHandedOver(burst, nowTicks);
        }
        pipeline.flush();
    }

    private void addFrame(long entry) {
        int port = HandoverRing.port(entry);
        long handle = HandoverRing.handle(entry);
        if (!state.batch.add(port, handle, HandoverRing.data(entry), HandoverRing.length(entry))) {
            state.buffers.free(handle);
            state.counters.countTransmitFull(port, 1);
        }
    }

    private void learn(long entry, int nowTicks) {
        PathMtus learned = state.paths.learned();
        learned.learn(
                HandoverRing.handle(entry),
                HandoverRing.data(entry),
                HandoverRing.port(entry) != 0,
                HandoverRing.length(entry),
                nowTicks);
        state.express.forgetWays();
    }
}
