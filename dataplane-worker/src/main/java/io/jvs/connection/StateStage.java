package io.jvs.connection;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;

/**
 * Stage 6: takes each packet's connection to its next state (set_tcp_state in ip_vs_proto_tcp.c,
 * udp_state_transition in ip_vs_proto_udp.c, set_sctp_state in ip_vs_proto_sctp.c), puts its end
 * off, and counts it as active or inactive at its server. One thread.
 *
 * <p>As in the kernel, a connection begins as inactive: who publishes it counts it so.
 */
public final class StateStage {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    private final ConnectionTable table;
    private final ServerTable servers;
    private final StateTimeouts timeouts;
    private int secure;

    /** Works on {@code table}'s records. */
    public StateStage(ConnectionTable table, ServerTable servers, StateTimeouts timeouts) {
        this.table = table;
        this.servers = servers;
        this.timeouts = timeouts;
    }

    /** Switches to the tables of secure_tcp, or back. */
    public void setSecureTcp(boolean on) {
        secure = on ? TcpStateMachine.SECURE : 0;
    }

    /** Advances the connections of the rows without a verdict that hold a flow's own packet. */
    public void advance(PacketBurst burst, int nowTicks) {
        for (int row = 0; row < burst.count; row++) {
            long record = burst.connection[row];
            int kind = burst.kind[row];
            if (record != 0
                    && burst.verdict[row] == Verdict.NONE
                    && (kind == PacketBurst.KIND_IPV4 || kind == PacketBurst.KIND_IPV6)) {
                advance(burst, row, record, nowTicks);
            }
        }
    }

    private void advance(PacketBurst burst, int row, long record, int nowTicks) {
        boolean fromServer = burst.direction[row] == PacketBurst.FROM_SERVER;
        ConnectionLayout.setLastSeenTicks(record, nowTicks);
        if (!fromServer) {
            ConnectionLayout.setPackets(record, ConnectionLayout.packets(record) + 1);
        }
        int state = ConnectionLayout.state(record);
        int next = next(burst, row, record, state, fromServer);
        if (next != state) {
            enter(record, next);
        }
        setTimeout(burst.connectionId[row], record, timeouts.ticks(next));
    }

    private int next(PacketBurst burst, int row, long record, int state, boolean fromServer) {
        int protocol = burst.protocol[row];
        if (protocol == TCP) {
            int table = secure + table(record, fromServer);
            return TcpStateMachine.next(table, burst.tcpFlags[row], state);
        }
        if (protocol == UDP) {
            if (fromServer) {
                assure(record);
            }
            return ConnectionState.UDP;
        }
        int chunk = burst.sctpChunk[row];
        return protocol == SCTP && chunk >= 0
                ? SctpStateMachine.next(table(record, fromServer), chunk, state)
                : state;
    }

    /**
     * Number of a state table, the same for TCP and SCTP: INPUT_ONLY while NO_OUTPUT is set; a
     * packet from the server takes that flag away.
     */
    private static int table(long record, boolean fromServer) {
        if (fromServer) {
            ConnectionLayout.clear(record, ConnectionLayout.NO_OUTPUT);
            return TcpStateMachine.NORMAL_OUT;
        }
        return ConnectionLayout.has(record, ConnectionLayout.NO_OUTPUT)
                ? TcpStateMachine.NORMAL_IN_ONLY
                : TcpStateMachine.NORMAL_IN;
    }

    private void setTimeout(int id, long record, int ticks) {
        int before = ConnectionLayout.timeoutTicks(record);
        if (ticks < before) {
            table.setTimeout(id, ticks);
        } else if (ticks != before) {
            ConnectionLayout.setTimeoutTicks(record, ticks);
        }
    }

    private void enter(long record, int next) {
        ConnectionLayout.setState(record, next);
        boolean active = ConnectionState.isActive(next);
        if (active != ConnectionLayout.has(record, ConnectionLayout.ACTIVE)) {
            flip(record, active);
        }
        if (next == ConnectionState.ESTABLISHED || next == ConnectionState.SCTP_ESTABLISHED) {
            assure(record);
        }
    }

    private void flip(long record, boolean active) {
        Destination server = servers.find(ConnectionLayout.serverIndex(record));
        if (active) {
            ConnectionLayout.set(record, ConnectionLayout.ACTIVE);
        } else {
            ConnectionLayout.clear(record, ConnectionLayout.ACTIVE);
        }
        if (server != null) {
            server.moveConnection(active);
            servers.noteChanged(server);
        }
    }

    /** Notes at its template that a connection was answered (ip_vs_control_assure_ct). */
    private void assure(long record) {
        int control = ConnectionLayout.control(record);
        if (control != 0) {
            ConnectionLayout.set(table.address(control), ConnectionLayout.ASSURED);
        }
    }
}
