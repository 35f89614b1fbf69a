package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random clients of one FULLNAT service with several servers, and the servers' answers, over model
 * adapters of a kind: a port "wan" and a port "lan".
 */
final class SteeredTraffic {
    static final int WAN = 0;
    static final int LAN = 1;
    static final int LOCALS = 4;
    private static final long WAN_MAC = 0x02_6A_76_73_00_01L;
    private static final long PEER_MAC = 0x02_00_00_00_00_11L;
    private static final int SERVERS = 8;

    private final SplittableRandom random = new SplittableRandom(77);
    private final boolean ipv6;
    private final Frames.Endpoint virtual;

    SteeredTraffic(boolean ipv6) {
        this.ipv6 = ipv6;
        this.virtual = new Frames.Endpoint(virtual(ipv6), 80);
    }

    /** That many new connections in a burst, each answered by its server; what clients get. */
    int exchange(MemoryDataplane dataplane, int connections) {
        for (int i = 0; i < connections; i++) {
            dataplane.enqueue(WAN, fromClient());
        }
        dataplane.settle();
        for (int i = 0; i < connections; i++) {
            dataplane.enqueue(LAN, answer(dataplane.takeSent(LAN)));
        }
        dataplane.settle();
        int answered = 0;
        while (dataplane.takeSent(WAN).length > 0) {
            answered++;
        }
        return answered;
    }

    private byte[] fromClient() {
        Address client =
                ipv6
                        ? Address.ofIpv6(0x2001_0DB8_0BADL << 16, random.nextLong())
                        : Address.ofIpv4(0x6400_0000 | random.nextInt(1 << 24));
        Frames.Endpoint from = new Frames.Endpoint(client, random.nextInt(1024, 65_536));
        return Frames.frame(WAN_MAC, PEER_MAC, from, virtual, Frames.TCP, Frames.SYN);
    }

    /** The frame turned round, as the server's SYN-ACK; nobody looks at its TCP checksum. */
    static byte[] answer(byte[] frame) {
        boolean ipv6 = frame[12] == (byte) 0x86;
        swap(frame, 0, 6, 6);
        swap(frame, ipv6 ? 22 : 26, ipv6 ? 16 : 4, ipv6 ? 16 : 4);
        int tcp = ipv6 ? 54 : 34;
        swap(frame, tcp, 2, 2);
        frame[tcp + 13] = Frames.SYN | Frames.ACK;
        return frame;
    }

    private static void swap(byte[] frame, int at, int distance, int bytes) {
        for (int i = at; i < at + bytes; i++) {
            byte first = frame[i];
            frame[i] = frame[i + distance];
            frame[i + distance] = first;
        }
    }

    private static Address virtual(boolean ipv6) {
        return Address.parse(ipv6 ? "2001:db8:99::1" : "10.99.0.1");
    }

    static Address real(boolean ipv6, int number) {
        return Address.parse((ipv6 ? "2001:db8:77::" : "192.168.77.") + number);
    }

    List<Change> changes() {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, virtual(ipv6), 80);
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), null, false, List.of(), List.of())));
        changes.add(new Change.SetLocalAddresses(0, locals(ipv6)));
        for (int i = 0; i < SERVERS; i++) {
            RealServer server =
                    new RealServer(
                            real(ipv6, 1 + i),
                            8000 + i,
                            ForwardingMethod.FULLNAT,
                            1,
                            0,
                            0,
                            Tunnel.IPIP);
            changes.add(new Change.AddServer(0, i, server));
        }
        return changes;
    }

    static List<Address> locals(boolean ipv6) {
        List<Address> locals = new ArrayList<>();
        for (int i = 0; i < LOCALS; i++) {
            locals.add(real(ipv6, 100 + i));
        }
        return locals;
    }

    private static PortSpec port(String name, String device, String ipv4, String ipv6) {
        List<InterfaceSpec.Prefix> own =
                List.of(
                        new InterfaceSpec.Prefix(Address.parse(ipv4), 24),
                        new InterfaceSpec.Prefix(Address.parse(ipv6), 64));
        return new PortSpec(name, device, 0, List.of(new InterfaceSpec(0, own)), "");
    }

    private static RouteSpec byDefault(String any, String gateway) {
        return new RouteSpec(
                new InterfaceSpec.Prefix(Address.parse(any), 0), Address.parse(gateway));
    }

    static DataplaneSpec spec(int workers, String wan, String lan) {
        List<NeighborSpec> neighbors = new ArrayList<>();
        neighbors.add(new NeighborSpec(Address.parse("172.16.0.9"), PEER_MAC));
        neighbors.add(new NeighborSpec(Address.parse("2001:db8:c::9"), PEER_MAC));
        for (int i = 1; i <= SERVERS; i++) {
            neighbors.add(new NeighborSpec(real(false, i), PEER_MAC));
            neighbors.add(new NeighborSpec(real(true, i), PEER_MAC));
        }
        return new DataplaneSpec(
                List.of(
                        port("wan", wan, "172.16.0.1", "2001:db8:c::1"),
                        port("lan", lan, "192.168.77.254", "2001:db8:77::fe")),
                List.of(byDefault("0.0.0.0", "172.16.0.9"), byDefault("::", "2001:db8:c::9")),
                neighbors,
                workers,
                List.of(),
                125_000,
                "no-huge",
                64,
                "test",
                42,
                false);
    }
}
