package io.jvs.worker;

/** The settings that IPVS has as sysctls, on one worker; changed by control commands. */
final class WorkerSettings {
    /** conn_reuse_mode: a SYN on a closed connection is scheduled anew; bit 1: in FIN_WAIT too. */
    int connReuseMode = 1;

    /** expire_nodest_conn: a connection of a removed server ends at its next packet. */
    boolean expireNodestConn;

    /** expire_quiescent_template: a template of a server with weight 0 is no longer used. */
    boolean expireQuiescentTemplate;

    /** sloppy_tcp: any segment but a reset opens a connection. */
    boolean sloppyTcp;
}
