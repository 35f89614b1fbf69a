package io.jvs.director;

import io.jvs.worker.CountersView;
import io.jvs.worker.ServerCounter;

/**
 * Five counters that only grow, as ip_vs_kstats: immutable.
 *
 * @param connections connections scheduled
 * @param incomingPackets packets from clients
 * @param outgoingPackets packets from servers
 * @param incomingBytes bytes of IP packets from clients
 * @param outgoingBytes bytes of IP packets from servers
 */
public record Totals(
        long connections,
        long incomingPackets,
        long outgoingPackets,
        long incomingBytes,
        long outgoingBytes) {
    /** Nothing counted. */
    public static final Totals ZERO = new Totals(0, 0, 0, 0, 0);

    /** What the data plane has counted for a server number, ever. */
    static Totals read(CountersView counters, int serverIndex) {
        return new Totals(
                counters.server(serverIndex, ServerCounter.CONNECTIONS),
                counters.server(serverIndex, ServerCounter.INCOMING_PACKETS),
                counters.server(serverIndex, ServerCounter.OUTGOING_PACKETS),
                counters.server(serverIndex, ServerCounter.INCOMING_BYTES),
                counters.server(serverIndex, ServerCounter.OUTGOING_BYTES));
    }

    /** The sum, counter by counter. */
    public Totals plus(Totals other) {
        return new Totals(
                connections + other.connections,
                incomingPackets + other.incomingPackets,
                outgoingPackets + other.outgoingPackets,
                incomingBytes + other.incomingBytes,
                outgoingBytes + other.outgoingBytes);
    }

    /** The difference, counter by counter. */
    public Totals minus(Totals other) {
        return new Totals(
                connections - other.connections,
                incomingPackets - other.incomingPackets,
                outgoingPackets - other.outgoingPackets,
                incomingBytes - other.incomingBytes,
                outgoingBytes - other.outgoingBytes);
    }
}
