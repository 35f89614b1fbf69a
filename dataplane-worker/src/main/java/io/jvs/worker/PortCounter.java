package io.jvs.worker;

/** What is counted for each port, on each worker. */
public enum PortCounter {
    /** Packets received. */
    RECEIVED_PACKETS,
    /** Bytes received. */
    RECEIVED_BYTES,
    /** Packets sent. */
    SENT_PACKETS,
    /** Bytes sent. */
    SENT_BYTES,
    /** Packets that the port's transmit queue had no room for. */
    TRANSMIT_FULL
}
