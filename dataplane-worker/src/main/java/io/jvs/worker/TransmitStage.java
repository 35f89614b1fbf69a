package io.jvs.worker;

import io.jvs.link.TransmitBatch;
import io.jvs.packet.PacketBuffers;
import io.jvs.port.PacketPort;
import io.jvs.port.RemotePort;

/** Stage 9: what is to be sent leaves by its port; what the port has no room for is freed. */
final class TransmitStage {
    private final TransmitBatch batch;
    private final PacketBuffers buffers;
    private final WorkerCounters counters;
    private final PacketPort[] ports;
    private final boolean[] isRemote;

    TransmitStage(WorkerState state, PacketPort[] ports) {
        this.batch = state.batch;
        this.buffers = state.buffers;
        this.counters = state.counters;
        this.ports = ports;
        this.isRemote = new boolean[ports.length];
        for (int port = 0; port < ports.length; port++) {
            isRemote[port] = ports[port] instanceof RemotePort;
        }
    }

    /** Sends everything. */
    void flush() {
        for (int port = 0; port < ports.length; port++) {
            int count = batch.count(port);
            if (count > 0) {
                flush(port, count);
            }
        }
    }

    private void flush(int port, int count) {
        long[] handles = batch.handles();
        int[] lengths = batch.lengths();
        int first = batch.first(port);
        int end = first + count;
        long bytes = 0;
        for (int i = first; i < end; i++) {
            bytes += lengths[i];
        }
        int taken = ports[port].transmit(handles, batch.data(), lengths, first, count);
        for (int i = first + taken; i < end; i++) {
            bytes -= lengths[i];
            buffers.free(handles[i]);
        }
        if (!isRemote[port]) {
            counters.countPort(port, PortCounter.SENT_PACKETS, taken, bytes);
        }
        if (taken < count) {
            counters.countTransmitFull(port, count - taken);
        }
        batch.clear(port);
    }
}
