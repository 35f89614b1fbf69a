package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.AddressPrefix;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.MarkRule;
import io.jvs.service.PortRange;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which packets open a connection, and what becomes of those that are over. */
class AdmissionTest {
    private static final long PORT_MAC = 0x02_6A_76_73_00_01L;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final Frames.Endpoint CLIENT = Frames.Endpoint.of("172.16.0.9", 40_000);
    private static final Frames.Endpoint VIRTUAL = Frames.Endpoint.of("10.99.0.1", 80);
    private static final long SECOND = 1_000_000_000L;

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
        InterfaceSpec both =
                new InterfaceSpec(
                        0,
                        List.of(
                                new InterfaceSpec.Prefix(Address.parse("172.16.0.1"), 24),
                                new InterfaceSpec.Prefix(Address.parse("192.168.77.254"), 24)));
        List<NeighborSpec> neighbors =
                List.of(
                        new NeighborSpec(Address.parse("172.16.0.9"), CLIENT_MAC),
                        new NeighborSpec(Address.parse("192.168.77.1"), SERVER_MAC),
                        new NeighborSpec(Address.parse("192.168.77.2"), SERVER_MAC));
        dataplane =
                MemoryDataplane.open(
                        new DataplaneSpec(
                                List.of(new PortSpec("lan", device(), 0, List.of(both), "")),
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
                        SECOND);
    }

    @AfterEach
    void everyBufferIsBack() {
        drain();
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }

    private int drain() {
        int frames = 0;
        while (dataplane.takeSent(0).length > 0) {
            frames++;
        }
        return frames;
    }

    private static ServiceKey endpoint(Protocol protocol) {
        return new ServiceKey.Endpoint(protocol, VIRTUAL.address(), 80);
    }

    private void service(ServiceKey key, boolean onePacket) {
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), null, onePacket, List.of(), List.of())));
        changes.add(new Change.AddServer(0, 0, server(1)));
        changes.add(new Change.AddServer(0, 1, server(2)));
        apply(changes);
    }

    private static RealServer server(int number) {
        Address address = Address.parse("192.168.77." + number);
        return new RealServer(address, 8080, ForwardingMethod.NAT, 1, 0, 0, Tunnel.IPIP);
    }

    private void apply(List<Change> changes) {
        assertThat(dataplane.apply(++generation, changes).join()).isEqualTo(generation);
    }

    private void tcp(int flags) {
        dataplane.inject(0, Frames.frame(PORT_MAC, CLIENT_MAC, CLIENT, VIRTUAL, Frames.TCP, flags));
    }

    private ConnectionView only() {
        List<ConnectionView> all = dataplane.connections(10).join();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void shouldScheduleASynAnewOnceTheConnectionIsOver() {
        service(endpoint(Protocol.TCP), false);
        tcp(Frames.SYN);
        Address first = only().real();
        tcp(Frames.FIN | Frames.ACK);
        assertThat(only().state()).isEqualTo("TIME_WAIT");
        tcp(Frames.SYN);
        assertThat(only().real()).isNotEqualTo(first);
        assertThat(only().state()).isEqualTo("SYN_RECV");
        assertThat(dataplane.counters().server(0, ServerCounter.INACTIVE)).isZero();
        assertThat(dataplane.counters().server(1, ServerCounter.INACTIVE)).isZero();
    }

    @Test
    void shouldKeepTheServerOfASynOnALivingConnection() {
        service(endpoint(Protocol.TCP), false);
        tcp(Frames.SYN);
        Address first = only().real();
        tcp(Frames.SYN);
        tcp(Frames.ACK);
        tcp(Frames.SYN);
        assertThat(only().real()).isEqualTo(first);
        assertThat(only().state()).isEqualTo("ESTABLISHED");
    }

    @Test
    void shouldNotPutOffTheEndOfAConnectionWhoseServerIsGone() {
        service(endpoint(Protocol.TCP), false);
        tcp(Frames.SYN);
        int server = only().real().equals(server(1).address()) ? 0 : 1;
        apply(List.of(new Change.RemoveServer(0, server)));
        dataplane.advance(20 * SECOND);
        tcp(Frames.ACK);
        assertThat(dataplane.counters().verdict(Verdict.DROP_SERVER_REMOVED)).isOne();
        assertThat(only().state()).isEqualTo("SYN_RECV");
        assertThat(only().expiresMillis()).isEqualTo(40_000);
    }

    @Test
    void shouldForgetAConnectionForOnePacketWhenThePacketHasLeft() {
        service(endpoint(Protocol.UDP), true);
        for (int i = 0; i < 40; i++) {
            dataplane.enqueue(
                    0, Frames.frame(PORT_MAC, CLIENT_MAC, CLIENT, VIRTUAL, Frames.UDP, 0));
        }
        dataplane.settle();
        assertThat(drain()).isEqualTo(40);
        assertThat(dataplane.connections(10).join()).isEmpty();
        for (int server = 0; server < 2; server++) {
            assertThat(dataplane.counters().server(server, ServerCounter.CONNECTIONS))
                    .isEqualTo(20);
            assertThat(dataplane.counters().server(server, ServerCounter.INACTIVE)).isZero();
        }
    }

    private static MarkRule rule(Protocol protocol, String destination, PortRange ports, int mark) {
        AddressPrefix prefix = new AddressPrefix(Address.parse(destination), 16);
        return new MarkRule(protocol, null, prefix, PortRange.ALL, ports, mark);
    }

    @Test
    void shouldFindTheServiceOfAMarkByRule() {
        service(new ServiceKey.Mark(-1, AddressFamily.IPV4), false);
        tcp(Frames.SYN);
        assertThat(drain()).isZero();
        apply(
                List.of(
                        new Change.SetMarkRules(
                                List.of(
                                        rule(Protocol.TCP, "10.99.0.0", PortRange.ALL, -1),
                                        rule(Protocol.TCP, "10.99.0.0", new PortRange(81, 90), 7),
                                        rule(Protocol.UDP, "10.99.0.0", PortRange.ALL, 7)))));
        tcp(Frames.SYN);
        assertThat(only().virtual()).isEqualTo(VIRTUAL.address());
        assertThat(only().realPort()).isEqualTo(8080);
        assertThat(drain()).isOne();
    }

    @Test
    void shouldLetTheLastRuleThatFitsWin() {
        service(new ServiceKey.Mark(7, AddressFamily.IPV4), false);
        apply(
                List.of(
                        new Change.SetMarkRules(
                                List.of(
                                        rule(Protocol.TCP, "10.99.0.0", PortRange.ALL, 7),
                                        rule(
                                                Protocol.TCP,
                                                "10.99.0.0",
                                                new PortRange(80, 80),
                                                0)))));
        tcp(Frames.SYN);
        assertThat(dataplane.connections(10).join()).isEmpty();
    }
}
