package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;
import io.jvs.connection.ExtraLayout;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.Flow;
import io.jvs.service.AccessList;
import org.jspecify.annotations.Nullable;

/**
 * Stage 5: packets without a connection, or with one that has had its time. Finds the service, asks
 * its templates and its scheduler for a real server and makes the connection (ip_vs_in_hook,
 * ip_vs_schedule and ip_vs_sched_persist in net/netfilter/ipvs/ip_vs_core.c).
 */
final class Admission {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int FTP = 21;
    private static final int RAW_FTP_DATA = Short.reverseBytes((short) 20) & 0xFFFF;

    private final WorkerState state;
    private final WorkerServices services;
    private final ConnectionTable table;
    private final IcmpErrors icmpErrors;
    private final ConnectionMaker maker;
    private final Templates templates;
    private final WorkerSettings settings;
    private final Flow flow = new Flow();
    private final int[] onePacket = new int[PacketBurst.CAPACITY];
    private int onePackets;
    private int replaced;
    private boolean insertedInBurst;
    private boolean removedInBurst;

    Admission(WorkerState state) {
        this.state = state;
        this.services = state.services;
        this.table = state.table;
        this.icmpErrors = state.icmpErrors;
        this.settings = state.settings;
        this.maker = new ConnectionMaker(state);
        this.templates = new Templates(state);
    }

    /** Gives rows without a connection one, where a service wants them. */
    void admit(PacketBurst burst, int nowTicks) {
        insertedInBurst = false;
        removedInBurst = false;
        state.expected.beginBurst();
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.NONE) {
                if (removedInBurst && burst.connection[i] != 0) {
                    state.lookup.find(burst, i);
                }
                if (isBalanced(burst.kind[i])) {
                    admitRow(burst, i, nowTicks);
                }
            }
        }
    }

    private boolean isBalanced(int kind) {
        return kind == PacketBurst.KIND_IPV4
                || kind == PacketBurst.KIND_IPV6
                || settings.scheduleIcmp && PacketBurst.isError(kind);
    }

    private void admitRow(PacketBurst burst, int i, int nowTicks) {
        if (burst.connection[i] == 0) {
            admitNew(burst, i, nowTicks);
        } else if (burst.direction[i] == PacketBurst.FROM_CLIENT
                && !PacketBurst.isError(burst.kind[i])) {
            check(burst, i, nowTicks);
        }
    }

    /** Whether a connection may go on with a packet from its client. */
    private void check(PacketBurst burst, int i, int nowTicks) {
        long record = burst.connection[i];
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        boolean over =
                settings.connReuseMode != 0
                        && begins(burst, i)
                        && (isReusable(record) || settings.expireNodestConn && server.isQuiescent())
                        && !controlsOthers(record);
        if (!over && server.present) {
            return;
        }
        if (!over && (!settings.expireNodestConn || controlsOthers(record))) {
            burst.verdict[i] = Verdict.DROP_SERVER_REMOVED;
            return;
        }
        seeEarlier(burst, i, nowTicks);
        replaced = burst.connectionId[i];
        burst.connection[i] = 0;
        admitNew(burst, i, nowTicks);
        removeReplaced();
    }

    /** Its last packet may be in this burst, too: from then on its local port has to wait. */
    private static void seeEarlier(PacketBurst burst, int i, int nowTicks) {
        long record = burst.connection[i];
        for (int before = 0; before < i; before++) {
            if (burst.connection[before] == record) {
                ConnectionLayout.setLastSeenTicks(record, nowTicks);
            }
        }
    }

    /** Whether it must stay, since others refer to it. */
    private boolean controlsOthers(long record) {
        return state.extras.controlled(record) > 0;
    }

    /** Whether a packet is the first of a connection (is_new_conn). */
    private static boolean begins(PacketBurst burst, int i) {
        int protocol = burst.protocol[i];
        return protocol == TCP && (burst.tcpFlags[i] & TcpHeader.SYN) != 0
                || protocol == SCTP && burst.sctpChunk[i] == SctpHeader.INIT;
    }

    /** Whether a first packet on it begins a new connection (is_new_conn_expected). */
    private boolean isReusable(long record) {
        if (ConnectionLayout.control(record) != 0) {
            return false;
        }
        int now = ConnectionLayout.state(record);
        return now == ConnectionState.TIME_WAIT
                || now == ConnectionState.CLOSE
                || now == ConnectionState.SCTP_CLOSED
                || (settings.connReuseMode & 2) != 0
                        && now == ConnectionState.FIN_WAIT
                        && ConnectionLayout.has(record, ConnectionLayout.NO_OUTPUT);
    }

    /** The connection that a new one takes the place of was counted until now. */
    private void removeReplaced() {
        if (replaced != 0) {
            table.remove(replaced);
            replaced = 0;
            removedInBurst = true;
        }
    }

    private void admitNew(PacketBurst burst, int i, int nowTicks) {
        if (replaced == 0 && state.expected.adopt(burst, i)) {
            return;
        }
        ServiceState service = services.find(burst, i);
        if (service == null || (burst.ports[i] & 0xFFFF) == RAW_FTP_DATA) {
            return;
        }
        if (insertedInBurst && replaced == 0 && state.lookup.find(burst, i)) {
            state.syns.look(burst, i, nowTicks);
            return;
        }
        admitTo(burst, i, service, nowTicks);
    }

    /** Lets a packet open a connection of a service, unless something is against it. */
    private void admitTo(PacketBurst burst, int i, ServiceState service, int nowTicks) {
        if (service.access != null && isDenied(burst, i, service.access)) {
            burst.verdict[i] = Verdict.DROP_DENIED;
            state.counters.countService(service.index, ServiceCounter.DENIED, 1);
            return;
        }
        SynGuard syns = PacketBurst.isError(burst.kind[i]) ? null : service.syns;
        if (syns != null && !state.syns.admits(burst, i, service, syns, nowTicks)) {
            return;
        }
        if (!mayOpen(burst, i) && !hasAccepted(syns)) {
            state.responder.refuse(burst, i, Verdict.DROP_NO_CONNECTION, nowTicks);
            return;
        }
        if (state.defences.dropsPacket()) {
            burst.verdict[i] = Verdict.DROP_OVERLOAD;
            return;
        }
        if (!state.limits.admits(service, nowTicks)) {
            burst.verdict[i] = Verdict.DROP_SERVICE_LIMIT;
            state.counters.countService(service.index, ServiceCounter.LIMITED_CONNECTIONS, 1);
            return;
        }
        schedule(burst, i, service, nowTicks);
    }

    /** Whether the row acknowledges a cookie: a SYN has come before it. */
    private boolean hasAccepted(@Nullable SynGuard syns) {
        return syns != null && state.syns.hasAccepted();
    }

    private static boolean isDenied(PacketBurst burst, int i, AccessList access) {
        return PacketBurst.isIpv6Flow(burst.kind[i])
                ? access.denies6(Long.reverseBytes(burst.key0[i]), Long.reverseBytes(burst.key1[i]))
                : access.denies4(Integer.reverseBytes((int) burst.key0[i]));
    }

    /**
     * Whether a packet may open a connection: TCP with SYN and without RST, sloppily any without
     * RST; SCTP with INIT, sloppily any but ABORT; every UDP (tcp_conn_schedule,
     * sctp_conn_schedule, udp_conn_schedule). Every ICMP error, where it is asked at all: it does
     * not say more than the ports.
     */
    private boolean mayOpen(PacketBurst burst, int i) {
        if (PacketBurst.isError(burst.kind[i])) {
            return true;
        }
        int protocol = burst.protocol[i];
        if (protocol == TCP) {
            int flags = burst.tcpFlags[i];
            return (flags & TcpHeader.RST) == 0
                    && (settings.sloppyTcp || (flags & TcpHeader.SYN) != 0);
        }
        int chunk = protocol == SCTP ? burst.sctpChunk[i] : SctpHeader.INIT;
        return chunk == SctpHeader.INIT
                || settings.sloppySctp && chunk >= 0 && chunk != SctpHeader.ABORT;
    }

    private void schedule(PacketBurst burst, int i, ServiceState service, int nowTicks) {
        fillFlow(burst, i, nowTicks);
        boolean persistent = service.persistenceTicks != 0;
        ServerState server = named(burst, i, service);
        if (server != null) {
            persistent = false;
        } else if (persistent) {
            server = templates.pick(burst, i, service, flow, nowTicks);
        } else {
            server = isItsPort(service) ? pick(service, nowTicks) : null;
        }
        if (server == null) {
            leave(burst, i, service, nowTicks);
            return;
        }
        maker.setRealPort(persistent ? templates.realPort() : realPort(server));
        maker.setOnePacket(service.spec.onePacket() && burst.protocol[i] == UDP);
        connect(burst, i, service, server, nowTicks);
    }

    /**
     * A packet may have come to an FTP service for its data's sake; without templates it cannot.
     */
    private boolean isItsPort(ServiceState service) {
        return service.mark != 0 || flow.virtualPort == service.port;
    }

    /** The real server that a QUIC connection id names; null to ask others. */
    private @Nullable ServerState named(PacketBurst burst, int i, ServiceState service) {
        QuicServers quic = service.quic;
        if (quic == null || burst.protocol[i] != UDP || PacketBurst.isError(burst.kind[i])) {
            return null;
        }
        int found = quic.find(burst, i);
        if (found == QuicServers.NOT_NAMED) {
            return null;
        }
        boolean known = found != QuicServers.UNKNOWN;
        state.counters.countService(
                service.index, known ? ServiceCounter.QUIC_ROUTED : ServiceCounter.QUIC_UNKNOWN, 1);
        return known ? state.servers[found] : null;
    }

    private @Nullable ServerState pick(ServiceState service, int nowTicks) {
        Destination destination = state.limits.pick(service, flow, nowTicks);
        return destination == null ? null : state.servers[destination.serverIndex];
    }

    /** A server without a port takes the one that the client asked for. */
    private int realPort(ServerState server) {
        int port = server.destination.port;
        return port != 0 ? port : flow.virtualPort;
    }

    /**
     * ip_vs_leave(): nobody may take the packet; what is not for FTP itself may be for the host.
     */
    private void leave(PacketBurst burst, int i, ServiceState service, int nowTicks) {
        if (burst.verdict[i] == Verdict.NONE && state.limits.isHolding(service)) {
            burst.verdict[i] = Verdict.DROP_SERVER_LIMIT;
            state.counters.countService(service.index, ServiceCounter.LIMITED_CONNECTIONS, 1);
            return;
        }
        boolean refused = service.port != FTP || flow.virtualPort == FTP;
        if (refused && burst.verdict[i] == Verdict.NONE) {
            burst.verdict[i] = Verdict.DROP_NO_SERVER;
            if (!PacketBurst.isError(burst.kind[i]) && hasAccepted(service.syns)) {
                state.syns.refuseAccepted(burst, i, Verdict.DROP_NO_SERVER, nowTicks);
                return;
            }
            icmpErrors.portUnreachable(burst, i, nowTicks);
        }
    }

    private void connect(
            PacketBurst burst, int i, ServiceState service, ServerState server, int nowTicks) {
        ServerCounts.bind(state, server);
        removeReplaced();
        int id = maker.make(burst, i, service, server, nowTicks);
        if (id == 0) {
            ServerCounts.unbind(state, server, false);
            return;
        }
        burst.connectionId[i] = id;
        burst.connection[i] = table.address(id);
        burst.direction[i] = PacketBurst.FROM_CLIENT;
        if (service.disclosure != 0) {
            disclose(burst.connection[i], service.disclosure);
        }
        state.counters.countConnection(server.destination.serverIndex);
        state.limits.onConnection(service, server);
        if (service.persistenceTicks != 0) {
            ConnectionLayout.setControl(burst.connection[i], templates.templateId());
            state.extras.countControlled(table.address(templates.templateId()), 1);
        }
        if (service.syns != null && !PacketBurst.isError(burst.kind[i])) {
            state.syns.begin(burst, i, id, service, service.syns);
        }
        if (ConnectionLayout.has(burst.connection[i], ConnectionLayout.ONE_PACKET)) {
            onePacket[onePackets++] = id;
        } else {
            insertedInBurst = true;
        }
    }

    /** Has the server told its client, where packets are rewritten in both directions. */
    private void disclose(long record, int how) {
        int method = ConnectionLayout.method(record);
        boolean possible =
                method == ConnectionLayout.METHOD_FULLNAT || method == ConnectionLayout.METHOD_NAT;
        if (!possible) {
            return;
        }
        long extra = state.extras.attach(record);
        if (extra != 0) {
            ExtraLayout.setDisclosure(extra, how);
            ConnectionLayout.set(record, ConnectionLayout.TELLS_CLIENT);
        }
    }

    /** Ends the connections of this burst that were for one packet. */
    void endOnePackets() {
        while (onePackets > 0) {
            int id = onePacket[--onePackets];
            state.reaper.onRemoved(id, table.address(id));
            table.release(id);
        }
    }

    private void fillFlow(PacketBurst burst, int i, int nowTicks) {
        flow.clientPort = hostPort(burst.ports[i]);
        flow.virtualPort = hostPort(burst.ports[i] >>> 16);
        flow.nowSeconds = nowTicks / ConnectionLayout.TICKS_PER_SECOND;
        flow.lblcExpirationSeconds = settings.lblcExpirationSeconds;
        flow.lblcrExpirationSeconds = settings.lblcrExpirationSeconds;
        if (PacketBurst.isIpv6Flow(burst.kind[i])) {
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
