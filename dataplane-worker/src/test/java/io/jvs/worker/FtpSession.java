package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An FTP control connection through a director in memory, segment by segment. */
final class FtpSession implements AutoCloseable {
    static final int PSH_ACK = 0x18;
    static final int CLIENT_FIRST = -20;
    static final int SERVER_FIRST = 5000;

    final Lab lab;
    final boolean v6;
    final Address client;
    final Address virtual;
    final Address real;
    final Frames.Endpoint clientControl;
    private final Frames.Endpoint serverControl;
    private final Frames.Endpoint seenByServer;
    int clientNext = CLIENT_FIRST + 1;
    int serverNext = SERVER_FIRST + 1;

    /** What the client sees of the server's numbers less what they are. */
    private int shift;

    /** What a segment that was sent says. */
    record Segment(
            Frames.Endpoint from,
            Frames.Endpoint to,
            int sequence,
            int ack,
            int flags,
            String text) {
        static Segment of(byte[] frame) {
            Frames.Seen seen = Frames.read(frame);
            assertThat(seen.checksumsRight()).isTrue();
            boolean v6 = seen.from().isIpv6();
            ByteBuffer b = ByteBuffer.wrap(frame);
            int at = v6 ? 54 : 34;
            int end = v6 ? at + b.getShort(18) : 14 + b.getShort(16);
            assertThat(frame).hasSize(end);
            int data = at + ((frame[at + 12] & 0xF0) >> 2);
            return new Segment(
                    new Frames.Endpoint(seen.from(), seen.fromPort()),
                    new Frames.Endpoint(seen.to(), seen.toPort()),
                    b.getInt(at + 4),
                    b.getInt(at + 8),
                    frame[at + 13],
                    new String(frame, data, end - data, StandardCharsets.ISO_8859_1));
        }
    }

    FtpSession(Lab lab, ForwardingMethod method, boolean v6) {
        this(configured(lab, method, v6, 21, 1), v6, 21, 40_000);
    }

    /** A session of a client with a server of the other IP version. */
    static FtpSession mixed(Lab lab, boolean v6) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, Lab.virtual(v6).address(), 21);
        VirtualService spec = spec(lab, key);
        Address real = Lab.realAddress(!v6, 1);
        RealServer server =
                new RealServer(real, 21, ForwardingMethod.FULLNAT, 1, 0, 0, Tunnel.IPIP);
        lab.apply(
                List.of(
                        new Change.AddService(0, spec),
                        new Change.SetLocalAddresses(0, List.of(Lab.local(!v6))),
                        new Change.AddServer(0, 0, server)));
        return new FtpSession(lab, v6, 21, 40_000);
    }

    private static VirtualService spec(Lab lab, ServiceKey key) {
        VirtualService plain =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        SynProxySpec on = new SynProxySpec(SynProxySpec.Mode.ON, 100);
        return lab.proxiesFtp ? plain.withGuard(ServiceGuard.NONE.withSynProxy(on)) : plain;
    }

    /** A session with a director that has a service on {@code port}. */
    FtpSession(Lab lab, boolean v6, int port, int clientPort) {
        this.lab = lab;
        this.v6 = v6;
        client = Lab.client(v6).address();
        virtual = Lab.virtual(v6).address();
        clientControl = new Frames.Endpoint(client, clientPort);
        Frames.Endpoint vip = new Frames.Endpoint(virtual, port);
        byte[] first = frame(true, clientControl, vip, CLIENT_FIRST, 0, Frames.SYN, "");
        Segment syn = lab.proxiesFtp ? proxied(vip, first) : pass(Lab.WAN, Lab.LAN, first);
        seenByServer = syn.from();
        serverControl = syn.to();
        real = serverControl.address();
        int synAck = Frames.SYN | Frames.ACK;
        toClient(serverControl, seenByServer, SERVER_FIRST, clientNext, synAck, "");
        if (lab.proxiesFtp) {
            assertThat(lab.sent(Lab.LAN)).hasSize(1);
        }
        toServer(clientControl, vip, clientNext, serverNext, Frames.ACK, "");
    }

    /** The SYN that the server gets when the director has answered the client's. */
    private Segment proxied(Frames.Endpoint vip, byte[] first) {
        int promised = pass(Lab.WAN, Lab.WAN, first).sequence();
        shift = promised - SERVER_FIRST;
        return toServer(clientControl, vip, clientNext, serverNext, Frames.ACK, "");
    }

    /** Gives a director an FTP service. */
    static Lab configured(Lab lab, ForwardingMethod method, boolean v6, int port, int servers) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, Lab.virtual(v6).address(), port);
        VirtualService spec = spec(lab, key);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(0, spec));
        changes.add(new Change.SetLocalAddresses(0, List.of(Lab.local(v6))));
        for (int number = 1; number <= servers; number++) {
            RealServer server =
                    new RealServer(Lab.realAddress(v6, number), port, method, 1, 0, 0, Tunnel.IPIP);
            changes.add(new Change.AddServer(0, number - 1, server));
        }
        lab.apply(changes);
        return lab;
    }

    byte[] frame(
            boolean fromClient,
            Frames.Endpoint from,
            Frames.Endpoint to,
            int sequence,
            int ack,
            int flags,
            String text) {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer tcp = ByteBuffer.allocate(20 + payload.length);
        tcp.putShort((short) from.port()).putShort((short) to.port());
        int seen = fromClient && from.equals(clientControl) ? ack + shift : ack;
        tcp.putInt(sequence).putInt(seen).putShort((short) (0x5000 | flags));
        tcp.putShort((short) 8192).putInt(0).put(payload);
        return Frames.withIp(
                fromClient ? Lab.WAN_MAC : Lab.LAN_MAC,
                fromClient ? Lab.CLIENT_MAC : Lab.SERVER_MAC,
                from.address(),
                to.address(),
                Frames.TCP,
                tcp.array());
    }

    private Segment pass(int in, int out, byte[] frame) {
        lab.dataplane.inject(in, frame);
        List<byte[]> sent = new ArrayList<>(lab.sent(out));
        assertThat(sent).hasSize(1);
        return Segment.of(sent.getFirst());
    }

    Segment toServer(
            Frames.Endpoint from,
            Frames.Endpoint to,
            int sequence,
            int ack,
            int flags,
            String text) {
        return pass(Lab.WAN, Lab.LAN, frame(true, from, to, sequence, ack, flags, text));
    }

    Segment toClient(
            Frames.Endpoint from,
            Frames.Endpoint to,
            int sequence,
            int ack,
            int flags,
            String text) {
        Segment got = pass(Lab.LAN, Lab.WAN, frame(false, from, to, sequence, ack, flags, text));
        return got.to().equals(clientControl)
                ? new Segment(
                        got.from(), got.to(), got.sequence() - shift, got.ack(), flags, got.text())
                : got;
    }

    /** The client says something in the control connection; what the server gets. */
    Segment command(String text) {
        Segment got = commandAt(clientNext, text);
        clientNext += text.length();
        return got;
    }

    Segment commandAt(int sequence, String text) {
        return pass(Lab.WAN, Lab.LAN, commandFrame(sequence, text));
    }

    byte[] commandFrame(int sequence, String text) {
        Frames.Endpoint vip = new Frames.Endpoint(virtual, serverControl.port());
        return frame(true, clientControl, vip, sequence, serverNext, PSH_ACK, text);
    }

    /** The server says something in the control connection; what the client gets. */
    Segment answer(String text) {
        Segment got = answerAt(serverNext, text);
        serverNext += text.length();
        return got;
    }

    Segment answerAt(int sequence, String text) {
        return toClient(serverControl, seenByServer, sequence, clientNext, PSH_ACK, text);
    }

    long untouched() {
        return lab.dataplane.counters().ftpUntouched();
    }

    long expected() {
        return lab.dataplane.counters().ftpExpected();
    }

    long count(ServerCounter counter) {
        return lab.dataplane.counters().server(0, counter);
    }

    @Override
    public void close() {
        lab.dataplane.advance(1200 * Lab.SECOND);
        assertThat(count(ServerCounter.ACTIVE)).isZero();
        assertThat(count(ServerCounter.INACTIVE)).isZero();
        assertThat(lab.dataplane.counters().connections()).isZero();
        lab.close();
    }
}
