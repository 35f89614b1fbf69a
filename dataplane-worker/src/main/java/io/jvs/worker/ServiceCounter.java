package io.jvs.worker;

/**
 * What is counted for each virtual service, on each worker. CONNECTIONS to OPEN are only kept while
 * the service has limits: by them the workers see what the others have taken.
 */
public enum ServiceCounter {
    /** Packets that would have opened a connection and were denied by its access list. */
    DENIED(0),
    /** Packets that would have opened a connection beyond a limit. */
    LIMITED_CONNECTIONS(8),
    /** Packets of connections that were beyond a limit. */
    LIMITED_PACKETS(16),
    /** New connections. */
    CONNECTIONS(24),
    /** Packets of its connections, both directions. */
    PACKETS(32),
    /** Bytes of IP packets of its connections, both directions. */
    BYTES(40),
    /** Connections open now. */
    OPEN(48),
    /** Connections that began at the real server that a QUIC connection id names. */
    QUIC_ROUTED(56),
    /** Packets that began a connection with a QUIC connection id that names no real server. */
    QUIC_UNKNOWN(64);

    private final int offset;

    ServiceCounter(int offset) {
        this.offset = offset;
    }

    /** Where it lies in its line of counters, in bytes. */
    int offset() {
        return offset;
    }
}
