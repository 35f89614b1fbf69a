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

    /** Gives what came from the host the port by which it is to go out. */
    void assignPorts(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            burst.port[i] = peer[burst.port[i]];
        }
    }

    /**
     * What the host sends by the row's port goes out as it is, but for answers of connections whose
     * real server the host is.
     */
    void othersToWire(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            if (!isAnswer(burst, i)) {
                burst.verdict[i] = Verdict.FROM_HOST;
                send(burst, i, burst.port[i]);
            }
        }
    }

    private static boolean isAnswer(PacketBurst burst, int i) {
        return burst.verdict[i] == Verdict.NONE
                && burst.connection[i] != 0
                && burst.direction[i] == PacketBurst.FROM_SERVER;
    }

    private void send(PacketBurst burst, int i) {
        int port = peer[burst.port[i]];
        if (port < 0) {
            burst.verdict[i] = Verdict.DROP_NO_EXCEPTION_PATH;
        } else {
            send(burst, i, port);
        }
    }

    private void send(PacketBurst burst, int i, int port) {
        if (!batch.add(port, burst.handle[i], burst.data[i], burst.length[i])) {
            burst.verdict[i] = Verdict.DROP_TRANSMIT_FULL;
        }
    }
}
