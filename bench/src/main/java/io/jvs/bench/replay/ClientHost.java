package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All clients: one host that has every client address. */
final class ClientHost {
    /** Bytes of the datagrams that clients send. */
    static final int DATAGRAM_BYTES = 16;

    /** Most bytes of data in one segment of any family. */
    static final int SEGMENT_BYTES = 1428;

    private static final int UDP_HEADER_BYTES = 8;
    private static final long SYN_AGAIN_NS = 1_000_000_000L;
    private static final long CONNECT_TIMEOUT_NS = 1_500_000_000L;

    /** Resets of this host's own from these ports were filtered, so that raw segments stand. */
    private static final int FIRST_QUIET_PORT = 40_000;

    private static final int LAST_QUIET_PORT = 49_999;

    private final SimulatedNetwork network;
    private final Map<Flow, TcpSocket> sockets = new HashMap<>();
    private final Map<Flow, String> errors = new HashMap<>();

    ClientHost(SimulatedNetwork network) {
        this.network = network;
    }

    /** Sends one datagram. */
    void sendUdp(Flow flow, int bytes) {
        ByteBuffer udp = ByteBuffer.allocate(UDP_HEADER_BYTES + bytes);
        udp.putShort((short) flow.localPort()).putShort((short) flow.remotePort());
        udp.putShort((short) udp.capacity()).putShort((short) 0);
        for (int i = 0; i < bytes; i++) {
            udp.put((byte) 'x');
        }
        IpPacket packet = new IpPacket(flow.local(), flow.remote(), IpPacket.UDP, udp.array());
        int checksum = Checksum.of(udp.array(), udp.capacity(), packet.pseudoHeaderSum());
        udp.putShort(6, (short) (checksum == 0 ? 0xFFFF : checksum));
        network.fromClient(packet);
    }

    /** Sends one raw segment, without a socket. */
    void sendRaw(Flow flow, int flags) {
        network.fromClient(raw(flow, flags, 1000).from(flow.local(), flow.remote()));
    }

    /** A raw segment as the recordings had them. */
    static TcpSegment raw(Flow flow, int flags, int sequence) {
        int acknowledgment = (flags & TcpSegment.ACK) == 0 ? 0 : 2000;
        return new TcpSegment(
                flow.localPort(), flow.remotePort(), sequence, acknowledgment, flags, 0, 0);
    }

    /**
     * Opens a connection and waits for it.
     *
     * @return null, or the error as Python names it
     */
    @Nullable String connect(Flow flow) {
        errors.remove(flow);
        TcpSocket socket = TcpSocket.client(flow, this::send);
        sockets.put(flow, socket);
        socket.sendHandshake();
        await(flow, socket);
        if (socket.state() == TcpSocket.State.ESTABLISHED) {
            return null;
        }
        sockets.remove(flow);
        boolean timedOut = socket.state() == TcpSocket.State.SYN_SENT;
        socket.abandon();
        return errors.getOrDefault(flow, timedOut ? "TimeoutError" : "ConnectionRefusedError 111");
    }

    private void await(Flow flow, TcpSocket socket) {
        if (waits(flow, socket)) {
            network.advance(SYN_AGAIN_NS);
        }
        if (waits(flow, socket)) {
            socket.sendHandshake();
        }
        if (waits(flow, socket)) {
            network.advance(CONNECT_TIMEOUT_NS - SYN_AGAIN_NS);
        }
    }

    private boolean waits(Flow flow, TcpSocket socket) {
        return socket.state() == TcpSocket.State.SYN_SENT && !errors.containsKey(flow);
    }

    /** The established socket of a client endpoint, or null. */
    @Nullable TcpSocket find(Address address, int port) {
        for (Map.Entry<Flow, TcpSocket> entry : sockets.entrySet()) {
            Flow flow = entry.getKey();
            if (flow.local().equals(address) && flow.localPort() == port) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** Forgets earlier sockets of a client endpoint, which binds it anew. */
    void forget(Address address, int port) {
        sockets.keySet().removeIf(f -> f.local().equals(address) && f.localPort() == port);
    }

    /** Takes what has reached this host. */
    void receive(IpPacket packet) {
        switch (packet.protocol()) {
            case IpPacket.TCP -> onTcp(packet);
            case IpPacket.ICMP4, IpPacket.ICMP6 -> onIcmp(packet);
            default -> {
                // a datagram that nobody waits for any more
            }
        }
    }

    private void onTcp(IpPacket packet) {
        TcpSegment segment = TcpSegment.parse(packet.payload());
        Flow flow = Flow.of(packet, segment);
        TcpSocket socket = sockets.get(flow);
        if (socket != null && socket.state() != TcpSocket.State.DEAD) {
            socket.receive(segment);
        } else if (!segment.has(TcpSegment.RST)) {
            send(ServerHost.refusal(flow, segment));
        }
    }

    private void onIcmp(IpPacket packet) {
        Flow flow = IcmpMessages.unreachableFlow(packet);
        if (flow != null && sockets.containsKey(flow)) {
            boolean port = IcmpMessages.isPortUnreachable(packet);
            errors.put(flow, port ? "ConnectionRefusedError 111" : "OSError 113");
        }
    }

    /** Sends what the host's own sockets say. */
    private void send(IpPacket packet) {
        TcpSegment segment = TcpSegment.parse(packet.payload());
        boolean quiet =
                segment.sourcePort() >= FIRST_QUIET_PORT && segment.sourcePort() <= LAST_QUIET_PORT;
        if (!quiet || !segment.has(TcpSegment.RST)) {
            network.fromClient(packet);
        }
    }
}
