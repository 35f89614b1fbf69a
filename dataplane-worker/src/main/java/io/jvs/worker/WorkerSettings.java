package io.jvs.worker;

import io.jvs.service.Sysctl;
import io.jvs.service.Sysctls;

/** The settings that IPVS has as sysctls, on one worker; changed by control commands. */
final class WorkerSettings {
    /** conn_reuse_mode: a SYN on a closed connection is scheduled anew; bit 1: in FIN_WAIT too. */
    int connReuseMode;

    /** expire_nodest_conn: a connection of a removed server ends at its next packet. */
    boolean expireNodestConn;

    /** expire_quiescent_template: a template of a server with weight 0 is no longer used. */
    boolean expireQuiescentTemplate;

    /** sloppy_sctp: any packet but an ABORT opens a connection. */
    boolean sloppySctp;

    /** sloppy_tcp: any segment but a reset opens a connection. */
    boolean sloppyTcp;

    WorkerSettings() {
        set(Sysctls.INITIAL);
    }

    /** Takes other values. */
    void set(Sysctls sysctls) {
        connReuseMode = sysctls.number(Sysctl.CONN_REUSE_MODE);
        expireNodestConn = sysctls.isOn(Sysctl.EXPIRE_NODEST_CONN);
        expireQuiescentTemplate = sysctls.isOn(Sysctl.EXPIRE_QUIESCENT_TEMPLATE);
        sloppySctp = sysctls.isOn(Sysctl.SLOPPY_SCTP);
        sloppyTcp = sysctls.isOn(Sysctl.SLOPPY_TCP);
    }
}
