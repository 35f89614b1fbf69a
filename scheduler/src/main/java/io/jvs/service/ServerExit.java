package io.jvs.service;

/** What becomes of the connections of a real server that goes. */
public enum ServerExit {
    /**
     * Nothing: those of a drained server go on; packets of those of a removed one are dropped until
     * they expire, or as expire_nodest_conn says (IPVS).
     */
    KEEP,
    /** Both ends are told: TCP by resets, others by ICMP port unreachable. */
    RESET,
    /**
     * Another real server gets the next datagram of a UDP flow, or the next SYN; TCP connections
     * that are under way are reset, as no other server knows them.
     */
    RESCHEDULE
}
