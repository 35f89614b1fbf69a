package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.SynCookies;
import io.jvs.packet.Verdict;
import io.jvs.service.AccessEntry;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Limits;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers on DPDK ports for some seconds: what comes to the wrong one is handed over, or finds
 * a full ring; clients come through the SYN proxy; limits and access lists refuse; servers of the
 * other IP version are told their clients. Nothing is allocated for any of it.
 */
class WorkersAllocationIT {
    /** What DPDK's pcap driver gives its first port; the second has the next one. */
    private static final long FIRST_MAC = 0x02_70_63_61_70_00L;

    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    private static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final String CLIENT = "172.16.0.9";
    private static final String DENIED_CLIENT = "172.16.0.77";
    private static final String VIRTUAL = "10.99.0.1";
    private static final String SERVER = "192.168.77.1";
    private static final long SECRET_SEED = 5;
    private static final int FLOWS = 100;
    private static final int LOCAL_ADDRESSES = 500;
    private static final int PLAIN = 1000;
    private static final int LIMITED = 1001;
    private static final int PROXIED = 1002;
    private static final int MIXED = 1003;
    private static final int CLIENT_SEQUENCE = 70_000;
    private static final int SERVER_SEQUENCE = 900_000;
    private static final int SYN_ACK = Frames.SYN | Frames.ACK;
    private static final long WARM_UP_MILLIS = 6_000;
    private static final long LEAST_PACKETS = 10_000;
    private static final long LEAST_EVENTS = 100;

    @TempDir private Path directory;

    @Test
    void shouldAllocateNothingUnderTraffic() throws Exception {
        AllocationWindows.write(directory.resolve("clients.pcap"), clients());
        AllocationWindows.write(directory.resolve("servers.pcap"), servers());
        DataplaneSpec spec = spec();
        SplittableRandom secrets = new SplittableRandom(SECRET_SEED);
        try (Dataplane dataplane = DataplaneHost.open(spec, PortOverlays.NONE, secrets)) {
            CompletableFuture<Long> applied = dataplane.apply(1, changes());
            dataplane.start();
            applied.get(20, TimeUnit.SECONDS);
            Thread.sleep(WARM_UP_MILLIS);
            long[] before = events(dataplane);
            AllocationWindows.await(dataplane);
            long[] after = events(dataplane);
            for (int event = 0; event < before.length; event++) {
                assertThat(after[event] - before[event])
                        .as("event %d", event)
                        .isGreaterThan(LEAST_EVENTS);
            }
            CountersView counters = dataplane.counters();
            assertThat(counters.verdict(Verdict.FORWARDED)).isGreaterThan(LEAST_PACKETS);
            assertThat(counters.undisclosed()).isZero();
        }
    }

    /** What must have gone on all the while. */
    private static long[] events(Dataplane dataplane) {
        CountersView counters = dataplane.counters();
        List<WorkerView> workers = dataplane.workers();
        return new long[] {
            workers.get(0).receivedPackets(),
            workers.get(1).receivedPackets(),
            workers.get(0).takenOver(),
            workers.get(1).handedOver(),
            counters.syn(SynCounter.COOKIES_SENT),
            counters.syn(SynCounter.COOKIES_VALID),
            counters.verdict(Verdict.DROP_SERVER_LIMIT),
            counters.verdict(Verdict.DROP_DENIED),
            counters.server(0, ServerCounter.OUTGOING_PACKETS),
            counters.server(2, ServerCounter.OUTGOING_PACKETS),
            counters.server(3, ServerCounter.INCOMING_PACKETS),
        };
    }

    /** What the first port brings, again and again. */
    private static List<byte[]> clients() {
        List<byte[]> frames = new ArrayList<>();
        int now = (int) (System.nanoTime() / Worker.TICK_NS);
        for (int flow = 0; flow < FLOWS; flow++) {
            int port = 10_000 + flow;
            addPlain(frames, PLAIN, port);
            addPlain(frames, MIXED, port);
            frames.add(client(CLIENT, port, LIMITED, Frames.UDP, 0, 0, 0));
            frames.add(client(DENIED_CLIENT, port, LIMITED, Frames.UDP, 0, 0, 0));
            int first = CLIENT_SEQUENCE;
            frames.add(client(CLIENT, port, PROXIED, Frames.TCP, Frames.SYN, first, 0));
            // The key of cookies changes while this goes on.
            for (int epoch = 0; epoch <= 2; epoch++) {
                int ack = cookie(port, first, now + epoch * SynCookies.EPOCH_TICKS) + 1;
                frames.add(client(CLIENT, port, PROXIED, Frames.TCP, Frames.ACK, first + 1, ack));
            }
            frames.add(client(CLIENT, port, PROXIED, Frames.TCP, Frames.RST, first + 1, 0));
        }
        return frames;
    }

    private static void addPlain(List<byte[]> frames, int service, int port) {
        for (int flags : new int[] {Frames.SYN, Frames.ACK, Frames.ACK, Frames.RST}) {
            frames.add(client(CLIENT, port, service, Frames.TCP, flags, 1000, 2000));
        }
    }

    private static int cookie(int port, int first, int ticks) {
        SplittableRandom secrets = new SplittableRandom(SECRET_SEED);
        SynCookies cookies = new SynCookies(secrets.nextLong(), secrets.nextLong());
        cookies.setTime(ticks);
        PacketBurst burst = new PacketBurst();
        burst.add();
        burst.kind[0] = PacketBurst.KIND_IPV4;
        burst.key0[0] = raw(CLIENT) & 0xFFFF_FFFFL | (long) raw(VIRTUAL) << 32;
        burst.ports[0] = rawPort(port) | rawPort(PROXIED) << 16;
        return cookies.make(burst, 0, first, 6 | 15 << 3);
    }

    private static int raw(String address) {
        return Integer.reverseBytes((int) Address.parse(address).low());
    }

    private static int rawPort(int port) {
        return Short.reverseBytes((short) port) & 0xFFFF;
    }

    private static byte[] client(
            String from, int port, int service, int protocol, int flags, int sequence, int ack) {
        return frame(
                FIRST_MAC,
                CLIENT_MAC,
                Frames.Endpoint.of(from, port),
                Frames.Endpoint.of(VIRTUAL, service),
                protocol,
                flags,
                sequence,
                ack);
    }

    /** What the second port brings, to the other worker: answers of masqueraded servers. */
    private static List<byte[]> servers() {
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            int port = 10_000 + flow;
            frames.add(server(port, PLAIN, SYN_ACK, SERVER_SEQUENCE, 1001));
            frames.add(server(port, PROXIED, SYN_ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1));
        }
        return frames;
    }

    private static byte[] server(int port, int service, int flags, int sequence, int ack) {
        return frame(
                FIRST_MAC + 1,
                SERVER_MAC,
                Frames.Endpoint.of(SERVER, service),
                Frames.Endpoint.of(CLIENT, port),
                Frames.TCP,
                flags,
                sequence,
                ack);
    }

    private static byte[] frame(
            long to,
            long from,
            Frames.Endpoint source,
            Frames.Endpoint destination,
            int protocol,
            int flags,
            int sequence,
            int ack) {
        if (protocol == Frames.UDP) {
            return Frames.frame(to, from, source, destination, protocol, 0, new byte[18]);
        }
        ByteBuffer tcp = ByteBuffer.allocate(20);
        tcp.putShort((short) source.port()).putShort((short) destination.port());
        tcp.putInt(sequence).putInt(ack).putShort((short) (0x5000 | flags)).putShort((short) 8192);
        return Frames.withIp(
                to, from, source.address(), destination.address(), protocol, tcp.array());
    }

    private DataplaneSpec spec() {
        return new DataplaneSpec(
                List.of(
                        port("clients", "172.16.0.1", "2001:db8:c::1"),
                        port("servers", "192.168.77.254", "2001:db8:77::fe")),
                List.of(),
                List.of(
                        new NeighborSpec(Address.parse(CLIENT), CLIENT_MAC),
                        new NeighborSpec(Address.parse(SERVER), SERVER_MAC),
                        new NeighborSpec(Address.parse("2001:db8:77::1"), SERVER_MAC)),
                2,
                List.of(),
                100_000,
                "no-huge",
                128,
                "jvs-workers-allocation-it",
                7,
                false);
    }

    private PortSpec port(String name, String ipv4, String ipv6) {
        List<InterfaceSpec.Prefix> own =
                List.of(
                        new InterfaceSpec.Prefix(Address.parse(ipv4), 24),
                        new InterfaceSpec.Prefix(Address.parse(ipv6), 64));
        return new PortSpec(
                name,
                "pcap:" + directory.resolve(name + ".pcap") + ",infinite_rx=1",
                0,
                List.of(new InterfaceSpec(0, own)),
                "");
    }

    private static List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        AccessList access =
                AccessList.of(List.of(AccessEntry.parse("deny " + DENIED_CLIENT + "/32")));
        Limits limits = new Limits(FLOWS / 2, 0, 0, 0, 0);
        ServiceGuard none = ServiceGuard.NONE.withLimits(new Limits(1_000_000, 0, 0, 0, 0));
        SynProxySpec proxy = new SynProxySpec(SynProxySpec.Mode.ON, 100);
        changes.add(new Change.SetTimeouts(900, 120, 2));
        add(changes, 0, service(Protocol.TCP, PLAIN, none), nat(PLAIN));
        ServiceGuard guarded = none.withAccess(access);
        add(changes, 1, service(Protocol.UDP, LIMITED, guarded), nat(LIMITED).withLimits(limits));
        VirtualService syns = service(Protocol.TCP, PROXIED, none.withSynProxy(proxy));
        add(changes, 2, syns, nat(PROXIED));
        VirtualService mixed =
                service(Protocol.TCP, MIXED, none).withClientAddress(ClientAddress.PROXY_V2);
        changes.add(new Change.AddService(3, mixed));
        changes.add(new Change.SetLocalAddresses(3, locals()));
        changes.add(new Change.AddServer(3, 3, real("2001:db8:77::1", MIXED, FULLNAT)));
        return changes;
    }

    private static final ForwardingMethod FULLNAT = ForwardingMethod.FULLNAT;

    /**
     * So many that their ports last: one that was used waits for a minute, and hundreds of
     * thousands are used in a second.
     */
    private static List<Address> locals() {
        return IntStream.range(0, LOCAL_ADDRESSES)
                .mapToObj(i -> Address.parse("2001:db8:77::aa:" + Integer.toHexString(i)))
                .toList();
    }

    private static VirtualService service(Protocol protocol, int port, ServiceGuard guard) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, Address.parse(VIRTUAL), port);
        return new VirtualService(key, "wlc", Set.of(), null, false, List.of(), List.of())
                .withGuard(guard);
    }

    private static RealServer nat(int port) {
        return real(SERVER, port, ForwardingMethod.NAT);
    }

    private static RealServer real(String address, int port, ForwardingMethod method) {
        return new RealServer(Address.parse(address), port, method, 1, 0, 0, Tunnel.IPIP);
    }

    private static void add(
            List<Change> changes, int index, VirtualService service, RealServer server) {
        changes.add(new Change.AddService(index, service));
        changes.add(new Change.AddServer(index, index, server));
    }
}
