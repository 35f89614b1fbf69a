package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole pipeline over memory ports: two ports, a client network and a server network. */
class PipelineTest {
    private static final long WAN_MAC = 0x02_6A_76_73_00_01L;
    private static final long LAN_MAC = 0x02_6A_76_73_00_02L;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final int WAN = 0;
    private static final int LAN = 1;
    private static final long START = 1_000_000_000L;

    private MemoryDataplane dataplane;
    private long generation;

    /** More in subclasses. */
    int workers() {
        return 1;
    }

    String device() {
        return "memory";
    }

    @BeforeEach
    void open() {
        PortSpec wan =
                new PortSpec(
                        "wan", device(), 0, interfaces("172.16.0.1/24", "2001:db8:c::1/64"), "");
        PortSpec lan =
                new PortSpec(
                        "lan",
                        device(),
                        0,
                        interfaces("192.168.77.254/24", "2001:db8:77::fe/64"),
                        "");
        List<NeighborSpec> neighbors =
                List.of(
                        new NeighborSpec(Address.parse("172.16.0.9"), CLIENT_MAC),
                        new NeighborSpec(Address.parse("2001:db8:c::9"), CLIENT_MAC),
                        new NeighborSpec(Address.parse("192.168.77.1"), SERVER_MAC),
                        new NeighborSpec(Address.parse("2001:db8:77::1"), SERVER_MAC));
        dataplane =
                MemoryDataplane.open(
                        new DataplaneSpec(
                                List.of(wan, lan),
                                List.of(),
                                neighbors,
                                workers(),
                                List.of(),
                                1000,
                                "no-huge",
                                64,
                                "test",
                                42,
                                false),
                        START);
    }

    private static List<InterfaceSpec> interfaces(String ipv4, String ipv6) {
        return List.of(new InterfaceSpec(0, List.of(prefix(ipv4), prefix(ipv6))));
    }

    private static InterfaceSpec.Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new InterfaceSpec.Prefix(
                Address.parse(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    @AfterEach
    void everyPacketHasAVerdictAndEveryBufferIsBack() {
        long received = 0;
        long verdicts = 0;
        for (int port = 0; port < 2; port++) {
            received += dataplane.counters().port(port, PortCounter.RECEIVED_PACKETS);
            while (dataplane.takeSent(port).length > 0) {
                // drained
            }
        }
        for (int code = 1; code < Verdict.COUNT; code++) {
            verdicts += dataplane.counters().verdict(code);
        }
        assertThat(verdicts).isEqualTo(received);
        dataplane.advance(10_000_000_000L);
        for (int port = 0; port < 2; port++) {
            while (dataplane.takeSent(port).length > 0) {
                // ARP requests
            }
        }
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }

    private void service(Protocol protocol, boolean v6, ForwardingMethod method, int realPort) {
        String vip = v6 ? "2001:db8:99::1" : "10.99.0.1";
        ServiceKey key = new ServiceKey.Endpoint(protocol, Address.parse(vip), 80);
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), null, false, List.of(), List.of())));
        String lip = v6 ? "2001:db8:77::aa" : "192.168.77.100";
        changes.add(new Change.SetLocalAddresses(0, List.of(Address.parse(lip))));
        String rip = v6 ? "2001:db8:77::1" : "192.168.77.1";
        changes.add(
                new Change.AddServer(
                        0,
                        0,
                        new RealServer(
                                Address.parse(rip), realPort, method, 1, 0, 0, Tunnel.IPIP)));
        apply(changes);
    }

    private void apply(List<Change> changes) {
        assertThat(dataplane.apply(++generation, changes).join()).isEqualTo(generation);
    }

    private static Frames.Endpoint client(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:c::9" : "172.16.0.9", 40_000);
    }

    private static Frames.Endpoint virtual(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:99::1" : "10.99.0.1", 80);
    }

    private static Frames.Endpoint real(boolean v6, int port) {
        return Frames.Endpoint.of(v6 ? "2001:db8:77::1" : "192.168.77.1", port);
    }

    private byte[] syn(boolean v6) {
        return Frames.frame(WAN_MAC, CLIENT_MAC, client(v6), virtual(v6), Frames.TCP, Frames.SYN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTranslateBothWaysForNat(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.NAT, 8080);
        dataplane.inject(WAN, syn(v6));
        Frames.Seen out = Frames.read(dataplane.takeSent(LAN));
        assertThat(out.checksumsRight()).isTrue();
        assertThat(out.dstMac()).isEqualTo(SERVER_MAC);
        assertThat(out.srcMac()).isEqualTo(LAN_MAC);
        assertThat(out.from()).isEqualTo(client(v6).address());
        assertThat(out.fromPort()).isEqualTo(40_000);
        assertThat(out.to()).isEqualTo(real(v6, 0).address());
        assertThat(out.toPort()).isEqualTo(8080);

        dataplane.inject(
                LAN,
                Frames.frame(
                        LAN_MAC,
                        SERVER_MAC,
                        real(v6, 8080),
                        client(v6),
                        Frames.TCP,
                        Frames.SYN | Frames.ACK));
        Frames.Seen back = Frames.read(dataplane.takeSent(WAN));
        assertThat(back.checksumsRight()).isTrue();
        assertThat(back.dstMac()).isEqualTo(CLIENT_MAC);
        assertThat(back.from()).isEqualTo(virtual(v6).address());
        assertThat(back.fromPort()).isEqualTo(80);
        assertThat(back.to()).isEqualTo(client(v6).address());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTranslateBothAddressesForFullNat(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.FULLNAT, 8080);
        dataplane.inject(WAN, syn(v6));
        Frames.Seen out = Frames.read(dataplane.takeSent(LAN));
        Address lip = Address.parse(v6 ? "2001:db8:77::aa" : "192.168.77.100");
        assertThat(out.checksumsRight()).isTrue();
        assertThat(out.from()).isEqualTo(lip);
        assertThat(out.fromPort()).isBetween(1025, 65535);
        assertThat(out.to()).isEqualTo(real(v6, 0).address());
        assertThat(out.toPort()).isEqualTo(8080);

        dataplane.inject(
                LAN,
                Frames.frame(
                        LAN_MAC,
                        SERVER_MAC,
                        real(v6, 8080),
                        new Frames.Endpoint(lip, out.fromPort()),
                        Frames.TCP,
                        Frames.SYN | Frames.ACK));
        Frames.Seen back = Frames.read(dataplane.takeSent(WAN));
        assertThat(back.checksumsRight()).isTrue();
        assertThat(back.from()).isEqualTo(virtual(v6).address());
        assertThat(back.to()).isEqualTo(client(v6).address());
        assertThat(back.toPort()).isEqualTo(40_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldChangeOnlyTheMacForDirectRouting(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.DIRECT_ROUTE, 80);
        dataplane.inject(WAN, syn(v6));
        Frames.Seen out = Frames.read(dataplane.takeSent(LAN));
        assertThat(out.checksumsRight()).isTrue();
        assertThat(out.dstMac()).isEqualTo(SERVER_MAC);
        assertThat(out.from()).isEqualTo(client(v6).address());
        assertThat(out.to()).isEqualTo(virtual(v6).address());
        assertThat(out.toPort()).isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWrapForTunnel(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, 80);
        dataplane.inject(WAN, syn(v6));
        byte[] sent = dataplane.takeSent(LAN);
        Frames.Seen outer = Frames.read(sent);
        assertThat(outer.protocol()).isEqualTo(v6 ? 41 : 4);
        assertThat(outer.checksumsRight()).isTrue();
        assertThat(outer.to()).isEqualTo(real(v6, 0).address());
        assertThat(outer.from())
                .isEqualTo(Address.parse(v6 ? "2001:db8:77::fe" : "192.168.77.254"));
        Frames.Seen inner = Frames.read(sent, v6 ? 54 : 34);
        assertThat(inner.checksumsRight()).isTrue();
        assertThat(inner.from()).isEqualTo(client(v6).address());
        assertThat(inner.to()).isEqualTo(virtual(v6).address());
    }

    @ParameterizedTest
    @EnumSource(
            value = ForwardingMethod.class,
            names = {"NAT", "DIRECT_ROUTE", "TUNNEL", "FULLNAT"})
    void shouldCountConnectionsPacketsAndBytes(ForwardingMethod method) {
        service(Protocol.UDP, false, method, 80);
        byte[] datagram =
                Frames.frame(
                        WAN_MAC,
                        CLIENT_MAC,
                        client(false),
                        virtual(false),
                        Frames.UDP,
                        0,
                        new byte[100]);
        dataplane.enqueue(WAN, datagram);
        dataplane.enqueue(WAN, datagram);
        dataplane.settle();
        dataplane.inject(WAN, datagram);
        CountersView counters = dataplane.counters();
        assertThat(counters.server(0, ServerCounter.CONNECTIONS)).isEqualTo(1);
        assertThat(counters.server(0, ServerCounter.INCOMING_PACKETS)).isEqualTo(3);
        assertThat(counters.server(0, ServerCounter.INCOMING_BYTES)).isEqualTo(3 * 128);
        assertThat(counters.server(0, ServerCounter.INACTIVE)).isEqualTo(1);
        assertThat(counters.connections()).isEqualTo(1);
        dataplane.advance(301_000_000_000L);
        assertThat(counters.server(0, ServerCounter.INACTIVE)).isZero();
        assertThat(counters.connections()).isZero();
    }

    @Test
    void shouldListConnectionsWithStateAndTimeLeft() {
        service(Protocol.TCP, false, ForwardingMethod.NAT, 8080);
        dataplane.inject(WAN, syn(false));
        assertThat(dataplane.counters().server(0, ServerCounter.ACTIVE)).isEqualTo(1);
        dataplane.advance(5_000_000_000L);
        ConnectionView view = dataplane.connections(10).join().getFirst();
        assertThat(view.state()).isEqualTo("SYN_RECV");
        assertThat(view.expiresMillis()).isBetween(54_000L, 56_000L);
        assertThat(view.virtual()).isEqualTo(Address.parse("10.99.0.1"));
        assertThat(view.real()).isEqualTo(Address.parse("192.168.77.1"));
        assertThat(view.realPort()).isEqualTo(8080);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 0})
    void shouldKeepAClientAtItsServerWhilePersistent(int port) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.UDP, virtual(false).address(), port);
        Persistence persistence = new Persistence(300, 0xFFFF_FF00);
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), persistence, false, List.of(), List.of())));
        for (int i = 0; i < 2; i++) {
            Address address = Address.ofIpv4(192 << 24 | 168 << 16 | 77 << 8 | i + 1);
            changes.add(
                    new Change.AddServer(
                            0,
                            i,
                            new RealServer(
                                    address, port, ForwardingMethod.NAT, 1, 0, 0, Tunnel.IPIP)));
        }
        apply(changes);
        for (int client = 1; client < 20; client++) {
            Frames.Endpoint from = Frames.Endpoint.of("172.16.0." + client, 1000 + client);
            dataplane.inject(
                    WAN, Frames.frame(WAN_MAC, CLIENT_MAC, from, virtual(false), Frames.UDP, 0));
        }
        CountersView counters = dataplane.counters();
        int server = counters.server(1, ServerCounter.CONNECTIONS) == 0 ? 0 : 1;
        assertThat(counters.server(server, ServerCounter.CONNECTIONS)).isEqualTo(19);
        assertThat(counters.server(1 - server, ServerCounter.CONNECTIONS)).isZero();
        assertThat(counters.server(server, ServerCounter.PERSISTENT)).isEqualTo(1);
        dataplane.advance(299_000_000_000L);
        assertThat(counters.server(server, ServerCounter.PERSISTENT)).isEqualTo(1);
        dataplane.advance(120_000_000_000L);
        assertThat(counters.server(server, ServerCounter.PERSISTENT)).isZero();
        assertThat(counters.connections()).isZero();
    }

    @Test
    void shouldGoOnWhenAGenerationCannotBeApplied() {
        service(Protocol.TCP, false, ForwardingMethod.NAT, 8080);
        List<Change> impossible = List.of(new Change.RemoveServer(7, 7));
        assertThat(dataplane.apply(++generation, impossible))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no service has number 7");
        dataplane.inject(WAN, syn(false));
        assertThat(dataplane.takeSent(LAN)).isNotEmpty();
    }

    @Test
    void shouldAnswerArpForVirtualAndOwnAddresses() {
        service(Protocol.TCP, false, ForwardingMethod.NAT, 8080);
        for (String target : List.of("10.99.0.1", "172.16.0.1", "192.168.77.100")) {
            dataplane.inject(WAN, Frames.arp(-1L >>> 16, CLIENT_MAC, 1, "172.16.0.9", 0, target));
            byte[] reply = dataplane.takeSent(WAN);
            assertThat(reply).hasSize(60);
            assertThat(reply[21]).isEqualTo((byte) 2);
            assertThat(Frames.read(reply).dstMac()).isEqualTo(CLIENT_MAC);
        }
        dataplane.inject(
                WAN, Frames.arp(-1L >>> 16, CLIENT_MAC, 1, "172.16.0.9", 0, "172.16.0.77"));
        assertThat(dataplane.takeSent(WAN)).isEmpty();
    }

    @Test
    void shouldRefuseWithPortUnreachableWhenNoServerIsAvailable() {
        service(Protocol.TCP, false, ForwardingMethod.NAT, 8080);
        apply(List.of(new Change.RemoveServer(0, 0)));
        dataplane.inject(WAN, syn(false));
        byte[] answer = dataplane.takeSent(WAN);
        assertThat(answer[23]).isEqualTo((byte) 1);
        assertThat(answer[34]).isEqualTo((byte) 3);
        assertThat(answer[35]).isEqualTo((byte) 3);
        assertThat(dataplane.counters().connections()).isZero();
    }

    @Test
    void shouldResetWhatIsForAServiceButOpensNothing() {
        service(Protocol.TCP, false, ForwardingMethod.NAT, 8080);
        dataplane.inject(
                WAN,
                Frames.frame(
                        WAN_MAC,
                        CLIENT_MAC,
                        client(false),
                        virtual(false),
                        Frames.TCP,
                        Frames.ACK));
        assertThat(dataplane.takeSent(WAN)[47] & Frames.RST).isEqualTo(Frames.RST);
        assertThat(dataplane.counters().connections()).isZero();
    }

    @Test
    void shouldParkUntilTheNeighborAnswers() {
        service(Protocol.TCP, false, ForwardingMethod.DIRECT_ROUTE, 80);
        apply(
                List.of(
                        new Change.RemoveServer(0, 0),
                        new Change.AddServer(
                                0,
                                1,
                                new RealServer(
                                        Address.parse("192.168.77.5"),
                                        80,
                                        ForwardingMethod.DIRECT_ROUTE,
                                        1,
                                        0,
                                        0,
                                        Tunnel.IPIP))));
        dataplane.inject(WAN, syn(false));
        byte[] request = dataplane.takeSent(LAN);
        assertThat(request[21]).isEqualTo((byte) 1);
        assertThat(dataplane.counters().verdict(Verdict.FORWARDED)).isZero();
        dataplane.inject(
                LAN,
                Frames.arp(
                        LAN_MAC,
                        0x02_00_00_00_00_55L,
                        2,
                        "192.168.77.5",
                        LAN_MAC,
                        "192.168.77.254"));
        assertThat(Frames.read(dataplane.takeSent(LAN)).dstMac()).isEqualTo(0x02_00_00_00_00_55L);
        assertThat(dataplane.counters().verdict(Verdict.FORWARDED)).isEqualTo(1);
    }

    @Test
    void shouldGiveUpParkedPacketsAfterThreeRequests() {
        service(Protocol.TCP, false, ForwardingMethod.DIRECT_ROUTE, 80);
        apply(
                List.of(
                        new Change.RemoveServer(0, 0),
                        new Change.AddServer(
                                0,
                                1,
                                new RealServer(
                                        Address.parse("192.168.77.6"),
                                        80,
                                        ForwardingMethod.DIRECT_ROUTE,
                                        1,
                                        0,
                                        0,
                                        Tunnel.IPIP))));
        dataplane.inject(WAN, syn(false));
        dataplane.advance(3_500_000_000L);
        int requests = 0;
        while (dataplane.takeSent(LAN).length > 0) {
            requests++;
        }
        assertThat(requests).isEqualTo(3);
        assertThat(dataplane.counters().verdict(Verdict.DROP_NEIGHBOR_UNREACHABLE)).isEqualTo(1);
        assertThat(dataplane.buffersInUse()).isZero();
    }
}
