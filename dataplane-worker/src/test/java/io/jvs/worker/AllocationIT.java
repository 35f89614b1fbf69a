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
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker on DPDK ports, all four forwarding methods, for some seconds: packets of connections,
 * new connections, connections that end and connections that expire, connections that go on, both
 * ways, and nothing allocated for any of them.
 */
class AllocationIT {
    /** What DPDK's pcap driver gives its first port, and its second. */
    private static final long FIRST_MAC = 0x02_70_63_61_70_00L;

    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final int FLOWS = 200;
    private static final int PASSING_FLOWS = 500;

    /** A closed TCP connection expires after 10 s: by then the worker has long warmed up. */
    private static final long WARM_UP_MILLIS = 6_000;

    private static final long LEAST_PACKETS = 1_000_000;

    /** Services with one flow that goes on for ever, both ways, by the express lane. */
    private static final int HELD = 8;

    private static final int HELD_PORT = 3000;
    private static final int HELD_PACKETS = 100;
    private static final ForwardingMethod[] HELD_METHODS = {
        ForwardingMethod.FULLNAT, ForwardingMethod.NAT, ForwardingMethod.DIRECT_ROUTE
    };
    private static final long LEAST_CONNECTIONS = 10_000;

    @TempDir private Path directory;

    @Test
    void shouldAllocateNothingUnderTraffic() throws Exception {
        AllocationWindows.write(directory.resolve("steady.pcap"), steady());
        AllocationWindows.write(directory.resolve("passing.pcap"), passing());
        try (Dataplane dataplane = DataplaneHost.open(spec())) {
            CompletableFuture<Long> applied = dataplane.apply(1, changes());
            dataplane.start();
            applied.get(20, TimeUnit.SECONDS);
            Thread.sleep(WARM_UP_MILLIS);
            CountersView counters = dataplane.counters();
            long packets = received(counters);
            long connections = connectionsEver(counters);
            long connectionsNow = counters.connections();
            AllocationWindows.await(dataplane);
            assertThat(received(counters) - packets).isGreaterThan(LEAST_PACKETS);
            assertThat(connectionsEver(counters) - connections).isGreaterThan(LEAST_CONNECTIONS);
            assertThat(counters.connections()).as("expired meanwhile").isLessThan(connectionsNow);
            for (int method = 0; method < 4; method++) {
                assertThat(counters.server(method, ServerCounter.INCOMING_PACKETS)).isPositive();
            }
            for (int held = HELD; held < HELD + 2 * HELD_METHODS.length; held++) {
                assertThat(counters.server(held, ServerCounter.INCOMING_PACKETS))
                        .isGreaterThan(HELD_PACKETS);
                assertThat(counters.server(held, ServerCounter.CONNECTIONS)).isEqualTo(1);
                assertThat(counters.server(held, ServerCounter.OUTGOING_PACKETS) > HELD_PACKETS)
                        .as("server %d answers", held)
                        .isEqualTo(held < HELD + 4);
            }
            assertThat(counters.verdict(Verdict.FORWARDED)).isGreaterThan(LEAST_PACKETS);
        }
    }

    private static long received(CountersView counters) {
        return counters.port(0, PortCounter.RECEIVED_PACKETS)
                + counters.port(1, PortCounter.RECEIVED_PACKETS);
    }

    private static long connectionsEver(CountersView counters) {
        long sum = 0;
        for (int server = 0; server < 8; server++) {
            sum += counters.server(server, ServerCounter.CONNECTIONS);
        }
        return sum;
    }

    /** Each flow opens, sends, is reset and opens again; and datagrams. */
    private List<byte[]> steady() {
        List<byte[]> frames = new ArrayList<>();
        int[] rounds = {Frames.SYN, Frames.ACK, Frames.ACK, Frames.ACK, Frames.RST};
        for (int round : rounds) {
            for (int flow = 0; flow < FLOWS; flow++) {
                frames.add(frame(FIRST_MAC, 10_000 + flow, 1000 + flow % 4, Frames.TCP, round));
            }
        }
        for (int flow = 0; flow < FLOWS; flow++) {
            frames.add(frame(FIRST_MAC, 10_000 + flow, 2000 + flow % 4, Frames.UDP, 0));
        }
        addHeld(frames);
        return frames;
    }

    /** Each held flow's beginning, and then what client and server say. */
    private void addHeld(List<byte[]> frames) {
        List<Frames.Seen> begun = new ArrayList<>();
        try (MemoryDataplane model = MemoryDataplane.open(spec(), Lab.SECOND)) {
            assertThat(model.apply(1, changes()).join()).isEqualTo(1);
            for (int i = 0; i < 2 * HELD_METHODS.length; i++) {
                byte[] first = held(i, Frames.SYN);
                frames.add(first);
                byte[] same = first.clone();
                ByteBuffer.wrap(same).putInt(0, (int) (Lab.WAN_MAC >>> 16));
                ByteBuffer.wrap(same).putShort(4, (short) Lab.WAN_MAC);
                model.inject(0, same);
                begun.add(Frames.read(ExpressTwins.sent(model, 1).get(0)));
            }
        }
        for (int round = 0; round < HELD_PACKETS; round++) {
            for (int i = 0; i < begun.size(); i++) {
                frames.add(held(i, Frames.ACK));
                if (HELD_METHODS[i / 2] != ForwardingMethod.DIRECT_ROUTE) {
                    frames.add(answer(begun.get(i)));
                }
            }
        }
    }

    private static byte[] held(int i, int flags) {
        return frame(FIRST_MAC, 9000, HELD_PORT + i, i % 2 == 0 ? Frames.TCP : Frames.UDP, flags);
    }

    private static byte[] answer(Frames.Seen seen) {
        return Frames.frame(
                FIRST_MAC,
                SERVER_MAC,
                new Frames.Endpoint(seen.to(), seen.toPort()),
                new Frames.Endpoint(seen.from(), seen.fromPort()),
                seen.protocol(),
                Frames.ACK,
                new byte[12]);
    }

    /** Flows that are seen once: the datagrams' expire while it warms up, the segments' later. */
    private static List<byte[]> passing() {
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < PASSING_FLOWS; flow++) {
            int port = 20_000 + flow;
            long mac = FIRST_MAC + 1;
            frames.add(frame(mac, port, 1000 + flow % 4, Frames.TCP, Frames.SYN));
            frames.add(frame(mac, port, 1000 + flow % 4, Frames.TCP, Frames.ACK));
            frames.add(frame(mac, port, 1000 + flow % 4, Frames.TCP, Frames.RST));
            frames.add(frame(mac, port, 2000 + flow % 4, Frames.UDP, 0));
        }
        return frames;
    }

    private static byte[] frame(long mac, int from, int to, int protocol, int flags) {
        return Frames.frame(
                mac,
                CLIENT_MAC,
                Frames.Endpoint.of("172.16.0.9", from),
                Frames.Endpoint.of("10.99.0.1", to),
                protocol,
                flags);
    }

    private DataplaneSpec spec() {
        PortSpec steady = port("steady", "172.16.0.1", ",infinite_rx=1");
        PortSpec passing = port("passing", "192.168.77.254", ",infinite_rx=0");
        return new DataplaneSpec(
                List.of(steady, passing),
                List.of(),
                List.of(
                        new NeighborSpec(Address.parse("172.16.0.9"), CLIENT_MAC),
                        new NeighborSpec(Address.parse("192.168.77.1"), SERVER_MAC)),
                1,
                List.of(),
                100_000,
                "no-huge",
                128,
                "jvs-allocation-it",
                7,
                false);
    }

    private PortSpec port(String name, String address, String option) {
        InterfaceSpec.Prefix prefix = new InterfaceSpec.Prefix(Address.parse(address), 24);
        return new PortSpec(
                name,
                "pcap:" + directory.resolve(name + ".pcap") + option,
                0,
                List.of(new InterfaceSpec(0, List.of(prefix))),
                "");
    }

    /** A TCP and a UDP service for each method. */
    private static List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.SetTimeouts(900, 120, 2));
        ForwardingMethod[] methods = {
            ForwardingMethod.NAT,
            ForwardingMethod.DIRECT_ROUTE,
            ForwardingMethod.TUNNEL,
            ForwardingMethod.FULLNAT
        };
        for (int i = 0; i < methods.length; i++) {
            addService(changes, i, Protocol.TCP, 1000 + i, methods[i]);
            addService(changes, 4 + i, Protocol.UDP, 2000 + i, methods[i]);
        }
        for (int i = 0; i < 2 * HELD_METHODS.length; i++) {
            Protocol protocol = i % 2 == 0 ? Protocol.TCP : Protocol.UDP;
            addService(changes, HELD + i, protocol, HELD_PORT + i, HELD_METHODS[i / 2]);
        }
        return changes;
    }

    private static void addService(
            List<Change> changes, int index, Protocol protocol, int port, ForwardingMethod method) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, Address.parse("10.99.0.1"), port);
        changes.add(
                new Change.AddService(
                        index,
                        new VirtualService(
                                key, "wlc", Set.of(), null, false, List.of(), List.of())));
        Address local = Address.parse("192.168.77.100");
        changes.add(new Change.SetLocalAddresses(index, List.of(local)));
        RealServer server =
                new RealServer(Address.parse("192.168.77.1"), port, method, 1, 0, 0, Tunnel.IPIP);
        changes.add(new Change.AddServer(index, index, server));
    }
}
