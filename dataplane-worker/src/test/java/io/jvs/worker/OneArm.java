package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Sysctls;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A director with one port, clients and up to ten real servers on it; for tests of settings. */
final class OneArm implements AutoCloseable {
    static final long PORT_MAC = 0x02_6A_76_73_00_01L;
    static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    static final Frames.Endpoint CLIENT = Frames.Endpoint.of("172.16.0.9", 40_000);
    static final Frames.Endpoint VIRTUAL = Frames.Endpoint.of("10.99.0.1", 80);
    private static final long SECOND = 1_000_000_000L;
    private static final int SERVERS = 10;

    private final MemoryDataplane dataplane;
    private long generation;
    private Sysctls sysctls = Sysctls.INITIAL;

    OneArm() {
        this(1000);
    }

    OneArm(int maxConnections) {
        InterfaceSpec both =
                new InterfaceSpec(
                        0,
                        List.of(
                                new InterfaceSpec.Prefix(Address.parse("172.16.0.1"), 24),
                                new InterfaceSpec.Prefix(Address.parse("192.168.77.254"), 24)));
        List<NeighborSpec> neighbors = new ArrayList<>();
        neighbors.add(new NeighborSpec(CLIENT.address(), CLIENT_MAC));
        for (int i = 1; i <= SERVERS; i++) {
            neighbors.add(new NeighborSpec(real(i), SERVER_MAC));
        }
        dataplane =
                MemoryDataplane.open(
                        new DataplaneSpec(
                                List.of(new PortSpec("lan", "memory", 0, List.of(both), "")),
                                List.of(),
                                neighbors,
                                1,
                                List.of(),
                                maxConnections,
                                "no-huge",
                                64,
                                "test",
                                42,
                                false),
                        SECOND);
    }

    static Address real(int number) {
        return Address.parse("192.168.77." + number);
    }

    /** A round-robin service on the virtual endpoint, real servers 1 to {@code servers}. */
    void service(Protocol protocol, ForwardingMethod method, int servers) {
        service(protocol, method, servers, null);
    }

    void service(
            Protocol protocol,
            ForwardingMethod method,
            int servers,
            @Nullable Persistence persistence) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, VIRTUAL.address(), VIRTUAL.port());
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), persistence, false, List.of(), List.of())));
        int port = method == ForwardingMethod.NAT ? 8080 : VIRTUAL.port();
        for (int i = 1; i <= servers; i++) {
            changes.add(
                    new Change.AddServer(
                            0, i - 1, new RealServer(real(i), port, method, 1, 0, 0, Tunnel.IPIP)));
        }
        apply(changes);
    }

    void apply(List<Change> changes) {
        assertThat(dataplane.apply(++generation, changes).join()).isEqualTo(generation);
    }

    void set(String name, String value) {
        sysctls = sysctls.with(Map.of(name, value));
        apply(List.of(new Change.SetSysctls(sysctls)));
    }

    void send(byte[] frame) {
        dataplane.inject(0, frame);
    }

    /** Frames that come in one burst. */
    void sendTogether(List<byte[]> frames) {
        frames.forEach(frame -> dataplane.enqueue(0, frame));
        dataplane.settle();
    }

    /** A segment or datagram from a client port to the virtual endpoint. */
    void fromClient(int port, int protocol, int flags) {
        fromClient(new Frames.Endpoint(CLIENT.address(), port), protocol, flags);
    }

    /** The same from any client behind the client's MAC address. */
    void fromClient(Frames.Endpoint from, int protocol, int flags) {
        send(Frames.frame(PORT_MAC, CLIENT_MAC, from, VIRTUAL, protocol, flags));
    }

    /** A segment or datagram from real server 1, port 8080, to a client port. */
    void fromServer(int port, int protocol, int flags) {
        Frames.Endpoint from = new Frames.Endpoint(real(1), 8080);
        Frames.Endpoint to = new Frames.Endpoint(CLIENT.address(), port);
        send(Frames.frame(PORT_MAC, SERVER_MAC, from, to, protocol, flags));
    }

    /** The next frame that was sent, or an empty array. */
    byte[] sent() {
        return dataplane.takeSent(0);
    }

    void drain() {
        while (sent().length > 0) {
            // to the last
        }
    }

    void pass(long seconds) {
        dataplane.advance(seconds * SECOND);
        drain();
    }

    /** Lets less than seconds pass. */
    void passNs(long nanos) {
        dataplane.advance(nanos);
        drain();
    }

    CountersView counters() {
        return dataplane.counters();
    }

    List<LocalPortView> localPorts() {
        return dataplane.localPorts(100).join();
    }

    List<ConnectionView> all() {
        return dataplane.connections(100_000).join();
    }

    ConnectionView only() {
        List<ConnectionView> all = all();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Override
    public void close() {
        drain();
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }
}
