package io.jvs.service;

import org.jspecify.annotations.Nullable;

/**
 * A real server of one virtual service, as configured.
 *
 * @param address the real address (RIP)
 * @param port 0..65535
 * @param method how packets reach it
 * @param weight 0..2147483647; 0 is quiescent: no new connections
 * @param upperThreshold connections (active and inactive) from which on it is overloaded, 0 is none
 * @param lowerThreshold connections below which it is no longer overloaded, 0 is three quarters of
 *     the upper one
 * @param tunnel how packets are wrapped; only of effect with {@link ForwardingMethod#TUNNEL}
 * @param limits what it may get at most
 * @param drain how it goes, null while it is to stay
 */
public record RealServer(
        Address address,
        int port,
        ForwardingMethod method,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        Tunnel tunnel,
        Limits limits,
        @Nullable Drain drain) {

    /** A server without limits that is to stay. */
    public RealServer(
            Address address,
            int port,
            ForwardingMethod method,
            int weight,
            int upperThreshold,
            int lowerThreshold,
            Tunnel tunnel) {
        this(
                address,
                port,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnel,
                Limits.NONE,
                null);
    }

    /** The same server with another weight. */
    public RealServer withWeight(int newWeight) {
        return new RealServer(
                address,
                port,
                method,
                newWeight,
                upperThreshold,
                lowerThreshold,
                tunnel,
                limits,
                drain);
    }

    /** The same server on another port. */
    public RealServer withPort(int newPort) {
        return new RealServer(
                address,
                newPort,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnel,
                limits,
                drain);
    }

    /** The same server with other limits. */
    public RealServer withLimits(Limits newLimits) {
        return new RealServer(
                address,
                port,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnel,
                newLimits,
                drain);
    }

    /** The same server as it goes, or to stay when null. */
    public RealServer withDrain(@Nullable Drain newDrain) {
        return new RealServer(
                address,
                port,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnel,
                limits,
                newDrain);
    }

    /** Whether {@code other} has the same address and port. */
    public boolean sameEndpoint(RealServer other) {
        return port == other.port && address.equals(other.address);
    }
}
