package io.jvs.worker;

import static io.jvs.worker.GoldenFrames.checked;
import static io.jvs.worker.GoldenFrames.icmp;
import static io.jvs.worker.GoldenFrames.mayFragment;
import static io.jvs.worker.GoldenFrames.packet;
import static io.jvs.worker.GoldenFrames.padded;
import static io.jvs.worker.GoldenFrames.pattern;
import static io.jvs.worker.GoldenFrames.text;
import static io.jvs.worker.GoldenFrames.withHops;
import static io.jvs.worker.GoldenFrames.withTrafficClass;
import static io.jvs.worker.GoldenFrames.withoutUdpChecksum;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import java.util.Arrays;

/** What one client and one real server say to each other by way of the director. */
final class GoldenConversation {
    private static final int PSH = 8;
    private static final byte[] NOTHING = {};

    private final GoldenNetwork network;
    private final GoldenMode mode;
    private final int localTcpPort;
    private final int localUdpPort;
    private final GoldenTraffic traffic;

    /** The local ports matter for FULLNAT only. */
    GoldenConversation(GoldenNetwork network, GoldenMode mode, int localTcpPort, int localUdpPort) {
        this.network = network;
        this.mode = mode;
        this.localTcpPort = localTcpPort;
        this.localUdpPort = localUdpPort;
        this.traffic = new GoldenTraffic(network);
    }

    GoldenTraffic traffic() {
        opening();
        sizes();
        closing();
        udp();
        icmpErrors();
        notBalanced();
        malformed();
        return traffic;
    }

    private void opening() {
        traffic.client(padded(request(Frames.SYN, NOTHING)))
                .server(padded(response(Frames.SYN | Frames.ACK, NOTHING)))
                .client(padded(request(Frames.ACK, NOTHING)))
                .client(request(Frames.ACK | PSH, text("GET / HTTP/1.0\r\n\r\n")))
                .server(response(Frames.ACK | PSH, text("HTTP/1.0 200 OK\r\n\r\nodd")))
                .server(withTrafficClass(response(Frames.ACK | PSH, text("marked")), 0xB9))
                .client(withTrafficClass(request(Frames.ACK, text("marked")), 0xB9))
                .client(padded(withHops(request(Frames.ACK, NOTHING), 1)))
                .server(padded(withHops(response(Frames.ACK, NOTHING), 1)));
    }

    private void closing() {
        traffic.client(padded(request(Frames.FIN | Frames.ACK, NOTHING)))
                .server(padded(response(Frames.FIN | Frames.ACK, NOTHING)))
                .client(padded(request(Frames.ACK, NOTHING)));
    }

    private void udp() {
        traffic.client(query(text("which?"))).server(answer(text("this one.")));
        if (!mode.ipv6) {
            traffic.client(withoutUdpChecksum(query(text("no checksum"))));
        }
        if (!mode.answersIpv6()) {
            traffic.server(withoutUdpChecksum(answer(text("none either"))));
        }
    }

    /** From both ends about what they got, and from a router on the client's way about the size. */
    private void icmpErrors() {
        int portUnreachable = mode.ipv6 ? 0x0104 : 0x0303;
        int tooBig = mode.ipv6 ? 0x0200 : 0x0304;
        byte[] toClient = packet(withHops(virtualAnswer(text("this one.")), 63));
        byte[] toServer = packet(withHops(queryAtServer(text("which?")), 63));
        traffic.client(icmp(clientRoute(mode.client()), portUnreachable, 0, toClient))
                .client(icmp(clientRoute(router()), tooBig, 1280, toClient))
                .server(icmp(serverRoute(), mode.answersIpv6() ? 0x0104 : 0x0303, 0, toServer))
                .client(icmp(clientRoute(mode.client()), portUnreachable, 0, strange()));
    }

    /** As large as the MTU: goes through where nothing is added; and in pieces where it may. */
    private void sizes() {
        int room = 1500 - (mode.ipv6 ? 60 : 40);
        int serverRoom = 1500 - (mode.answersIpv6() ? 60 : 40);
        traffic.client(request(Frames.ACK, pattern(room)))
                .client(mayFragment(request(Frames.ACK, pattern(room))))
                .server(response(Frames.ACK, pattern(serverRoom)));
    }

    private void notBalanced() {
        int echo = mode.ipv6 ? 0x8000 : 0x0800;
        Frames.Endpoint closed = new Frames.Endpoint(mode.virtual(), 81);
        Frames.Endpoint stranger = new Frames.Endpoint(mode.client(), 50_000);
        traffic.client(icmp(clientRoute(mode.client()), echo, 0x0001_0001, pattern(56)))
                .client(fromClient(client(), closed, Frames.TCP, Frames.SYN, NOTHING))
                .client(fromClient(stranger, virtual(80), Frames.TCP, Frames.ACK, NOTHING))
                .client(fromClient(stranger, virtual(53), Frames.TCP, Frames.SYN, NOTHING));
    }

    private void malformed() {
        byte[] syn = request(Frames.SYN, NOTHING);
        traffic.client(Arrays.copyOf(syn, 13))
                .client(withByte(syn, 12, 0x77))
                .client(withByte(syn, 5, 0x77))
                .client(Arrays.copyOf(syn, syn.length - 1))
                .client(withByte(syn, syn.length - 8, 0x40))
                .client(checked(withByte(syn, mode.ipv6 ? 22 : 26, mode.ipv6 ? 0xFF : 0xE0)));
        if (!mode.ipv6) {
            traffic.client(withByte(syn, 24, ~syn[24])).client(checked(withByte(syn, 20, 0x20)));
        }
    }

    private static byte[] withByte(byte[] frame, int at, int value) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private byte[] request(int flags, byte[] payload) {
        return fromClient(client(), virtual(GoldenMode.WEB), Frames.TCP, flags, payload);
    }

    private byte[] response(int flags, byte[] payload) {
        return fromServer(server(GoldenMode.WEB), peer(localTcpPort), Frames.TCP, flags, payload);
    }

    private byte[] query(byte[] payload) {
        return fromClient(client(), virtual(GoldenMode.DNS), Frames.UDP, 0, payload);
    }

    private byte[] answer(byte[] payload) {
        return fromServer(server(GoldenMode.DNS), peer(localUdpPort), Frames.UDP, 0, payload);
    }

    /** The answer as the client sees it. */
    private byte[] virtualAnswer(byte[] payload) {
        return fromServer(virtual(GoldenMode.DNS), client(), Frames.UDP, 0, payload);
    }

    /** The query as the real server sees it. */
    private byte[] queryAtServer(byte[] payload) {
        return fromClient(peer(localUdpPort), server(GoldenMode.DNS), Frames.UDP, 0, payload);
    }

    /** A packet that was never sent to the client. */
    private byte[] strange() {
        return packet(
                fromServer(
                        virtual(GoldenMode.DNS),
                        new Frames.Endpoint(mode.client(), 9),
                        Frames.UDP,
                        0,
                        text("never sent")));
    }

    private Frames.Endpoint client() {
        return new Frames.Endpoint(mode.client(), GoldenMode.CLIENT_PORT);
    }

    private Frames.Endpoint virtual(int port) {
        return new Frames.Endpoint(mode.virtual(), port);
    }

    /** Whom the real server answers as. */
    private Frames.Endpoint server(int port) {
        return mode.translates()
                ? new Frames.Endpoint(mode.real(), mode.realPort(port))
                : virtual(port);
    }

    /** Whom the real server answers. */
    private Frames.Endpoint peer(int localPort) {
        return mode.method == ForwardingMethod.FULLNAT
                ? new Frames.Endpoint(mode.local(), localPort)
                : client();
    }

    private Address router() {
        return Address.parse(mode.ipv6 ? "2001:db8:c::fe" : "172.16.0.254");
    }

    private GoldenFrames.Route clientRoute(Address from) {
        return new GoldenFrames.Route(
                network.clientSideMac(), GoldenNetwork.CLIENT_MAC, from, mode.virtual());
    }

    private GoldenFrames.Route serverRoute() {
        return new GoldenFrames.Route(
                network.serverSideMac(),
                GoldenNetwork.SERVER_MAC,
                server(GoldenMode.DNS).address(),
                peer(localUdpPort).address());
    }

    private byte[] fromClient(
            Frames.Endpoint from, Frames.Endpoint to, int protocol, int flags, byte[] payload) {
        return Frames.frame(
                network.clientSideMac(),
                GoldenNetwork.CLIENT_MAC,
                from,
                to,
                protocol,
                flags,
                payload);
    }

    private byte[] fromServer(
            Frames.Endpoint from, Frames.Endpoint to, int protocol, int flags, byte[] payload) {
        return Frames.frame(
                network.serverSideMac(),
                GoldenNetwork.SERVER_MAC,
                from,
                to,
                protocol,
                flags,
                payload);
    }
}
