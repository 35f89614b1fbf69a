package io.jvs.worker;

/** What is counted for each real server, on each worker. */
public enum ServerCounter {
    /** Connections ever scheduled to it. */
    CONNECTIONS(0),
    /** Packets from clients. */
    INCOMING_PACKETS(8),
    /** Packets from the server. */
    OUTGOING_PACKETS(16),
    /** Bytes of IP packets from clients. */
    INCOMING_BYTES(24),
    /** Bytes of IP packets from the server. */
    OUTGOING_BYTES(32),
    /** Active connections now. */
    ACTIVE(40),
    /** Inactive connections now. */
    INACTIVE(48),
    /** Persistence templates now. */
    PERSISTENT(56);

    private final int offset;

    ServerCounter(int offset) {
        this.offset = offset;
    }

    /** Where it lies in its line of counters, in bytes. */
    int offset() {
        return offset;
    }
}
