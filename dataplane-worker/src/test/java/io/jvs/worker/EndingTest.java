package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ClientAddress;
import io.jvs.service.Drain;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServerExit;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of real servers that go. Test frames have sequence 1000 and acknowledge 2000. */
class EndingTest {
    private static final int SEQUENCE = 1000;
    private static final int ACKNOWLEDGED = 2000;
    private static final int MANY = 200;

    private final Lab lab = lab();

    /** The director to test. */
    Lab lab() {
        return new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static VirtualService spec(Protocol protocol, boolean v6, ServerExit exit) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, Lab.virtual(v6).address(), 80);
        return new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of())
                .withGuard(ServiceGuard.NONE.withOnServerRemoved(exit));
    }

    private void setExit(Protocol protocol, boolean v6, ServerExit exit) {
        lab.apply(List.of(new Change.EditService(0, spec(protocol, v6, exit))));
    }

    private void remove(int server) {
        lab.apply(List.of(new Change.RemoveServer(0, server)));
    }

    private void client(boolean v6, int protocol, int flags) {
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, protocol, flags, new byte[0]));
    }

    /** A handshake; the number of the server that has the connection. */
    private int establish(boolean v6, ForwardingMethod method, int outerBytes) {
        client(v6, Frames.TCP, Frames.SYN);
        byte[] syn = lab.sent(Lab.LAN).getFirst();
        Frames.Seen seen = Frames.read(syn, 14 + outerBytes);
        if (method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT) {
            server(seen, Frames.SYN | Frames.ACK);
        }
        client(v6, Frames.TCP, Frames.ACK);
        lab.sent(Lab.LAN);
        lab.sent(Lab.WAN);
        Frames.Seen outer = Frames.read(syn);
        return method == ForwardingMethod.DIRECT_ROUTE
                ? lab.dataplane
                                .connections(10)
                                .join()
                                .getFirst()
                                .real()
                                .equals(Lab.realAddress(v6, 1))
                        ? 0
                        : 1
                : outer.to().equals(Lab.realAddress(v6, 1)) ? 0 : 1;
    }

    /** A segment from the server that got the one of {@code seen}. */
    private void server(Frames.Seen seen, int flags) {
        Frames.Endpoint from = new Frames.Endpoint(seen.to(), seen.toPort());
        Frames.Endpoint to = new Frames.Endpoint(seen.from(), seen.fromPort());
        lab.dataplane.inject(
                Lab.LAN, Frames.frame(Lab.LAN_MAC, Lab.SERVER_MAC, from, to, Frames.TCP, flags));
    }

    private static int flags(byte[] frame, int ipAt) {
        int tcp = ipAt + (frame[ipAt] >>> 4 == 6 ? 40 : 20);
        return frame[tcp + 13] & 0xFF;
    }

    private static int sequence(byte[] frame, int ipAt) {
        int tcp = ipAt + (frame[ipAt] >>> 4 == 6 ? 40 : 20);
        return ByteBuffer.wrap(frame).getInt(tcp + 4);
    }

    private static void assertReset(byte[] frame, int ipAt, int sequence) {
        assertThat(flags(frame, ipAt) & Frames.RST).isEqualTo(Frames.RST);
        assertThat(sequence(frame, ipAt)).isEqualTo(sequence);
        assertThat(Frames.read(frame, ipAt).checksumsRight()).isTrue();
    }

    private long resets() {
        return lab.dataplane.counters().resetConnections();
    }

    @ParameterizedTest
    @CsvSource({
        "NAT,false,0", "NAT,true,0", "FULLNAT,false,0", "FULLNAT,true,0",
        "DIRECT_ROUTE,false,0", "DIRECT_ROUTE,true,0", "TUNNEL,false,20", "TUNNEL,true,40"
    })
    void shouldResetBothEndsAtTheClientsNextSegment(
            ForwardingMethod method, boolean v6, int outerBytes) {
        lab.service(Protocol.TCP, v6, method, Tunnel.IPIP, 80, 2);
        setExit(Protocol.TCP, v6, ServerExit.RESET);
        int server = establish(v6, method, outerBytes);
        remove(server);
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        client(v6, Frames.TCP, Frames.ACK);
        List<byte[]> toClient = lab.sent(Lab.WAN);
        assertThat(toClient).hasSize(1);
        assertReset(toClient.getFirst(), 14, ACKNOWLEDGED);
        assertThat(Frames.read(toClient.getFirst()).from()).isEqualTo(Lab.virtual(v6).address());
        List<byte[]> toServer = lab.sent(Lab.LAN);
        assertThat(toServer).hasSize(1);
        assertReset(toServer.getFirst(), 14 + outerBytes, SEQUENCE);
        assertThat(resets()).isEqualTo(1);
        assertThat(lab.dataplane.connections(10).join().getFirst().state()).isEqualTo("CLOSE");
        // A segment that was under way is answered too, and counted once.
        client(v6, Frames.TCP, Frames.ACK);
        assertReset(lab.sent(Lab.WAN).getFirst(), 14, ACKNOWLEDGED);
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        assertThat(resets()).isEqualTo(1);
        lab.dataplane.advance(15 * Lab.SECOND);
        assertThat(lab.dataplane.connections(10).join()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NAT,false", "FULLNAT,true"})
    void shouldResetBothEndsAtTheServersNextSegment(ForwardingMethod method, boolean v6) {
        lab.service(Protocol.TCP, v6, method, Tunnel.IPIP, 80, 1);
        setExit(Protocol.TCP, v6, ServerExit.RESET);
        client(v6, Frames.TCP, Frames.SYN);
        Frames.Seen seen = Frames.read(lab.sent(Lab.LAN).getFirst());
        server(seen, Frames.SYN | Frames.ACK);
        client(v6, Frames.TCP, Frames.ACK);
        lab.sent(Lab.LAN);
        remove(0);
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        server(seen, Frames.ACK);
        assertReset(lab.sent(Lab.LAN).getFirst(), 14, ACKNOWLEDGED);
        List<byte[]> toClient = lab.sent(Lab.WAN);
        assertThat(toClient).hasSize(1);
        assertReset(toClient.getFirst(), 14, SEQUENCE);
        assertThat(Frames.read(toClient.getFirst()).from()).isEqualTo(Lab.virtual(v6).address());
        assertThat(Frames.read(toClient.getFirst()).fromPort()).isEqualTo(80);
    }

    /** Between IP versions each end is told in its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetBothEndsBetweenIpVersions(boolean v6) {
        ServiceGuard guard = ServiceGuard.NONE.withOnServerRemoved(ServerExit.RESET);
        lab.mixed(Protocol.TCP, v6, guard, ClientAddress.HIDDEN);
        client(v6, Frames.TCP, Frames.SYN);
        Frames.Seen seen = Frames.read(lab.sent(Lab.LAN).getFirst());
        assertThat(seen.to()).isEqualTo(Lab.realAddress(!v6, 1));
        server(seen, Frames.SYN | Frames.ACK);
        client(v6, Frames.TCP, Frames.ACK);
        remove(0);
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        client(v6, Frames.TCP, Frames.ACK);
        assertReset(lab.sent(Lab.WAN).getFirst(), 14, ACKNOWLEDGED);
        byte[] toServer = lab.sent(Lab.LAN).getFirst();
        assertReset(toServer, 14, SEQUENCE);
        assertThat(Frames.read(toServer).to()).isEqualTo(Lab.realAddress(!v6, 1));
        assertThat(resets()).isEqualTo(1);
    }

    /** More than are asked in one tick, at whichever worker they are. */
    @Test
    void shouldEndManyConnectionsAtTheDeadline() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        for (int k = 0; k < MANY; k++) {
            openFrom(20_000 + k);
        }
        assertThat(lab.dataplane.counters().connections()).isEqualTo(MANY);
        drain(0, ServerExit.RESET, false);
        lab.dataplane.advance(Lab.SECOND);
        assertThat(lab.sent(Lab.WAN)).as("nothing before the deadline").isEmpty();
        drain(0, ServerExit.RESET, true);
        lab.dataplane.advance(3 * Lab.SECOND);
        Set<Integer> asked = new HashSet<>();
        for (byte[] question : lab.sent(Lab.WAN)) {
            assertThat(flags(question, 14)).isEqualTo(Frames.ACK);
            asked.add(Frames.read(question).toPort());
        }
        assertThat(asked).hasSize(MANY);
        lab.sent(Lab.LAN);
        for (int port : asked) {
            lab.dataplane.inject(Lab.WAN, fromPort(port, Frames.ACK));
        }
        assertThat(lab.sent(Lab.WAN)).hasSize(MANY);
        assertThat(lab.sent(Lab.LAN)).hasSize(MANY);
        assertThat(resets()).isEqualTo(MANY);
        lab.dataplane.advance(15 * Lab.SECOND);
        assertThat(lab.dataplane.counters().connections()).isZero();
    }

    private void openFrom(int port) {
        lab.dataplane.inject(Lab.WAN, fromPort(port, Frames.SYN));
        server(Frames.read(lab.sent(Lab.LAN).getFirst()), Frames.SYN | Frames.ACK);
        lab.dataplane.inject(Lab.WAN, fromPort(port, Frames.ACK));
        lab.sent(Lab.LAN);
        lab.sent(Lab.WAN);
    }

    private static byte[] fromPort(int port, int flags) {
        Frames.Endpoint client = new Frames.Endpoint(Lab.client(false).address(), port);
        return Frames.frame(
                Lab.WAN_MAC, Lab.CLIENT_MAC, client, Lab.virtual(false), Frames.TCP, flags);
    }

    @Test
    void shouldAskSilentConnectionsWhereTheyAre() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        establish(false, ForwardingMethod.NAT, 0);
        drain(0, ServerExit.RESET, true);
        lab.dataplane.advance(Lab.SECOND / 10);
        byte[] toClient = lab.sent(Lab.WAN).getFirst();
        assertThat(flags(toClient, 14)).isEqualTo(Frames.ACK);
        assertThat(Frames.read(toClient).checksumsRight()).isTrue();
        assertThat(Frames.read(toClient).toPort()).isEqualTo(Lab.client(false).port());
        byte[] toServer = lab.sent(Lab.LAN).getFirst();
        assertThat(flags(toServer, 14)).isEqualTo(Frames.ACK);
        assertThat(Frames.read(toServer).checksumsRight()).isTrue();
        assertThat(Frames.read(toServer).toPort()).isEqualTo(8080);
        // What the client answers says where it is.
        client(false, Frames.TCP, Frames.ACK);
        assertReset(lab.sent(Lab.WAN).getFirst(), 14, ACKNOWLEDGED);
        assertReset(lab.sent(Lab.LAN).getFirst(), 14, SEQUENCE);
        lab.dataplane.advance(5 * Lab.SECOND);
        assertThat(lab.sent(Lab.WAN)).as("no more questions").isEmpty();
    }

    private void drain(int server, ServerExit then, boolean over) {
        RealServer spec =
                new RealServer(
                                Lab.realAddress(false, server + 1),
                                8080,
                                ForwardingMethod.NAT,
                                0,
                                0,
                                0,
                                Tunnel.IPIP)
                        .withDrain(new Drain(30, then, over));
        lab.apply(List.of(new Change.EditServer(0, server, spec)));
    }

    @Test
    void shouldLetConnectionsGoOnUntilTheTimeIsUp() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        establish(false, ForwardingMethod.NAT, 0);
        drain(0, ServerExit.RESET, false);
        client(false, Frames.TCP, Frames.ACK);
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        drain(0, ServerExit.KEEP, true);
        client(false, Frames.TCP, Frames.ACK);
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
        assertThat(resets()).isZero();
        drain(0, ServerExit.RESCHEDULE, true);
        client(false, Frames.TCP, Frames.ACK);
        assertThat(resets()).as("TCP under way cannot be moved").isEqualTo(1);
    }

    @Test
    void shouldDropAsIpvsDoesByDefault() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        establish(false, ForwardingMethod.NAT, 0);
        remove(0);
        client(false, Frames.TCP, Frames.ACK);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        assertThat(lab.verdict(Verdict.DROP_SERVER_REMOVED)).isEqualTo(1);
        assertThat(resets()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"RESET,false", "RESET,true", "RESCHEDULE,false", "RESCHEDULE,true"})
    void shouldTellUdpClientsOrMoveThem(ServerExit exit, boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 2);
        setExit(Protocol.UDP, v6, exit);
        client(v6, Frames.UDP, 0);
        Frames.Seen first = Frames.read(lab.sent(Lab.LAN).getFirst());
        remove(first.to().equals(Lab.realAddress(v6, 1)) ? 0 : 1);
        client(v6, Frames.UDP, 0);
        if (exit == ServerExit.RESET) {
            byte[] told = lab.sent(Lab.WAN).getFirst();
            assertThat(Frames.read(told).protocol()).isEqualTo(v6 ? 58 : 1);
            assertThat(lab.sent(Lab.LAN)).isEmpty();
            assertThat(resets()).isEqualTo(1);
            client(v6, Frames.UDP, 0);
        } else {
            assertThat(lab.dataplane.counters().rescheduledConnections()).isEqualTo(1);
        }
        Frames.Seen second = Frames.read(lab.sent(Lab.LAN).getFirst());
        assertThat(second.to()).isNotEqualTo(first.to());
        assertThat(lab.dataplane.connections(10).join()).hasSize(1);
    }

    @Test
    void shouldNotSendPersistentClientsToAServerWhoseTimeIsUp() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 2);
        VirtualService plain = spec(Protocol.TCP, false, ServerExit.KEEP);
        VirtualService persistent =
                new VirtualService(
                        plain.key(),
                        "rr",
                        Set.of(),
                        new Persistence(300, -1),
                        false,
                        List.of(),
                        List.of());
        lab.apply(List.of(new Change.EditService(0, persistent)));
        client(false, Frames.TCP, Frames.SYN);
        Frames.Seen first = Frames.read(lab.sent(Lab.LAN).getFirst());
        int server = first.to().equals(Lab.realAddress(false, 1)) ? 0 : 1;
        drain(server, ServerExit.RESCHEDULE, true);
        client(false, Frames.TCP, Frames.SYN);
        assertThat(Frames.read(lab.sent(Lab.LAN).getFirst()).to()).isNotEqualTo(first.to());
        assertThat(lab.dataplane.counters().rescheduledConnections()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheConnectionsOfAServerThatComesBack() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        setExit(Protocol.TCP, false, ServerExit.RESET);
        establish(false, ForwardingMethod.NAT, 0);
        RealServer spec =
                new RealServer(
                        Lab.realAddress(false, 1),
                        8080,
                        ForwardingMethod.NAT,
                        1,
                        0,
                        0,
                        Tunnel.IPIP);
        // As the director moves a server in its list: taken out and put in within one generation.
        lab.apply(List.of(new Change.RemoveServer(0, 0), new Change.AddServer(0, 0, spec)));
        lab.dataplane.advance(Lab.SECOND);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        client(false, Frames.TCP, Frames.ACK);
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
        assertThat(resets()).isZero();
    }
}
