package io.jvs.port;

import io.jvs.packet.PacketBurst;

/**
 * A port that has no queues for this worker: it receives nothing from it, and what is to be sent
 * goes by ring to the worker that has a transmit queue. Used by that worker's thread only.
 */
public final class RemotePort implements PacketPort {
    private final int number;
    private final HandoverRing ring;

    /** Frames of port {@code number} go into {@code ring}, whose producer is this worker. */
    public RemotePort(int number, HandoverRing ring) {
        this.number = number;
        this.ring = ring;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int receive(PacketBurst burst, long nowNs) {
        return 0;
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        int taken = 0;
        while (taken < count
                && ring.offerFrame(
                        number, handles[from + taken], data[from + taken], lengths[from + taken])) {
            taken++;
        }
        return taken;
    }
}
