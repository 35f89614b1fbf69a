package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All real servers: one host that has every real and, on its loopback, every virtual address. */
final class ServerHost {
    private static final Set<Integer> LISTENING = Set.of(80, 443, 8080, 8081);
    private static final long SYN_ACK_AGAIN_NS = 1_000_000_000L;
    private static final int SYN_ACK_RETRIES = 5;

    /** Resets of this host's own from these ports were filtered, so that raw segments stand. */
    private static final int FIRST_QUIET_PORT = 9000;

    private static final int LAST_QUIET_PORT = 9099;

    private final SimulatedNetwork network;
    private final Map<Flow, TcpSocket> sockets = new HashMap<>();
    private boolean hasVirtualAddresses = true;

    ServerHost(SimulatedNetwork network) {
        this.network = network;
    }

    /** Takes the virtual addresses from the loopback: packets to them vanish. */
    void dropVirtualAddresses() {
        hasVirtualAddresses = false;
    }

    /** Gives the virtual addresses back to the loopback. */
    void restoreVirtualAddresses() {
        hasVirtualAddresses = true;
    }

    /** The accepted socket of a client endpoint, or null. */
    @Nullable TcpSocket find(Address client, int port) {
        for (Map.Entry<Flow, TcpSocket> entry : sockets.entrySet()) {
            Flow flow = entry.getKey();
            if (flow.remote().equals(client)
                    && flow.remotePort() == port
                    && entry.getValue().state() != TcpSocket.State.SYN_RECEIVED) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** Forgets earlier sockets of a client endpoint. */
    void forget(Address client, int port) {
        sockets.entrySet()
                .removeIf(e ->
                        e.getKey().remote().equals(client)
                                && e.getKey().remotePort() == port
                                && e.getValue().isFinished());
    }

    /** Sends one raw segment, without a socket. */
    void sendRaw(Flow flow, int flags) {
        network.fromServer(ClientHost.raw(flow, flags, 5000).from(flow.local(), flow.remote()));
    }

    /** Takes what has reached this host. */
    void receive(IpPacket packet) {
        boolean mine =
                Topology.isServer(packet.destination())
                        || hasVirtualAddresses && Topology.isVirtual(packet.destination());
        if (mine && packet.protocol() == IpPacket.TCP) {
            onTcp(packet);
        } else if (mine && packet.protocol() == IpPacket.UDP) {
            onUdp(packet);
        }
    }

    private void onUdp(IpPacket packet) {
        byte[] udp = packet.payload();
        int port = (udp[2] & 0xFF) << 8 | udp[3] & 0xFF;
        if (!LISTENING.contains(port)) {
            network.fromServer(IcmpMessages.portUnreachable(packet));
        }
    }

    private void onTcp(IpPacket packet) {
        TcpSegment segment = TcpSegment.parse(packet.payload());
        Flow flow = Flow.of(packet, segment);
        TcpSocket socket = sockets.get(flow);
        boolean syn = (segment.flags() & 0x17) == TcpSegment.SYN;
        if (socket != null && !socket.isFinished()) {
            socket.receive(segment);
        } else if (syn && LISTENING.contains(flow.localPort())) {
            TcpSocket accepted = TcpSocket.accept(flow, segment, this::send);
            sockets.put(flow, accepted);
            accepted.sendHandshake();
            repeatHandshake(accepted, SYN_ACK_AGAIN_NS, SYN_ACK_RETRIES);
        } else if (socket != null && socket.state() == TcpSocket.State.ESTABLISHED) {
            socket.receive(segment);
        } else if (!segment.has(TcpSegment.RST)) {
            send(refusal(flow, segment));
        }
    }

    private void repeatHandshake(TcpSocket socket, long delayNs, int retries) {
        network.after(
                delayNs,
                () -> {
                    if (socket.state() != TcpSocket.State.SYN_RECEIVED) {
                        return;
                    }
                    if (retries == 0) {
                        socket.abandon();
                        return;
                    }
                    socket.sendHandshake();
                    repeatHandshake(socket, delayNs * 2, retries - 1);
                });
    }

    /** The reset for a segment that belongs to no socket (RFC 9293, 3.10.7.1). */
    static IpPacket refusal(Flow flow, TcpSegment segment) {
        boolean acknowledged = segment.has(TcpSegment.ACK);
        TcpSegment reset =
                new TcpSegment(
                        flow.localPort(),
                        flow.remotePort(),
                        acknowledged ? segment.acknowledgment() : 0,
                        acknowledged ? 0 : segment.sequence() + segment.span(),
                        acknowledged ? TcpSegment.RST : TcpSegment.RST | TcpSegment.ACK,
                        0,
                        0);
        return reset.from(flow.local(), flow.remote());
    }

    private void send(IpPacket packet) {
        TcpSegment segment = TcpSegment.parse(packet.payload());
        boolean quiet =
                segment.sourcePort() >= FIRST_QUIET_PORT && segment.sourcePort() <= LAST_QUIET_PORT;
        if (!quiet || !segment.has(TcpSegment.RST)) {
            network.fromServer(packet);
        }
    }
}
