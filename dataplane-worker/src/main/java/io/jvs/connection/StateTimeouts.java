package io.jvs.connection;

/**
 * How long a connection stays in each state without a packet: tcp_timeouts, udp_timeouts and
 * sctp_timeouts of Linux 6.12. One thread.
 */
public final class StateTimeouts {
    private static final int[] SECONDS = {
        2,
        900,
        120,
        60,
        120,
        120,
        10,
        60,
        30,
        120,
        120, // TCP
        300, // UDP
        2,
        4,
        61,
        61,
        61,
        61,
        61,
        61,
        900,
        61,
        61,
        61,
        4,
        61 // SCTP
    };

    private final int[] ticks = new int[ConnectionState.COUNT];

    /** The kernel's timeouts. */
    public StateTimeouts() {
        for (int state = 0; state < ConnectionState.COUNT; state++) {
            setSeconds(state, SECONDS[state]);
        }
    }

    /** The timeout of a state in ticks. */
    public int ticks(int state) {
        return ticks[state];
    }

    /** The timeout of a state in seconds. */
    public int seconds(int state) {
        return ticks[state] / ConnectionLayout.TICKS_PER_SECOND;
    }

    /** Sets the timeout of a state; connections take it with their next packet. */
    public void setSeconds(int state, int seconds) {
        ticks[state] = seconds * ConnectionLayout.TICKS_PER_SECOND;
    }

    /**
     * What {@code ipvsadm --set tcp tcpfin udp} does (ip_vs_set_timeout): ESTABLISHED, FIN_WAIT and
     * UDP in seconds; 0 leaves one as it is.
     */
    public void set(int tcp, int tcpFin, int udp) {
        if (tcp != 0) {
            setSeconds(ConnectionState.ESTABLISHED, tcp);
        }
        if (tcpFin != 0) {
            setSeconds(ConnectionState.FIN_WAIT, tcpFin);
        }
        if (udp != 0) {
            setSeconds(ConnectionState.UDP, udp);
        }
    }
}
