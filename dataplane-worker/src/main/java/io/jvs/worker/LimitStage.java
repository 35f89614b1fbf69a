package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Flow;
import io.jvs.service.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The limits of virtual services and real servers. A service that is full refuses new connections;
 * a real server that is full is held back from its scheduler until the next tick, so that another
 * one is chosen; packets beyond a rate are dropped. Counts are the sums over all workers, read from
 * the words that they publish. Who has no limits pays a comparison with null for a new connection,
 * and nothing for a packet. One thread.
 */
final class LimitStage {
    private final WorkerState state;

    /** The other workers' counters. */
    private WorkerCounters[] peers = new WorkerCounters[0];

    /** Whether packets or bytes of anybody are limited. */
    private boolean policesTraffic;

    /** Real servers that are held back now, as they are full. */
    private Destination[] held = new Destination[0];

    private int heldCount;
    private int heldTicks;

    LimitStage(WorkerState state) {
        this.state = state;
    }

    /** Tells which other workers draw on the same limits; before the first generation. */
    void setPeers(WorkerCounters[] others) {
        peers = others.clone();
    }

    /** Takes services and servers as they are now; once a generation. */
    void commit(int nowTicks) {
        policesTraffic = false;
        int limited = 0;
        for (ServiceState service : state.services.all()) {
            update(service, nowTicks);
            policesTraffic |= service.limits != null && service.limits.hasTraffic();
            for (int i = 0; i < service.servers.size(); i++) {
                ServerState server = state.servers[service.servers.get(i).serverIndex];
                update(server, nowTicks);
                server.destination.full = false;
                limited += server.limits == null ? 0 : 1;
                policesTraffic |= server.limits != null && server.limits.hasTraffic();
            }
        }
        heldCount = 0;
        held = new Destination[limited];
    }

    /** Limits that have not changed go on as they stand. */
    private void update(ServiceState service, int nowTicks) {
        Limits wanted = service.spec.guard().limits();
        if (!wanted.equals(service.limitsSpec)) {
            service.limitsSpec = wanted;
            service.limits = LimitState.of(wanted, peers.length + 1);
            begin(service.limits, nowTicks, true, service.index);
        }
        state.counters.publishOpen(service.index, service.open);
    }

    private void update(ServerState server, int nowTicks) {
        Limits wanted = server.destination.spec.limits();
        if (!wanted.equals(server.limitsSpec)) {
            server.limitsSpec = wanted;
            server.limits = LimitState.of(wanted, peers.length + 1);
            begin(server.limits, nowTicks, false, server.destination.serverIndex);
        }
    }

    private void begin(@Nullable LimitState limits, int nowTicks, boolean isService, int index) {
        if (limits == null) {
            return;
        }
        if (limits.connections != null) {
            limits.connections.begin(nowTicks, foreignConnections(isService, index));
        }
        if (limits.packets != null) {
            limits.packets.begin(nowTicks, foreignPackets(isService, index));
        }
        if (limits.bytes != null) {
            limits.bytes.begin(nowTicks, foreignBytes(isService, index));
        }
    }

    /** Whether a service may have a new connection. */
    boolean admits(ServiceState service, int nowTicks) {
        LimitState limits = service.limits;
        if (limits == null) {
            return true;
        }
        if (limits.maxConnections != 0
                && service.open + foreign(service.index, ServiceCounter.OPEN)
                        >= limits.maxConnections) {
            return false;
        }
        return hasCredit(limits, nowTicks, true, service.index);
    }

    /** Whether a real server may have a new connection. */
    boolean admits(ServerState server, int nowTicks) {
        LimitState limits = server.limits;
        if (limits == null) {
            return true;
        }
        Destination destination = server.destination;
        int index = destination.serverIndex;
        if (limits.maxConnections != 0) {
            long open = (long) destination.active + destination.inactive;
            open += foreign(index, ServerCounter.ACTIVE) + foreign(index, ServerCounter.INACTIVE);
            if (open >= limits.maxConnections) {
                return false;
            }
        }
        return hasCredit(limits, nowTicks, false, index);
    }

    private boolean hasCredit(LimitState limits, int nowTicks, boolean isService, int index) {
        RateLimit connections = limits.connections;
        if (connections != null) {
            if (connections.isStale(nowTicks)) {
                connections.look(nowTicks, foreignConnections(isService, index));
            }
            if (!connections.hasCredit()) {
                return false;
            }
        }
        return hasTrafficCredit(limits, nowTicks, isService, index);
    }

    private boolean hasTrafficCredit(
            LimitState limits, int nowTicks, boolean isService, int index) {
        RateLimit packets = limits.packets;
        if (packets != null) {
            if (packets.isStale(nowTicks)) {
                packets.look(nowTicks, foreignPackets(isService, index));
            }
            if (!packets.hasCredit()) {
                return false;
            }
        }
        RateLimit bytes = limits.bytes;
        if (bytes == null) {
            return true;
        }
        if (bytes.isStale(nowTicks)) {
            bytes.look(nowTicks, foreignBytes(isService, index));
        }
        return bytes.hasCredit();
    }

    /** A connection was made: it is taken from the limits of both. */
    void onConnection(ServiceState service, ServerState server) {
        LimitState limits = service.limits;
        if (limits != null) {
            state.counters.countService(service.index, ServiceCounter.CONNECTIONS, 1);
            if (limits.connections != null) {
                limits.connections.take(1);
            }
        }
        LimitState own = server.limits;
        if (own != null && own.connections != null) {
            own.connections.take(1);
        }
    }

    /** The scheduler's choice among the real servers that are not full, or null. */
    @Nullable Destination pick(ServiceState service, Flow flow, int nowTicks) {
        if (heldCount > 0 && nowTicks != heldTicks) {
            release(nowTicks);
        }
        Destination picked = state.picker.pick(service, flow);
        while (picked != null && !admits(state.servers[picked.serverIndex], nowTicks)) {
            if (picked.full) {
                // Its scheduler looks at nobody else.
                return null;
            }
            hold(picked, nowTicks);
            picked = state.picker.pick(service, flow);
        }
        return picked;
    }

    private void hold(Destination full, int nowTicks) {
        full.full = true;
        held[heldCount++] = full;
        heldTicks = nowTicks;
    }

    /** A tick later there may be room again. */
    private void release(int nowTicks) {
        heldTicks = nowTicks;
        int stay = 0;
        for (int i = 0; i < heldCount; i++) {
            Destination destination = held[i];
            destination.full = !admits(state.servers[destination.serverIndex], nowTicks);
            if (destination.full) {
                held[stay++] = destination;
            }
        }
        heldCount = stay;
    }

    /** Whether a service has real servers that would be there if they were not full. */
    boolean isHolding(ServiceState service) {
        DestinationList servers = service.servers;
        for (int i = 0; heldCount > 0 && i < servers.size(); i++) {
            if (servers.get(i).full) {
                return true;
            }
        }
        return false;
    }

    /** Drops the packets of connections that are beyond a rate. */
    void police(PacketBurst burst, int nowTicks) {
        if (!policesTraffic) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            if (burst.connection[i] != 0 && burst.verdict[i] == Verdict.NONE) {
                police(burst, i, nowTicks);
            }
        }
    }

    private void police(PacketBurst burst, int i, int nowTicks) {
        int index = ConnectionLayout.serverIndex(burst.connection[i]);
        ServerState server = state.servers[index];
        ServiceState service = server.service;
        LimitState wide = service.limits;
        if (wide != null && !hasTrafficCredit(wide, nowTicks, true, service.index)) {
            burst.verdict[i] = Verdict.DROP_SERVICE_LIMIT;
            state.counters.countService(service.index, ServiceCounter.LIMITED_PACKETS, 1);
            return;
        }
        LimitState own = server.limits;
        if (own != null && !hasTrafficCredit(own, nowTicks, false, index)) {
            burst.verdict[i] = Verdict.DROP_SERVER_LIMIT;
            state.counters.countService(service.index, ServiceCounter.LIMITED_PACKETS, 1);
            return;
        }
        take(burst, i, service, own);
    }

    /** A datagram in fragments is one packet, as it is to the kernel's counters. */
    private void take(PacketBurst burst, int i, ServiceState service, @Nullable LimitState own) {
        boolean later = FragmentWord.isLater(burst.fragment[i]);
        int bytes = later ? burst.fragmentBytes[i] : burst.end[i] - burst.layer3[i];
        int packets = later ? 0 : 1;
        LimitState wide = service.limits;
        if (wide != null) {
            take(wide, packets, bytes);
            state.counters.countService(service.index, ServiceCounter.PACKETS, packets);
            state.counters.countService(service.index, ServiceCounter.BYTES, bytes);
        }
        if (own != null) {
            take(own, packets, bytes);
        }
    }

    private static void take(LimitState limits, int packets, int bytes) {
        if (limits.packets != null) {
            limits.packets.take(packets);
        }
        if (limits.bytes != null) {
            limits.bytes.take(bytes);
        }
    }

    private long foreignConnections(boolean isService, int index) {
        return isService
                ? foreign(index, ServiceCounter.CONNECTIONS)
                : foreign(index, ServerCounter.CONNECTIONS);
    }

    private long foreignPackets(boolean isService, int index) {
        return isService
                ? foreign(index, ServiceCounter.PACKETS)
                : foreign(index, ServerCounter.INCOMING_PACKETS)
                        + foreign(index, ServerCounter.OUTGOING_PACKETS);
    }

    private long foreignBytes(boolean isService, int index) {
        return isService
                ? foreign(index, ServiceCounter.BYTES)
                : foreign(index, ServerCounter.INCOMING_BYTES)
                        + foreign(index, ServerCounter.OUTGOING_BYTES);
    }

    private long foreign(int serviceIndex, ServiceCounter counter) {
        long sum = 0;
        for (int i = 0; i < peers.length; i++) {
            sum += peers[i].service(serviceIndex, counter);
        }
        return sum;
    }

    private long foreign(int serverIndex, ServerCounter counter) {
        long sum = 0;
        for (int i = 0; i < peers.length; i++) {
            sum += peers[i].server(serverIndex, counter);
        }
        return sum;
    }
}
