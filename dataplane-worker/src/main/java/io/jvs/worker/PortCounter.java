package io.jvs.worker;

/** What is counted for each port, on each worker. */
public enum PortCounter {
    /** Packets received. */
    RECEIVED_PACKETS(0),
    /** Bytes received. */
    RECEIVED_BYTES(8),
    /** Packets sent. */
    SENT_PACKETS(16),
    /** Bytes sent. */
    SENT_BYTES(24),
    /** Packets that the port's transmit queue had no room for. */
    TRANSMIT_FULL(32);

    private final int offset;

    PortCounter(int offset) {
        this.offset = offset;
    }

    /** Where it lies in its line of counters, in bytes. */
    int offset() {
        return offset;
    }
}
