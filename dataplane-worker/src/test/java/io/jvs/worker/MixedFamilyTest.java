package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FULLNAT between a client of one IP version and a real server of the other, in the pipeline. */
class MixedFamilyTest {
    private final Lab lab = lab();
    private final Random random = new Random(6146);

    /** The director to test. */
    Lab lab() {
        return new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Local addresses of both families, that of the clients' first. */
    private void service(Protocol protocol, boolean v6, RealServer... servers) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, Lab.virtual(v6).address(), 80);
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), null, false, List.of(), List.of())));
        changes.add(new Change.SetLocalAddresses(0, List.of(Lab.local(v6), Lab.local(!v6))));
        for (int i = 0; i < servers.length; i++) {
            changes.add(new Change.AddServer(0, i, servers[i]));
        }
        lab.apply(changes);
    }

    private static RealServer server(boolean v6, int number) {
        return new RealServer(
                Lab.realAddress(v6, number), 8080, ForwardingMethod.FULLNAT, 1, 0, 0, Tunnel.IPIP);
    }

    private Frames.Seen only(int port) {
        List<byte[]> sent = lab.sent(port);
        assertThat(sent).hasSize(1);
        FrameCheck.check(sent.getFirst());
        return Frames.read(sent.getFirst());
    }

    private static byte[] answer(Frames.Seen request, int protocol, int flags, byte[] payload) {
        return Frames.frame(
                Lab.LAN_MAC,
                Lab.SERVER_MAC,
                new Frames.Endpoint(request.to(), request.toPort()),
                new Frames.Endpoint(request.from(), request.fromPort()),
                protocol,
                flags,
                payload);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCarryConnectionsToTheOtherFamilyAndBack(boolean v6) {
        service(Protocol.TCP, v6, server(!v6, 1));
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.SYN, new byte[0]));
        Frames.Seen request = only(Lab.LAN);
        assertThat(request.from()).isEqualTo(Lab.local(!v6));
        assertThat(request.to()).isEqualTo(Lab.realAddress(!v6, 1));
        assertThat(request.toPort()).isEqualTo(8080);
        lab.dataplane.inject(
                Lab.LAN, answer(request, Frames.TCP, Frames.SYN | Frames.ACK, new byte[0]));
        Frames.Seen back = only(Lab.WAN);
        assertThat(back.from()).isEqualTo(Lab.virtual(v6).address());
        assertThat(back.to()).isEqualTo(Lab.client(v6).address());
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[9]));
        assertThat(only(Lab.LAN)).isEqualTo(request);
        ConnectionView view = lab.dataplane.connections(10).join().getFirst();
        assertThat(view.client()).isEqualTo(Lab.client(v6).address());
        assertThat(view.local()).isEqualTo(Lab.local(!v6));
        assertThat(view.localPort()).isEqualTo(request.fromPort());
        assertThat(view.real()).isEqualTo(Lab.realAddress(!v6, 1));
        assertThat(view.state()).isEqualTo("ESTABLISHED");
    }

    /** Servers of both families behind one address, as while a site moves to IPv6. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBalanceOverServersOfBothFamilies(boolean v6) {
        service(Protocol.UDP, v6, server(v6, 1), server(!v6, 1));
        int mixed = 0;
        for (int port = 101; port <= 120; port++) {
            Frames.Endpoint client = new Frames.Endpoint(Lab.client(v6).address(), port);
            lab.dataplane.inject(
                    Lab.WAN,
                    Frames.frame(
                            Lab.WAN_MAC,
                            Lab.CLIENT_MAC,
                            client,
                            Lab.virtual(v6),
                            Frames.UDP,
                            0,
                            new byte[port]));
            Frames.Seen request = only(Lab.LAN);
            mixed += request.from().isIpv6() == v6 ? 0 : 1;
            lab.dataplane.inject(Lab.LAN, answer(request, Frames.UDP, 0, new byte[port]));
            Frames.Seen back = only(Lab.WAN);
            assertThat(back.toPort()).isEqualTo(port);
            assertThat(back.to()).isEqualTo(client.address());
        }
        assertThat(mixed).isEqualTo(10);
        assertThat(lab.dataplane.counters().connections()).isEqualTo(20);
        lab.dataplane.advance(400 * Lab.SECOND);
        assertThat(lab.dataplane.counters().connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCarryBigDatagrams(boolean v6) {
        service(Protocol.UDP, v6, server(!v6, 1));
        for (int round = 1; round <= 20; round++) {
            byte[] data = new byte[8192];
            random.nextBytes(data);
            byte[] frame = lab.fromClient(v6, Frames.UDP, 0, data);
            int most = 300 + random.nextInt(1000);
            byte[] out = whole(Lab.WAN, Lab.LAN, Datagrams.split(frame, round, most, random));
            Frames.Seen seen = Frames.read(out);
            assertThat(seen.checksumsRight()).isTrue();
            assertThat(seen.to()).isEqualTo(Lab.realAddress(!v6, 1));
            assertThat(Arrays.copyOfRange(out, out.length - 8192, out.length)).isEqualTo(data);
            byte[] reply = answer(seen, Frames.UDP, 0, data);
            byte[] in = whole(Lab.LAN, Lab.WAN, Datagrams.split(reply, round, most, random));
            assertThat(Frames.read(in).checksumsRight()).isTrue();
            assertThat(Frames.read(in).to()).isEqualTo(Lab.client(v6).address());
            assertThat(Arrays.copyOfRange(in, in.length - 8192, in.length)).isEqualTo(data);
        }
    }

    private byte[] whole(int from, int to, List<byte[]> pieces) {
        Collections.shuffle(pieces, random);
        for (byte[] piece : pieces) {
            lab.dataplane.inject(from, piece);
        }
        Datagrams.Reassembler reassembler = new Datagrams.Reassembler();
        byte[] found = new byte[0];
        for (byte[] frame : lab.sent(to)) {
            assertThat(frame.length).isLessThanOrEqualTo(1514);
            byte[] packet = reassembler.add(Datagrams.ip(frame));
            found = packet == null ? found : Datagrams.frame(frame, packet);
        }
        assertThat(reassembler.incomplete()).isZero();
        return found;
    }

    /** The answers of TUN go past the director: there is no second side to write down. */
    @Test
    void shouldLeaveMixedTunnelsAsTheyWere() {
        RealServer tunnelled =
                new RealServer(
                        Lab.realAddress(true, 1),
                        80,
                        ForwardingMethod.TUNNEL,
                        1,
                        0,
                        0,
                        Tunnel.IPIP);
        service(Protocol.TCP, false, tunnelled);
        lab.dataplane.inject(Lab.WAN, lab.fromClient(false, Frames.TCP, Frames.SYN, new byte[0]));
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
        assertThat(lab.verdict(Verdict.FORWARDED)).isEqualTo(1);
        Address real = lab.dataplane.connections(10).join().getFirst().real();
        assertThat(real).isEqualTo(Lab.realAddress(true, 1));
    }
}
