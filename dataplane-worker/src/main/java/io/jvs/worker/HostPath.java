package io.jvs.worker;

import io.jvs.link.TransmitBatch;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * The exception path: each port may have a host port (a tap interface of the kernel); what is for
 * the host goes there, and what the host sends goes out by the port.
 */
final class HostPath {
    /** Peer of each port by number: physical to host and back; -1 for none. */
    private final int[] peer;

    private final int firstHost;
    private final TransmitBatch batch;

    HostPath(WorkerState state) {
        this.peer = state.hostPeer;
        this.firstHost = state.physicalPorts;
        this.batch = state.batch;
    }

    /** Whether that port is a host's. */
    boolean isHost(int port) {
        return port >= firstHost;
    }

    /** What came from the host goes out as it is. */
    void toWire(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            burst.verdict[i] = Verdict.FROM_HOST;
            send(burst, i);
        }
    }

    /** Rows with verdict EXCEPTION go to their port's host. */
    void toHost(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.EXCEPTION) {
                send(burst, i);
            }
        }
    }

    private void send(PacketBurst burst, int i) {
        if (!batch.add(peer[burst.port[i]], burst.handle[i], burst.data[i], burst.length[i])) {
            burst.verdict[i] = Verdict.DROP_TRANSMIT_FULL;
        }
    }
}
