package io.jvs.director;

/**
 * Averages a second, as ip_vs_read_estimator() gives them.
 *
 * @param connections connections a second
 * @param incomingPackets packets a second from clients
 * @param outgoingPackets packets a second from servers
 * @param incomingBytes bytes a second from clients
 * @param outgoingBytes bytes a second from servers
 */
public record Rates(
        long connections,
        long incomingPackets,
        long outgoingPackets,
        long incomingBytes,
        long outgoingBytes) {
    /** Nothing moves. */
    public static final Rates ZERO = new Rates(0, 0, 0, 0, 0);
}
