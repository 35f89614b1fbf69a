package io.jvs.worker;

import io.jvs.service.Sysctl;
import io.jvs.service.Sysctls;

/** The settings that IPVS has as sysctls, on one worker; changed by control commands. */
final class WorkerSettings {
    /** am_droprate: of so many packets that would open a connection drop_packet 3 drops one. */
    int amDroprate;

    /** amemthresh: with fewer free pages (of 64 connections) the defences of mode 1 and 2 begin. */
    int amemthresh;

    /** conn_reuse_mode: a SYN on a closed connection is scheduled anew; bit 1: in FIN_WAIT too. */
    int connReuseMode;

    /** drop_entry: whether connections are dropped at random, mode 0 to 3. */
    int dropEntry;

    /** drop_packet: whether new connections are dropped, mode 0 to 3. */
    int dropPacket;

    /** expire_nodest_conn: a connection of a removed server ends at its next packet. */
    boolean expireNodestConn;

    /** expire_quiescent_template: a template of a server with weight 0 is no longer used. */
    boolean expireQuiescentTemplate;

    /** lblc_expiration, in seconds. */
    int lblcExpirationSeconds;

    /** lblcr_expiration, in seconds. */
    int lblcrExpirationSeconds;

    /** nat_icmp_send: a real server hears that its packet is of no connection. */
    boolean natIcmpSend;

    /** pmtu_disc: tunnels keep DF; else they cut packets. */
    boolean pmtuDisc;

    /** schedule_icmp: an ICMP error opens the connection that it is about. */
    boolean scheduleIcmp;

    /** secure_tcp: whether the TCP states are those of secure_tcp, mode 0 to 3. */
    int secureTcp;

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
        lblcExpirationSeconds = sysctls.number(Sysctl.LBLC_EXPIRATION);
        lblcrExpirationSeconds = sysctls.number(Sysctl.LBLCR_EXPIRATION);
        natIcmpSend = sysctls.isOn(Sysctl.NAT_ICMP_SEND);
        pmtuDisc = sysctls.isOn(Sysctl.PMTU_DISC);
        scheduleIcmp = sysctls.isOn(Sysctl.SCHEDULE_ICMP);
        sloppySctp = sysctls.isOn(Sysctl.SLOPPY_SCTP);
        sloppyTcp = sysctls.isOn(Sysctl.SLOPPY_TCP);
        setDefences(sysctls);
    }

    private void setDefences(Sysctls sysctls) {
        amDroprate = sysctls.number(Sysctl.AM_DROPRATE);
        amemthresh = sysctls.number(Sysctl.AMEMTHRESH);
        dropEntry = sysctls.number(Sysctl.DROP_ENTRY);
        dropPacket = sysctls.number(Sysctl.DROP_PACKET);
        secureTcp = sysctls.number(Sysctl.SECURE_TCP);
    }
}
