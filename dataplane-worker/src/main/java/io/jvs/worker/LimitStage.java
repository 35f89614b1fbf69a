package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.Flow;
import io.jvs.service.Limits;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The limits of virtual services and real servers. A service that is full refuses new connections;
 * a real server that is full is held back from its scheduler until the next tick, so that another
 * one is chosen; packets beyond a rate are dropped. Counts are the sums over all workers, read from
 * the words that they publish. Who has no limits pays a comparison with null for a new connection,
 * and nothing for a packet. One thread.
 */
final class LimitStage {
    /** The most real servers held back that are looked at with one pick. */
    private static final int LOOKS_A_PICK = 64;

    private final WorkerState state;

    /** The other workers' counters. */
    private WorkerCounters[] peers = new WorkerCounters[0];

    /** Services and servers whose packets or bytes are limited. */
    private int policed;

    /** Real servers with limits. */
    private int limitedServers;

    /** Real servers that are held back now, as they are full. */
    private Destination[] held = new Destination[0];

    private int heldCount;

    /** The first so many of them are still to be looked at in this tick. */
    private int heldBefore;

    private int heldTicks;

    LimitStage(WorkerState state) {
        this.state = state;
    }

    /** Tells which other workers draw on the same limits; before the first generation. */
    void setPeers(WorkerCounters[] others) {
        peers = others.clone();
    }

    /**
     * Takes services and servers as they are now; once a generation, with those that it changed.
     */
    void commit(Collection<ServiceState> services, Collection<ServerState> servers, int nowTicks) {
        services.forEach(service -> update(service, nowTicks));
        servers.forEach(server -> update(server, nowTicks));
        for (int i = 0; i < heldCount; i++) {
            held[i].setHeld(false);
        }
        heldCount = 0;
        heldBefore = 0;
        if (held.length < limitedServers) {
            held = new Destination[limitedServers * 2];
        }
    }

    /** Limits that have not changed go on as they stand. */
    private void update(ServiceState service, int nowTicks) {
        Limits wanted = service.spec.guard().limits();
        if (!wanted.equals(service.limitsSpec)) {
            service.limitsSpec = wanted;
            set(service, LimitState.of(wanted, peers.length + 1));
            begin(service.limits, nowTicks, true, service.index);
        }
        state.counters.publishOpen(service.index, service.open);
    }

    private void update(ServerState server, int nowTicks) {
        Limits wanted = server.destination.spec.limits();
        if (server.present && !wanted.equals(server.limitsSpec)) {
            server.limitsSpec = wanted;
            set(server, LimitState.of(wanted, peers.length + 1));
            begin(server.limits, nowTicks, false, server.destination.serverIndex);
        }
    }

    /** A service is removed. */
    void forget(ServiceState service) {
        // Its number may be another's before its last connection is gone.
        set(service, null);
    }

    /** A server is removed. */
    void forget(ServerState server) {
        set(server, null);
        server.limitsSpec = Limits.NONE;
    }

    private void set(ServiceState service, @Nullable LimitState limits) {
        policed += traffic(limits) - traffic(service.limits);
        service.limits = limits;
    }

    private void set(ServerState server, @Nullable LimitState limits) {
        policed += traffic(limits) - traffic(server.limits);
        limitedServers += (limits == null ? 0 : 1) - (server.limits == null ? 0 : 1);
        server.limits = limits;
    }

    private static int traffic(@Nullable LimitState limits) {
        return limits != null && limits.hasTraffic() ? 1 : 0;
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
            long open = (long) destination.active() + destination.inactive();
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

    boolean hasTrafficCredit(LimitState limits, int nowTicks, boolean isService, int index) {
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
        if (heldCount > 0) {
            release(nowTicks);
        }
        Destination picked = state.picker.pick(service, flow);
        while (picked != null && !admits(state.servers[picked.serverIndex], nowTicks)) {
            if (picked.isHeld()) {
                // Its scheduler looks at nobody else.
                return null;
            }
            hold(picked, nowTicks);
            picked = state.picker.pick(service, flow);
        }
        return picked;
    }

    private void hold(Destination full, int nowTicks) {
        full.setHeld(true);
        held[heldCount++] = full;
        heldTicks = nowTicks;
    }

    /** A tick later there may be room again: all are looked at once a tick, some with each pick. */
    private void release(int nowTicks) {
        if (nowTicks != heldTicks) {
            heldTicks = nowTicks;
            heldBefore = heldCount;
        }
        for (int looked = 0; heldBefore > 0 && looked < LOOKS_A_PICK; looked++) {
            Destination destination = held[--heldBefore];
            if (admits(state.servers[destination.serverIndex], nowTicks)) {
                destination.setHeld(false);
                held[heldBefore] = held[--heldCount];
            }
        }
    }

    /** Whether a service has real servers that would be there if they were not full. */
    boolean isHolding(ServiceState service) {
        return service.servers.hasHeld();
    }

    /** Whether packets or bytes of anybody are limited. */
    boolean policesTraffic() {
        return policed != 0;
    }

    /** Drops the packets of connections that are beyond a rate. */
    void police(PacketBurst burst, int nowTicks) {
        if (policed == 0) {
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

    static void take(LimitState limits, int packets, int bytes) {
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
