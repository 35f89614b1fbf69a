package io.jvs.worker;

/** What is counted for each real server, on each worker. */
public enum ServerCounter {
    /** Connections ever scheduled to it. */
    CONNECTIONS,
    /** Packets from clients. */
    INCOMING_PACKETS,
    /** Packets from the server. */
    OUTGOING_PACKETS,
    /** Bytes of IP packets from clients. */
    INCOMING_BYTES,
    /** Bytes of IP packets from the server. */
    OUTGOING_BYTES,
    /** Active connections now. */
    ACTIVE,
    /** Inactive connections now. */
    INACTIVE,
    /** Persistence templates now. */
    PERSISTENT
}
