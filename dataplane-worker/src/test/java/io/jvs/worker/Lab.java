package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A director in memory between a client network and a network of two servers. */
final class Lab implements AutoCloseable {
    static final long WAN_MAC = 0x02_6A_76_73_00_01L;
    static final long LAN_MAC = 0x02_6A_76_73_00_02L;
    static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    static final int WAN = 0;
    static final int LAN = 1;
    static final long SECOND = 1_000_000_000L;

    final MemoryDataplane dataplane;
    final int workers;

    /** Whether FTP services that are made in it have a SYN proxy. */
    boolean proxiesFtp;

    private long generation;
    private int services;
    private int servers;

    Lab() {
        this(1, "memory");
    }

    /** With several workers, over ports of that device. */
    Lab(int workers, String device) {
        this.workers = workers;
        PortSpec wan = port("wan", device, "172.16.0.1", "2001:db8:c::1");
        PortSpec lan = port("lan", device, "192.168.77.254", "2001:db8:77::fe");
        List<NeighborSpec> neighbors = new ArrayList<>();
        for (String client : List.of("172.16.0.9", "172.16.0.10", "2001:db8:c::9")) {
            neighbors.add(new NeighborSpec(Address.parse(client), CLIENT_MAC));
        }
        for (boolean v6 : new boolean[] {false, true}) {
            for (int number = 1; number <= 2; number++) {
                neighbors.add(new NeighborSpec(realAddress(v6, number), SERVER_MAC));
            }
        }
        dataplane =
                MemoryDataplane.open(
                        new DataplaneSpec(
                                List.of(wan, lan),
                                List.of(),
                                neighbors,
                                workers,
                                List.of(),
                                1000,
                                "no-huge",
                                64,
                                "test",
                                42,
                                false),
                        SECOND);
    }

    private static PortSpec port(String name, String device, String ipv4, String ipv6) {
        List<InterfaceSpec.Prefix> own =
                List.of(
                        new InterfaceSpec.Prefix(Address.parse(ipv4), 24),
                        new InterfaceSpec.Prefix(Address.parse(ipv6), 64));
        return new PortSpec(name, device, 0, List.of(new InterfaceSpec(0, own)), "");
    }

    static Frames.Endpoint client(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:c::9" : "172.16.0.9", 40_000);
    }

    static Frames.Endpoint virtual(boolean v6) {
        return Frames.Endpoint.of(v6 ? "2001:db8:99::1" : "10.99.0.1", 80);
    }

    static Address realAddress(boolean v6, int number) {
        return Address.parse((v6 ? "2001:db8:77::" : "192.168.77.") + number);
    }

    static Address local(boolean v6) {
        return Address.parse(v6 ? "2001:db8:77::aa" : "192.168.77.100");
    }

    /** A service on port 80 of the virtual address, with that many servers. */
    void service(
            Protocol protocol,
            boolean v6,
            ForwardingMethod method,
            Tunnel tunnel,
            int realPort,
            int count) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, virtual(v6).address(), 80);
        List<Change> changes = new ArrayList<>();
        int service = services++;
        changes.add(
                new Change.AddService(
                        service,
                        new VirtualService(
                                key, "rr", Set.of(), null, false, List.of(), List.of())));
        changes.add(new Change.SetLocalAddresses(service, List.of(local(v6))));
        for (int number = 1; number <= count; number++) {
            changes.add(
                    new Change.AddServer(
                            service,
                            servers++,
                            new RealServer(
                                    realAddress(v6, number), realPort, method, 1, 0, 0, tunnel)));
        }
        apply(changes);
    }

    /** A TCP service with one server behind the SYN proxy. */
    void synProxied(boolean v6, ForwardingMethod method, SynProxySpec syns, ClientAddress how) {
        service(Protocol.TCP, v6, method, Tunnel.IPIP, 8080, 1);
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, virtual(v6).address(), 80);
        VirtualService spec =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        apply(
                List.of(
                        new Change.EditService(
                                0,
                                spec.withGuard(ServiceGuard.NONE.withSynProxy(syns))
                                        .withClientAddress(how))));
    }

    /** A service whose real server, on port 8080, is of the other family than its clients. */
    void mixed(Protocol protocol, boolean v6, ServiceGuard guard, ClientAddress how) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, virtual(v6).address(), 80);
        VirtualService spec =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of())
                        .withGuard(guard)
                        .withClientAddress(how);
        RealServer server =
                new RealServer(
                        realAddress(!v6, 1), 8080, ForwardingMethod.FULLNAT, 1, 0, 0, Tunnel.IPIP);
        apply(
                List.of(
                        new Change.AddService(services, spec),
                        new Change.SetLocalAddresses(services++, List.of(local(v6), local(!v6))),
                        new Change.AddServer(services - 1, servers++, server)));
    }

    void apply(List<Change> changes) {
        assertThat(dataplane.apply(++generation, changes).join()).isEqualTo(generation);
    }

    byte[] fromClient(boolean v6, int protocol, int flags, byte[] payload) {
        return Frames.frame(WAN_MAC, CLIENT_MAC, client(v6), virtual(v6), protocol, flags, payload);
    }

    /** Everything that a port has sent. */
    List<byte[]> sent(int port) {
        List<byte[]> frames = new ArrayList<>();
        for (byte[] frame = dataplane.takeSent(port);
                frame.length > 0;
                frame = dataplane.takeSent(port)) {
            frames.add(frame);
        }
        return frames;
    }

    long verdict(int code) {
        return dataplane.counters().verdict(code);
    }

    /** Every packet has a verdict and every buffer is back, once all timeouts are over. */
    @Override
    public void close() {
        dataplane.advance(70 * SECOND);
        long received = 0;
        for (int port = 0; port < 2; port++) {
            sent(port);
            received += dataplane.counters().port(port, PortCounter.RECEIVED_PACKETS);
        }
        long verdicts = 0;
        for (int code = 1; code < Verdict.COUNT; code++) {
            verdicts += verdict(code);
        }
        assertThat(verdicts).isEqualTo(received);
        assertThat(dataplane.buffersInUse()).isZero();
        dataplane.close();
    }
}
