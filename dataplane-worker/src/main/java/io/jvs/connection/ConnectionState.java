package io.jvs.connection;

/**
 * States of a connection as small numbers: TCP's in the kernel's order (IP_VS_TCP_S_* in
 * include/net/ip_vs.h), then UDP's one, then SCTP's in the kernel's order (IP_VS_SCTP_S_*).
 */
public final class ConnectionState {
    /** Nothing seen yet; templates stay in it. */
    public static final byte NONE = 0;

    /** TCP: open both ways. */
    public static final byte ESTABLISHED = 1;

    /** TCP: the server's side sent a SYN first. */
    public static final byte SYN_SENT = 2;

    /** TCP: the client sent a SYN. */
    public static final byte SYN_RECV = 3;

    /** TCP: the server closed its half; with one direction seen, the client did. */
    public static final byte FIN_WAIT = 4;

    /** TCP: both halves closed. */
    public static final byte TIME_WAIT = 5;

    /** TCP: reset. */
    public static final byte CLOSE = 6;

    /** TCP: the client closed its half. */
    public static final byte CLOSE_WAIT = 7;

    /** TCP: waits for the last ACK. */
    public static final byte LAST_ACK = 8;

    /** TCP: waits for a SYN (active FTP). */
    public static final byte LISTEN = 9;

    /** TCP under secure_tcp: a SYN came on an old connection. */
    public static final byte SYNACK = 10;

    /** UDP: the only one. */
    public static final byte UDP = 11;

    /** SCTP: first state; the others follow in the kernel's order. */
    public static final byte SCTP_NONE = 12;

    /** SCTP: the client's first INIT. */
    public static final byte SCTP_INIT1 = 13;

    /** SCTP: a later INIT of the client. */
    public static final byte SCTP_INIT = 14;

    /** SCTP: open. */
    public static final byte SCTP_ESTABLISHED = 20;

    /** SCTP: over. */
    public static final byte SCTP_CLOSED = 25;

    /** States in all. */
    public static final int COUNT = 26;

    private static final String[] NAMES = {
        "NONE",
        "ESTABLISHED",
        "SYN_SENT",
        "SYN_RECV",
        "FIN_WAIT",
        "TIME_WAIT",
        "CLOSE",
        "CLOSE_WAIT",
        "LAST_ACK",
        "LISTEN",
        "SYNACK",
        "UDP",
        "NONE",
        "INIT1",
        "INIT",
        "C-SENT",
        "C-REPLIED",
        "C-WAIT",
        "COOKIE",
        "C-ECHOED",
        "ESTABLISHED",
        "S-SENT",
        "S-RECEIVED",
        "S-ACK-SENT",
        "REJECTED",
        "CLOSED"
    };

    private ConnectionState() {}

    /** The name in {@code ipvsadm -Lnc}; {@code "ERR!"} for a number that is no state. */
    public static String name(int state) {
        return state >= 0 && state < COUNT ? NAMES[state] : "ERR!";
    }

    /**
     * Whether a connection in it counts as active (tcp_state_active_table in ip_vs_proto_tcp.c; for
     * SCTP only ESTABLISHED; UDP never does).
     */
    public static boolean isActive(int state) {
        return state >= ESTABLISHED && state <= SYN_RECV
                || state == SYNACK
                || state == SCTP_ESTABLISHED;
    }
}
