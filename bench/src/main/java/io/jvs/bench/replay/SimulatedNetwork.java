package io.jvs.bench.replay;

import io.jvs.worker.MemoryDataplane;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Wires, hosts and clock around a director: what a host sends goes through the director's pipeline
 * and what comes out reaches a host, until nothing moves any more.
 */
final class SimulatedNetwork {
    private static final Comparator<Timer> SOONEST =
            Comparator.comparingLong(Timer::atNs).thenComparingLong(Timer::number);

    private final MemoryDataplane dataplane;
    private final ClientHost clients = new ClientHost(this);
    private final ServerHost servers = new ServerHost(this);
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(SOONEST);
    private final long clientPortMac;
    private final long serverPortMac;
    private final TrafficCount traffic = new TrafficCount();
    private long timersMade;
    private boolean moving;

    private record Timer(long atNs, long number, Runnable action) {}

    SimulatedNetwork(MemoryDataplane dataplane) {
        this.dataplane = dataplane;
        this.clientPortMac = dataplane.ports().get(Topology.CLIENT_PORT).mac();
        this.serverPortMac = dataplane.ports().get(Topology.SERVER_PORT).mac();
    }

    /** What the simulated clock shows. */
    long nowNs() {
        return dataplane.nowNs();
    }

    ClientHost clients() {
        return clients;
    }

    ServerHost servers() {
        return servers;
    }

    TrafficCount traffic() {
        return traffic;
    }

    /** Sends from a client, through the director. */
    void fromClient(IpPacket packet) {
        work.add(() ->
                inject(Topology.CLIENT_PORT, packet.toFrame(Topology.ROUTER_MAC, clientPortMac)));
        move();
    }

    /**
     * Sends from a real server: from a virtual address straight to the client, from its own through
     * the director, which is the servers' gateway.
     */
    void fromServer(IpPacket packet) {
        if (Topology.isVirtual(packet.source())) {
            work.add(() -> clients.receive(packet));
        } else {
            long mac = Topology.FIRST_SERVER_MAC;
            work.add(() -> {
                traffic.onReply(packet);
                inject(Topology.SERVER_PORT, packet.toFrame(mac, serverPortMac));
            });
        }
        move();
    }

    private void inject(int port, byte[] frame) {
        dataplane.inject(port, frame);
        collect();
    }

    private void collect() {
        for (IpPacket p = take(Topology.SERVER_PORT); p != null; p = take(Topology.SERVER_PORT)) {
            IpPacket packet = p;
            traffic.onDelivered(packet);
            work.add(() -> servers.receive(packet));
        }
        for (IpPacket p = take(Topology.CLIENT_PORT); p != null; p = take(Topology.CLIENT_PORT)) {
            IpPacket packet = p;
            work.add(() -> clients.receive(packet));
        }
    }

    /** The next IP packet that a port has sent; ARP and ND are not looked at. */
    private @Nullable IpPacket take(int port) {
        byte[] frame = dataplane.takeSent(port);
        while (frame.length > 0) {
            IpPacket packet = IpPacket.ofFrame(frame);
            if (packet != null) {
                return packet;
            }
            frame = dataplane.takeSent(port);
        }
        return null;
    }

    private void move() {
        if (moving) {
            return;
        }
        moving = true;
        try {
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
        } finally {
            moving = false;
        }
    }

    /** Does something later on the simulated clock. */
    void after(long delayNs, Runnable action) {
        timers.add(new Timer(dataplane.nowNs() + delayNs, timersMade++, action));
    }

    /** Lets time pass for the director and all hosts. */
    void advance(long byNs) {
        long until = dataplane.nowNs() + byNs;
        for (Timer next = timers.peek(); next != null && next.atNs <= until; next = timers.peek()) {
            timers.poll();
            advanceTo(next.atNs);
            next.action.run();
        }
        advanceTo(until);
    }

    private void advanceTo(long atNs) {
        long byNs = atNs - dataplane.nowNs();
        if (byNs > 0) {
            dataplane.advance(byNs);
            collect();
            move();
        }
    }
}
