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
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Must show 1: a million random FULLNAT connections in all, through the whole packet path over
 * model adapters whose RSS is the only thing that brings packets to workers. Each is answered by
 * its server, and no packet is for another worker than the one that its queue is of.
 */
class SteeredConnectionsTest {
    private static final long WAN_MAC = 0x02_6A_76_73_00_01L;
    private static final long PEER_MAC = 0x02_00_00_00_00_11L;
    private static final int WAN = 0;
    private static final int LAN = 1;
    private static final int CONNECTIONS = 125_000;
    private static final int BATCH = 250;
    private static final int SERVERS = 8;
    private static final int LOCALS = 4;

    private final SplittableRandom random = new SplittableRandom(77);

    @ParameterizedTest
    @CsvSource({
        "2, false",
        "2, true",
        "4, false",
        "4, true",
        "8, false",
        "8, true",
        "16, false",
        "16, true"
    })
    void shouldNeverNeedAnotherWorker(int workers, boolean ipv6) {
        try (MemoryDataplane dataplane = MemoryDataplane.open(spec(workers), 1_000_000_000L)) {
            assertThat(dataplane.ports()).extracting(PortView::steering).containsOnly(Steering.RSS);
            assertThat(dataplane.apply(1, changes(ipv6)).join()).isEqualTo(1);
            Frames.Endpoint virtual = new Frames.Endpoint(virtual(ipv6), 80);
            for (int done = 0; done < CONNECTIONS; done += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    dataplane.enqueue(WAN, fromClient(ipv6, virtual));
                }
                dataplane.settle();
                for (int i = 0; i < BATCH; i++) {
                    dataplane.enqueue(LAN, answer(dataplane.takeSent(LAN)));
                }
                dataplane.settle();
                for (int i = 0; i < BATCH; i++) {
                    assertThat(dataplane.takeSent(WAN)).isNotEmpty();
                }
            }
            CountersView counters = dataplane.counters();
            assertThat(counters.connections()).isEqualTo(CONNECTIONS);
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(2 * CONNECTIONS);
            assertThat(dataplane.workers())
                    .allSatisfy(worker -> {
                        assertThat(worker.handedOver()).isZero();
                        assertThat(worker.takenOver()).isZero();
                        assertThat(worker.receivedPackets()).isGreaterThan(CONNECTIONS / workers);
                    });
            assertThat(dataplane.buffersInUse()).isZero();
        }
    }

    private byte[] fromClient(boolean ipv6, Frames.Endpoint virtual) {
        Address client =
                ipv6
                        ? Address.ofIpv6(0x2001_0DB8_0BADL << 16, random.nextLong())
                        : Address.ofIpv4(0x6400_0000 | random.nextInt(1 << 24));
        Frames.Endpoint from = new Frames.Endpoint(client, random.nextInt(1024, 65_536));
        return Frames.frame(WAN_MAC, PEER_MAC, from, virtual, Frames.TCP, Frames.SYN);
    }

    /** The frame turned round, as the server's SYN-ACK; nobody looks at its TCP checksum. */
    private static byte[] answer(byte[] frame) {
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

    private static Address real(boolean ipv6, int number) {
        return Address.parse((ipv6 ? "2001:db8:77::" : "192.168.77.") + number);
    }

    private static List<Change> changes(boolean ipv6) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, virtual(ipv6), 80);
        List<Change> changes = new ArrayList<>();
        changes.add(
                new Change.AddService(
                        0,
                        new VirtualService(
                                key, "rr", Set.of(), null, false, List.of(), List.of())));
        List<Address> locals = new ArrayList<>();
        for (int i = 0; i < LOCALS; i++) {
            locals.add(real(ipv6, 100 + i));
        }
        changes.add(new Change.SetLocalAddresses(0, locals));
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

    private static PortSpec port(String name, String ipv4, String ipv6) {
        List<InterfaceSpec.Prefix> own =
                List.of(
                        new InterfaceSpec.Prefix(Address.parse(ipv4), 24),
                        new InterfaceSpec.Prefix(Address.parse(ipv6), 64));
        return new PortSpec(name, MemoryPorts.RSS, 0, List.of(new InterfaceSpec(0, own)), "");
    }

    private static RouteSpec byDefault(String any, String gateway) {
        return new RouteSpec(
                new InterfaceSpec.Prefix(Address.parse(any), 0), Address.parse(gateway));
    }

    private static DataplaneSpec spec(int workers) {
        List<NeighborSpec> neighbors = new ArrayList<>();
        neighbors.add(new NeighborSpec(Address.parse("172.16.0.9"), PEER_MAC));
        neighbors.add(new NeighborSpec(Address.parse("2001:db8:c::9"), PEER_MAC));
        for (int i = 1; i <= SERVERS; i++) {
            neighbors.add(new NeighborSpec(real(false, i), PEER_MAC));
            neighbors.add(new NeighborSpec(real(true, i), PEER_MAC));
        }
        return new DataplaneSpec(
                List.of(
                        port("wan", "172.16.0.1", "2001:db8:c::1"),
                        port("lan", "192.168.77.254", "2001:db8:77::fe")),
                List.of(byDefault("0.0.0.0", "172.16.0.9"), byDefault("::", "2001:db8:c::9")),
                neighbors,
                workers,
                List.of(),
                CONNECTIONS,
                "no-huge",
                64,
                "test",
                42,
                false);
    }
}
