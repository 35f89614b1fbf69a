package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real server on an address of the director itself (LOCALNODE of IPVS): the host gets its packets
 * by the exception path.
 */
class HostServerTest {
    private static final long PORT_MAC = 0x02_6A_76_73_00_01L;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final int WIRE = 0;
    private static final int HOST = 1;

    private MemoryDataplane dataplane = open("jvs0", 1);

    private static MemoryDataplane open(String host, int workers) {
        InterfaceSpec.Prefix ipv4 = new InterfaceSpec.Prefix(Address.parse("172.16.0.1"), 24);
        InterfaceSpec.Prefix ipv6 = new InterfaceSpec.Prefix(Address.parse("2001:db8:c::1"), 64);
        InterfaceSpec own = new InterfaceSpec(0, List.of(ipv4, ipv6));
        List<NeighborSpec> clients =
                List.of(
                        new NeighborSpec(client(false).address(), CLIENT_MAC),
                        new NeighborSpec(client(true).address(), CLIENT_MAC));
        return MemoryDataplane.open(
                new DataplaneSpec(
                        List.of(new PortSpec("lan", "memory", 0, List.of(own), host)),
                        List.of(),
                        clients,
                        workers,
                        List.of(),
                        1000,
                        "no-huge",
                        64,
                        "test",
                        42,
                        false),
                1_000_000_000L);
    }

    @AfterEach
    void close() {
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }

    private static Frames.Endpoint client(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:c::9" : "172.16.0.9", 40_000);
    }

    private static Frames.Endpoint virtual(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:99::1" : "10.99.0.1", 80);
    }

    private static Frames.Endpoint own(boolean v6, int port) {
        return Frames.Endpoint.of(v6 ? "2001:db8:c::1" : "172.16.0.1", port);
    }

    private void service(Protocol protocol, boolean v6, ForwardingMethod method) {
        Frames.Endpoint at = virtual(v6);
        ServiceKey key = new ServiceKey.Endpoint(protocol, at.address(), at.port());
        VirtualService service =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        int port = method == ForwardingMethod.NAT ? 8080 : 80;
        RealServer server =
                new RealServer(own(v6, port).address(), port, method, 1, 0, 0, Tunnel.IPIP);
        dataplane
                .apply(
                        1,
                        List.of(
                                new Change.AddService(0, service),
                                new Change.AddServer(0, 0, server)))
                .join();
    }

    private static byte[] fromClient(boolean v6, int protocol, int flags) {
        return Frames.frame(PORT_MAC, CLIENT_MAC, client(v6), virtual(v6), protocol, flags);
    }

    private static byte[] fromHost(boolean v6, int protocol, int flags, int port) {
        return Frames.frame(CLIENT_MAC, PORT_MAC, own(v6, port), client(v6), protocol, flags);
    }

    private byte[] toHost(byte[] frame) {
        dataplane.inject(WIRE, frame);
        assertThat(dataplane.takeSent(WIRE)).isEmpty();
        return dataplane.takeSent(HOST);
    }

    private byte[] toWire(byte[] frame) {
        dataplane.inject(HOST, frame);
        assertThat(dataplane.takeSent(HOST)).isEmpty();
        return dataplane.takeSent(WIRE);
    }

    private ConnectionView only() {
        List<ConnectionView> all = dataplane.connections(10).join();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shouldMasqueradeForTheHost(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.NAT);
        byte[] syn = fromClient(v6, Frames.TCP, Frames.SYN);
        byte[] given = toHost(syn);
        Frames.Seen seen = Frames.read(given);
        assertThat(seen.dstMac()).isEqualTo(PORT_MAC);
        assertThat(seen.from()).isEqualTo(client(v6).address());
        assertThat(seen.to()).isEqualTo(own(v6, 8080).address());
        assertThat(seen.toPort()).isEqualTo(8080);
        assertThat(seen.checksumsRight()).isTrue();
        int hops = v6 ? 21 : 22;
        assertThat(given[hops]).as("it is no hop").isEqualTo(syn[hops]);

        seen = Frames.read(toWire(fromHost(v6, Frames.TCP, Frames.SYN | Frames.ACK, 8080)));
        assertThat(seen.dstMac()).isEqualTo(CLIENT_MAC);
        assertThat(seen.srcMac()).isEqualTo(PORT_MAC);
        assertThat(seen.from()).isEqualTo(virtual(v6).address());
        assertThat(seen.fromPort()).isEqualTo(80);
        assertThat(seen.toPort()).isEqualTo(40_000);
        assertThat(seen.checksumsRight()).isTrue();

        assertThat(toHost(fromClient(v6, Frames.TCP, Frames.ACK))).isNotEmpty();
        assertThat(only().state()).isEqualTo("ESTABLISHED");
        CountersView counters = dataplane.counters();
        assertThat(counters.server(0, ServerCounter.INCOMING_PACKETS)).isEqualTo(2);
        assertThat(counters.server(0, ServerCounter.OUTGOING_PACKETS)).isEqualTo(1);
        assertThat(counters.verdict(Verdict.EXCEPTION)).isEqualTo(2);
    }

    private static byte[] segment(
            boolean v6, boolean fromClient, int sequence, int ack, int flags, byte[] data) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + data.length);
        tcp.putShort((short) (fromClient ? 40_000 : 8080));
        tcp.putShort((short) (fromClient ? 80 : 40_000)).putInt(sequence).putInt(ack);
        tcp.putShort((short) (0x5000 | flags)).putShort((short) 8192).putInt(0).put(data);
        return Frames.withIp(
                fromClient ? PORT_MAC : CLIENT_MAC,
                fromClient ? CLIENT_MAC : PORT_MAC,
                fromClient ? client(v6).address() : own(v6, 8080).address(),
                fromClient ? virtual(v6).address() : client(v6).address(),
                Frames.TCP,
                tcp.array());
    }

    /** A server that wants a PROXY header wants it on the director's host, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellTheHostItsClientsByProxyHeader(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.NAT);
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, virtual(v6).address(), 80);
        VirtualService told =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of())
                        .withClientAddress(ClientAddress.PROXY_V1);
        dataplane.apply(2, List.of(new Change.EditService(0, told))).join();
        byte[] data = "hello".getBytes(StandardCharsets.US_ASCII);
        byte[] header = ClientAddressTest.header(v6, ClientAddress.PROXY_V1);
        assertThat(toHost(segment(v6, true, 99, 0, Frames.SYN, new byte[0]))).isNotEmpty();
        toWire(segment(v6, false, 500, 100, Frames.SYN | Frames.ACK, new byte[0]));
        byte[] first = toHost(segment(v6, true, 100, 501, Frames.ACK, data));
        byte[] second = dataplane.takeSent(HOST);
        int tcp = 14 + (v6 ? 40 : 20);
        int hops = v6 ? 21 : 22;
        for (byte[] frame : List.of(first, second)) {
            FrameCheck.check(frame);
            assertThat(Frames.read(frame).to()).isEqualTo(own(v6, 8080).address());
            assertThat(frame[hops]).as("it is no hop").isEqualTo((byte) 64);
        }
        assertThat(Arrays.copyOfRange(first, tcp + 20, first.length)).isEqualTo(header);
        assertThat(ByteBuffer.wrap(first).getInt(tcp + 4)).isEqualTo(100);
        assertThat(Arrays.copyOfRange(second, tcp + 20, second.length)).isEqualTo(data);
        assertThat(ByteBuffer.wrap(second).getInt(tcp + 4)).isEqualTo(100 + header.length);
        int all = 100 + header.length + data.length;
        byte[] answer = toWire(segment(v6, false, 501, all, Frames.ACK, data));
        FrameCheck.check(answer);
        assertThat(ByteBuffer.wrap(answer).getInt(tcp + 8)).isEqualTo(100 + data.length);
        byte[] more = toHost(segment(v6, true, 105, 506, Frames.ACK, data));
        assertThat(ByteBuffer.wrap(more).getInt(tcp + 4)).isEqualTo(all);
        assertThat(dataplane.takeSent(HOST)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECT_ROUTE", "TUNNEL"})
    void shouldHandOverAsItIs(ForwardingMethod method) {
        service(Protocol.UDP, false, method);
        byte[] asked = fromClient(false, Frames.UDP, 0);
        assertThat(toHost(asked)).isEqualTo(asked);
        byte[] answer =
                Frames.frame(CLIENT_MAC, PORT_MAC, virtual(false), client(false), Frames.UDP, 0);
        assertThat(toWire(answer)).isEqualTo(answer);
        assertThat(only().state()).isEqualTo("UDP");
        assertThat(dataplane.counters().server(0, ServerCounter.INCOMING_PACKETS)).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheHostsOwnTrafficAsItIs() {
        service(Protocol.TCP, false, ForwardingMethod.NAT);
        assertThat(toHost(fromClient(false, Frames.TCP, Frames.SYN))).isNotEmpty();
        byte[] ssh = fromHost(false, Frames.TCP, Frames.ACK, 22);
        assertThat(toWire(ssh)).isEqualTo(ssh);
        byte[] arp = Frames.arp(-1L >>> 16, PORT_MAC, 1, "172.16.0.1", 0, "172.16.0.9");
        assertThat(toWire(arp)).isEqualTo(arp);
        byte[] odd = Arrays.copyOf(arp, 9);
        assertThat(toWire(odd)).isEqualTo(odd);
        assertThat(dataplane.counters().verdict(Verdict.FROM_HOST)).isEqualTo(3);
    }

    @Test
    void shouldTranslateAnErrorOfTheHost() {
        service(Protocol.UDP, false, ForwardingMethod.NAT);
        byte[] given = toHost(fromClient(false, Frames.UDP, 0));
        byte[] error = new byte[8 + 28];
        error[0] = 3;
        error[1] = 3;
        System.arraycopy(given, 14, error, 8, 28);
        byte[] sent =
                toWire(
                        Frames.withIp(
                                CLIENT_MAC,
                                PORT_MAC,
                                own(false, 0).address(),
                                client(false).address(),
                                1,
                                error));
        Frames.Seen quoted = Frames.read(sent, 14 + 20 + 8);
        assertThat(Frames.read(sent).from()).isEqualTo(virtual(false).address());
        assertThat(quoted.to()).isEqualTo(virtual(false).address());
        assertThat(quoted.toPort()).isEqualTo(80);
    }

    /** Answers could come back to another worker than the connection's: refused, not half done. */
    @Test
    void shouldHaveNoRouteForAMasqueradedHostWithSeveralWorkers() {
        close();
        dataplane = open("jvs0", 2);
        service(Protocol.UDP, false, ForwardingMethod.NAT);
        dataplane.inject(WIRE, fromClient(false, Frames.UDP, 0));
        assertThat(dataplane.takeSent(HOST)).isEmpty();
        assertThat(dataplane.counters().verdict(Verdict.DROP_NO_ROUTE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NAT", "DIRECT_ROUTE"})
    void shouldDropByNameWithoutAnExceptionPath(ForwardingMethod method) {
        close();
        dataplane = open("", 1);
        service(Protocol.UDP, false, method);
        dataplane.inject(WIRE, fromClient(false, Frames.UDP, 0));
        assertThat(dataplane.takeSent(WIRE)).isEmpty();
        assertThat(dataplane.counters().verdict(Verdict.DROP_NO_EXCEPTION_PATH)).isEqualTo(1);
    }
}
