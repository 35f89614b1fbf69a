package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionTable;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.Flow;
import io.jvs.scheduler.Scheduler;

/**
 * Stage 5: packets without a connection. Finds the service, asks its scheduler for a real server
 * and makes the connection (ip_vs_schedule in net/netfilter/ipvs/ip_vs_core.c).
 */
final class Admission {
    private static final int TCP = 6;

    private final WorkerState state;
    private final WorkerServices services;
    private final ConnectionTable table;
    private final IcmpErrors icmpErrors;
    private final ConnectionMaker maker;
    private final Flow flow = new Flow();
    private boolean insertedInBurst;

    Admission(WorkerState state) {
        this.state = state;
        this.services = state.services;
        this.table = state.table;
        this.icmpErrors = state.icmpErrors;
        this.maker = new ConnectionMaker(state);
    }

    /** Gives rows without a connection one, where a service wants them. */
    void admit(PacketBurst burst, int nowTicks) {
        insertedInBurst = false;
        for (int i = 0; i < burst.count; i++) {
            if (burst.connection[i] == 0
                    && burst.verdict[i] == Verdict.NONE
                    && isBalanced(burst.kind[i])) {
                admitRow(burst, i, nowTicks);
            }
        }
    }

    private static boolean isBalanced(int kind) {
        return kind == PacketBurst.KIND_IPV4 || kind == PacketBurst.KIND_IPV6;
    }

    private void admitRow(PacketBurst burst, int i, int nowTicks) {
        ServiceState service = services.find(burst, i);
        if (service == null) {
            return;
        }
        if (insertedInBurst && state.lookup.find(burst, i)) {
            return;
        }
        if (burst.protocol[i] == TCP && !opensConnection(burst.tcpFlags[i])) {
            burst.verdict[i] = Verdict.DROP_NO_CONNECTION;
            return;
        }
        schedule(burst, i, service, nowTicks);
    }

    /** tcp_conn_schedule(): any segment with SYN and without RST. */
    private static boolean opensConnection(int tcpFlags) {
        return (tcpFlags & (TcpHeader.SYN | TcpHeader.RST)) == TcpHeader.SYN;
    }

    private void schedule(PacketBurst burst, int i, ServiceState service, int nowTicks) {
        fillFlow(burst, i, nowTicks);
        Destination destination = Scheduler.pick(service.scheduler, flow);
        if (destination == null) {
            burst.verdict[i] = Verdict.DROP_NO_SERVER;
            icmpErrors.portUnreachable(burst, i, nowTicks);
            return;
        }
        ServerState server = state.servers[destination.serverIndex];
        int id = maker.make(burst, i, service, server, nowTicks);
        if (id == 0) {
            return;
        }
        insertedInBurst = true;
        burst.connectionId[i] = id;
        burst.connection[i] = table.address(id);
        burst.direction[i] = PacketBurst.FROM_CLIENT;
        ServerCounts.bind(state, server);
        state.counters.countConnection(destination.serverIndex);
        ConnectionLayout.setServerIndex(burst.connection[i], destination.serverIndex);
    }

    private void fillFlow(PacketBurst burst, int i, int nowTicks) {
        flow.clientPort = hostPort(burst.ports[i]);
        flow.virtualPort = hostPort(burst.ports[i] >>> 16);
        flow.nowSeconds = nowTicks / 100;
        if (burst.kind[i] == PacketBurst.KIND_IPV6) {
            flow.clientHigh = Long.reverseBytes(burst.key0[i]);
            flow.clientLow = Long.reverseBytes(burst.key1[i]);
            flow.virtualHigh = Long.reverseBytes(burst.key2[i]);
            flow.virtualLow = Long.reverseBytes(burst.key3[i]);
        } else {
            flow.clientHigh = 0;
            flow.clientLow = Integer.toUnsignedLong(Integer.reverseBytes((int) burst.key0[i]));
            flow.virtualHigh = 0;
            flow.virtualLow =
                    Integer.toUnsignedLong(Integer.reverseBytes((int) (burst.key0[i] >>> 32)));
        }
    }

    private static int hostPort(int rawPort) {
        return Short.toUnsignedInt(Short.reverseBytes((short) rawPort));
    }
}
