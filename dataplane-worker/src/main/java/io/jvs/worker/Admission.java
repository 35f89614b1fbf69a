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
import org.jspecify.annotations.Nullable;

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
    private final Templates templates;
    private final Flow flow = new Flow();
    private boolean insertedInBurst;

    Admission(WorkerState state) {
        this.state = state;
        this.services = state.services;
        this.table = state.table;
        this.icmpErrors = state.icmpErrors;
        this.maker = new ConnectionMaker(state);
        this.templates = new Templates(state);
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
        ServerState server =
                service.persistenceTicks == 0
                        ? pick(service)
                        : templates.pick(burst, i, service, flow, nowTicks);
        if (server == null) {
            refuse(burst, i, nowTicks);
            return;
        }
        boolean persistent = service.persistenceTicks != 0;
        maker.setRealPort(persistent ? templates.realPort() : realPort(server));
        int id = maker.make(burst, i, service, server, nowTicks);
        if (id != 0) {
            admitted(burst, i, id, server, persistent);
        }
    }

    private @Nullable ServerState pick(ServiceState service) {
        Destination destination = Scheduler.pick(service.scheduler, flow);
        return destination == null ? null : state.servers[destination.serverIndex];
    }

    /** A server without a port takes the one that the client asked for. */
    private int realPort(ServerState server) {
        int port = server.destination.port;
        return port != 0 ? port : flow.virtualPort;
    }

    private void refuse(PacketBurst burst, int i, int nowTicks) {
        if (burst.verdict[i] == Verdict.NONE) {
            burst.verdict[i] = Verdict.DROP_NO_SERVER;
            icmpErrors.portUnreachable(burst, i, nowTicks);
        }
    }

    private void admitted(
            PacketBurst burst, int i, int id, ServerState server, boolean persistent) {
        insertedInBurst = true;
        burst.connectionId[i] = id;
        burst.connection[i] = table.address(id);
        burst.direction[i] = PacketBurst.FROM_CLIENT;
        ServerCounts.bind(state, server);
        state.counters.countConnection(server.destination.serverIndex);
        if (persistent) {
            long template = table.address(templates.templateId());
            ConnectionLayout.setControl(burst.connection[i], templates.templateId());
            ConnectionLayout.setExtra(template, ConnectionLayout.extra(template) + 1);
        }
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
