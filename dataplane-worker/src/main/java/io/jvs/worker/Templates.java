package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionTable;
import io.jvs.connection.FlowKey;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Persistence: the real server that a client had last is kept in a template, a record of the
 * connection table without client port (ip_vs_sched_persist in net/netfilter/ipvs/ip_vs_core.c).
 */
final class Templates {
    private static final int FTP_PORT = 21;

    /** Virtual port of a template whose server is gone, so that nobody finds it any more. */
    private static final int INVALID_PORT = 0xFFFF;

    private final WorkerState state;
    private final ConnectionTable table;
    private final FlowKey key = new FlowKey();
    private int templateId;
    private int realPort;

    Templates(WorkerState state) {
        this.state = state;
        this.table = state.table;
        key.template = true;
    }

    /** Id of the template that the last {@link #pick} used. */
    int templateId() {
        return templateId;
    }

    /** The real server's port for the last {@link #pick}, host order. */
    int realPort() {
        return realPort;
    }

    /**
     * The real server of the client, by its template or, where there is none, by the scheduler,
     * which then makes one.
     *
     * @return null with the row undecided when no server is available, or with a drop when the
     *     table is full
     */
    @Nullable ServerState pick(
            PacketBurst burst, int i, ServiceState service, Flow flow, int nowTicks) {
        fillKey(burst, i, service, flow);
        templateId = table.find(key);
        if (templateId != 0 && !isUsable(templateId)) {
            invalidate(templateId);
            templateId = 0;
        }
        if (templateId != 0 && !mayHaveMore(templateId, nowTicks)) {
            burst.verdict[i] = Verdict.DROP_SERVER_LIMIT;
            state.counters.countService(service.index, ServiceCounter.LIMITED_CONNECTIONS, 1);
            return null;
        }
        ServerState server =
                templateId == 0 ? make(burst, i, service, flow, nowTicks) : renew(nowTicks);
        if (server != null) {
            int port = server.destination.port;
            realPort = flow.virtualPort == service.port && port != 0 ? port : flow.virtualPort;
        }
        return server;
    }

    private void fillKey(PacketBurst burst, int i, ServiceState service, Flow flow) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        boolean samePort = flow.virtualPort == service.port;
        boolean byMark = !samePort && service.mark != 0;
        key.ipv6 = ipv6;
        key.protocol = byMark ? 0 : burst.protocol[i];
        int port = samePort && service.port != FTP_PORT ? service.port : 0;
        key.ports = rawPort(port) << 16;
        if (ipv6) {
            key.key0 = burst.key0[i] & service.maskHigh;
            key.key1 = burst.key1[i] & service.maskLow;
            key.key2 = byMark ? rawMark(service.mark) : burst.key2[i];
            key.key3 = byMark ? 0 : burst.key3[i];
        } else {
            long virtual = byMark ? rawMark(service.mark) : burst.key0[i] >>> 32;
            key.key0 = burst.key0[i] & service.maskLow & 0xFFFF_FFFFL | virtual << 32;
        }
    }

    private static long rawMark(int mark) {
        return Integer.toUnsignedLong(Integer.reverseBytes(mark));
    }

    private static int rawPort(int port) {
        return Short.toUnsignedInt(Short.reverseBytes((short) port));
    }

    /** ip_vs_check_template(). */
    private boolean isUsable(int id) {
        ServerState server = state.servers[ConnectionLayout.serverIndex(table.address(id))];
        boolean quiescent = server.destination.weight() == 0;
        return server.present
                && server.exit == ServerState.EXIT_KEEP
                && !(state.settings.expireQuiescentTemplate && quiescent);
    }

    /** Persistence does not go beyond limits, and the client cannot go to another server. */
    private boolean mayHaveMore(int id, int nowTicks) {
        int server = ConnectionLayout.serverIndex(table.address(id));
        return state.limits.admits(state.servers[server], nowTicks);
    }

    private void invalidate(int id) {
        long record = table.address(id);
        if (ConnectionLayout.inPorts(record) >>> 16 != INVALID_PORT) {
            table.rename(id, INVALID_PORT << 16, INVALID_PORT);
        }
    }

    private ServerState renew(int nowTicks) {
        long record = table.address(templateId);
        ConnectionLayout.setLastSeenTicks(record, nowTicks);
        return state.servers[ConnectionLayout.serverIndex(record)];
    }

    private @Nullable ServerState make(
            PacketBurst burst, int i, ServiceState service, Flow flow, int nowTicks) {
        Destination destination = state.limits.pick(service, flow, nowTicks);
        if (destination == null) {
            return null;
        }
        ServerState server = state.servers[destination.serverIndex];
        int id = table.allocate(key.ipv6);
        if (id == 0) {
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return null;
        }
        fill(table.address(id), service, server, flow);
        if (!table.publish(id, nowTicks)) {
            table.release(id);
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return null;
        }
        templateId = id;
        ServerCounts.bindTemplate(state, server);
        return server;
    }

    private void fill(long record, ServiceState service, ServerState server, Flow flow) {
        boolean ownPort = flow.virtualPort == service.port && service.port != FTP_PORT;
        ConnectionLayout.setInPorts(record, key.ports);
        ConnectionLayout.setOutPorts(record, ownPort ? rawPort(server.destination.port) : 0);
        ConnectionLayout.setProtocol(record, key.protocol);
        ConnectionLayout.setMethod(record, server.methodCode);
        ConnectionLayout.setServerIndex(record, server.destination.serverIndex);
        ConnectionLayout.setTimeoutTicks(record, service.persistenceTicks);
        ConnectionLayout.set(record, ConnectionLayout.TEMPLATE | ConnectionLayout.NO_OUTPUT);
        if (key.ipv6) {
            ConnectionLayout.setAddress6(record, ConnectionLayout.CLIENT, key.key0, key.key1);
            ConnectionLayout.setAddress6(record, ConnectionLayout.VIRTUAL6, key.key2, key.key3);
        } else {
            ConnectionLayout.setInKey4(record, key.key0);
        }
    }
}
