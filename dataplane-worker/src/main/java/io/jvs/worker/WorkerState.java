package io.jvs.worker;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLookup;
import io.jvs.connection.ConnectionTable;
import io.jvs.connection.LocalAddressPool;
import io.jvs.connection.ServerTable;
import io.jvs.connection.StateStage;
import io.jvs.connection.StateTimeouts;
import io.jvs.forwarding.ForwardStage;
import io.jvs.forwarding.ServerPath;
import io.jvs.forwarding.ServerPaths;
import io.jvs.link.LocalResponder;
import io.jvs.link.NeighborTable;
import io.jvs.link.OwnAddresses;
import io.jvs.link.RouteTable;
import io.jvs.link.TransmitBatch;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketParser;
import io.jvs.packet.SynAnswers;
import io.jvs.packet.TcpResets;
import io.jvs.packet.TokenBucket;
import io.jvs.scheduler.Destination;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Sysctls;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything that one worker owns; made and used on its thread. */
final class WorkerState implements AutoCloseable {
    /** This worker's number. */
    final int worker;

    /** Which packets and local ports are whose. */
    final FlowSteering steering;

    /** All workers. */
    final WorkerGroup group;

    final WorkerCounters counters;
    final PacketBuffers buffers;
    final TransmitBatch batch;
    final OwnAddresses addresses;
    final RouteTable routes;
    final NeighborTable neighbors;
    final PacketParser parser;
    final LocalResponder responder;
    final IcmpErrors icmpErrors;
    final ServerTable serverTable = new ServerTable();
    final StateTimeouts timeouts = new StateTimeouts();
    final WorkerSettings settings = new WorkerSettings();
    final TcpResets resets;
    final SynStage syns;
    final ConnectionReaper reaper;
    final ConnectionTable table;
    final ConnectionExtras extras;
    final ExpectedConnections expected;
    final int[] rawFtpPorts;
    final ConnectionLookup lookup;
    final StateStage stateStage;
    final LocalAddressPool localAddresses;
    final ServerPaths paths = new ServerPaths();
    final ForwardStage forwardStage;
    final FragmentStage fragments;

    /** The way to the other workers; null with one. */
    final @Nullable Handover handover;

    /** Which worker owns a connection; null with one. */
    final @Nullable OwnerStage owners;

    final WorkerServices services = new WorkerServices();
    final LimitStage limits = new LimitStage(this);
    final ServerPicker picker = new ServerPicker(this);
    final Defences defences;
    final OrphanSweep orphans;
    final StrayReplies strayReplies;
    final int[] hostPeer;
    final int physicalPorts;

    /** ICMP errors and TCP resets in a second, and at once (icmp_msgs_per_sec of Linux). */
    private static final int ICMP_PER_SECOND = 1000;

    private static final int ICMP_BURST = 50;

    /** Most pairs of a local address and a real server. */
    private static final int MAX_PAIRS = 1 << 16;

    /** The worker's clock in units of 2^20 ns, about a millisecond; wraps. */
    int nowMillis;

    /** By server index; entries of removed servers stay while connections refer to them. */
    ServerState[] servers = new ServerState[16];

    /** Whether a masqueraded server runs, or has run, on the host. */
    boolean hostServes;

    final EndingStage endings;
    final ExpressLane express;
    final LinkSetup links;
    private final MemoryRegion connectionMemory;
    private final RandomGenerator random;

    private WorkerState(
            DataplaneSpec spec,
            int worker,
            WorkerGroup group,
            HostPorts hostPorts,
            HostPorts.WorkerPorts ports,
            int nowTicks) {
        this.worker = worker;
        this.group = group;
        this.steering = hostPorts.steering();
        this.counters = group.counters(worker);
        this.buffers = ports.buffers();
        this.hostPeer = hostPorts.peers();
        this.physicalPorts = spec.ports().size();
        this.random = random(spec.seed(), worker);
        this.batch = new TransmitBatch(ports.ports().size());
        this.links = new LinkSetup(spec, hostPorts.views(), buffers, batch);
        this.addresses = links.addresses;
        this.routes = links.routes;
        this.neighbors = links.neighbors;
        this.parser = new PacketParser(links.interfaces);
        this.icmpErrors = new IcmpErrors(links.interfaces, answerRate(group));
        this.resets = new TcpResets(links.interfaces, answerRate(group));
        this.responder = newResponder();
        this.localAddresses = new LocalAddressPool(MAX_PAIRS, random.nextLong(), steering, worker);
        this.connectionMemory =
                MemoryRegion.hugeAnonymous(ConnectionTable.regionBytes(spec.maxConnections()));
        this.extras = new ConnectionExtras(spec.maxConnections());
        this.reaper = new ConnectionReaper(this);
        this.table = newTable(spec.maxConnections(), nowTicks);
        this.syns = new SynStage(this, new SynAnswers(links.interfaces));
        group.join(worker, table);
        this.rawFtpPorts = rawPorts(spec.ftpPorts());
        this.expected = new ExpectedConnections(this);
        this.lookup = new ConnectionLookup(table);
        this.stateStage = new StateStage(table, serverTable, timeouts);
        this.strayReplies = new StrayReplies(this);
        this.forwardStage = newForwardStage();
        this.handover = group.workers() == 1 ? null : new Handover(this);
        this.owners = handover == null ? null : new OwnerStage(this, handover);
        this.fragments = new FragmentStage(this, random.nextLong());
        this.orphans = new OrphanSweep(this);
        this.defences = new Defences(this, nowTicks, random.nextLong());
        this.endings = new EndingStage(this);
        this.express = new ExpressLane(this);
    }

    private static int[] rawPorts(List<Integer> ports) {
        int[] raw = new int[ports.size()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = Short.toUnsignedInt(Short.reverseBytes(ports.get(i).shortValue()));
        }
        return raw;
    }

    private ForwardStage newForwardStage() {
        return new ForwardStage(
                paths, icmpErrors, links.interfaces, buffers, random.nextInt(), extras);
    }

    private LocalResponder newResponder() {
        return new LocalResponder(
                links.interfaces, addresses, neighbors, hasHost(), icmpErrors, resets);
    }

    /** Each worker has its own sequence. */
    private static RandomGenerator random(long seed, int worker) {
        return seed == 0 ? new Random() : new Random(seed + worker * 0x9E37_79B9_7F4A_7C15L);
    }

    /** Workers that look into one another's tables hash alike. */
    private ConnectionTable newTable(int maxConnections, int nowTicks) {
        long own = random.nextLong();
        long seed = group.workers() == 1 ? own : group.hashSeed();
        return new ConnectionTable(connectionMemory, maxConnections, seed, nowTicks, reaper);
    }

    /** What all workers together may send is shared out. */
    private static TokenBucket answerRate(WorkerGroup group) {
        return new TokenBucket(
                Math.max(1, ICMP_PER_SECOND / group.workers()),
                Math.max(1, ICMP_BURST / group.workers()));
    }

    /** Makes the state of the calling thread's worker. */
    static WorkerState open(
            DataplaneSpec spec,
            int worker,
            WorkerGroup group,
            HostPorts hostPorts,
            HostPorts.WorkerPorts ports,
            int nowTicks) {
        WorkerState state = new WorkerState(spec, worker, group, hostPorts, ports, nowTicks);
        state.limits.setPeers(group.others(worker));
        return state;
    }

    private boolean[] hasHost() {
        boolean[] has = new boolean[hostPeer.length];
        for (int i = 0; i < physicalPorts; i++) {
            has[i] = hostPeer[i] >= 0;
        }
        return has;
    }

    /** Takes other settings. */
    void set(Sysctls sysctls) {
        settings.set(sysctls);
        defences.update();
        forwardStage.setPathMtuDiscovery(settings.pmtuDisc);
    }

    /** A seed for something random. */
    long nextSeed() {
        return random.nextLong();
    }

    /** The server of that number, or null. */
    @Nullable ServerState server(int index) {
        return index < servers.length ? servers[index] : null;
    }

    /** Remembers a new server. */
    ServerState addServer(Destination destination, int protocol, ServiceState service) {
        int index = destination.serverIndex;
        if (index >= servers.length) {
            servers = Arrays.copyOf(servers, Math.max(index + 1, servers.length * 2));
        }
        ServerState server = new ServerState(destination, protocol, service);
        servers[index] = server;
        serverTable.put(destination);
        return server;
    }

    /** Works out the way to a server anew. */
    void updatePath(ServerState server) {
        paths.set(server.destination.serverIndex, path(server));
    }

    private ServerPath path(ServerState server) {
        Address real = server.destination.spec.address();
        if (links.addresses.isOwn(real)) {
            return hostPath(server.destination.spec.method());
        }
        int route = routes.lookup(real);
        if (route < 0) {
            return ServerPath.NONE;
        }
        int out = routes.interfaceNumber(route);
        int gateway = routes.gateway(route);
        int hop = gateway >= 0 ? gateway : links.neighbor(out, real);
        if (server.destination.spec.method() != ForwardingMethod.TUNNEL) {
            return new ServerPath(hop, routes.mtu(route));
        }
        Address source = links.source(route, real);
        return source == null
                ? ServerPath.NONE
                : ServerPath.tunnel(
                        hop, routes.mtu(route), source, real, server.destination.spec.tunnel());
    }

    /**
     * The way to a server that is the host itself. What it answers to masqueraded packets comes
     * back by the exception path, which only one worker can do: it cannot tell whose they are.
     */
    private ServerPath hostPath(ForwardingMethod method) {
        boolean translated = method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT;
        boolean possible = method == ForwardingMethod.NAT && steering.workers() == 1;
        hostServes |= possible;
        return translated && !possible ? ServerPath.NONE : ServerPath.HOST;
    }

    @Override
    public void close() {
        fragments.close();
        group.leave(connectionMemory);
        forwardStage.close();
        express.close();
        neighbors.close();
        localAddresses.close();
        extras.close();
    }
}
