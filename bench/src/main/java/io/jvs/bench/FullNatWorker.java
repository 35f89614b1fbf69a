package io.jvs.bench;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import io.jvs.worker.Change;
import io.jvs.worker.CountersView;
import io.jvs.worker.Dataplane;
import io.jvs.worker.DataplaneHost;
import io.jvs.worker.DataplaneSpec;
import io.jvs.worker.InterfaceSpec;
import io.jvs.worker.NeighborSpec;
import io.jvs.worker.PortCounter;
import io.jvs.worker.PortSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One measurement in a process of its own (DPDK starts once a process): the real data plane over
 * DPDK's pcap driver, which replays a file without end and drops what is sent. Prints one line with
 * ns a packet and what became of the packets.
 */
final class FullNatWorker {
    private static final long REAL_MAC = 0x02_00_00_00_00_03L;

    private FullNatWorker() {}

    static void run(Options options) throws Exception {
        int servers = options.number("servers", 10);
        try (Dataplane dataplane = DataplaneHost.open(spec(options, servers))) {
            CompletableFuture<Long> applied = dataplane.apply(1, changes(servers));
            dataplane.start();
            applied.get(10, TimeUnit.SECONDS);
            Thread.sleep(options.number("warmup", 6) * 1000L);
            CountersView counters = dataplane.counters();
            long allocated = dataplane.workers().getFirst().allocatedBytes();
            long forwardedBefore = counters.verdict(Verdict.FORWARDED);
            long packetsBefore = counters.port(0, PortCounter.RECEIVED_PACKETS);
            long start = System.nanoTime();
            Thread.sleep(options.number("seconds", 3) * 1000L);
            long packets = counters.port(0, PortCounter.RECEIVED_PACKETS) - packetsBefore;
            long elapsed = System.nanoTime() - start;
            long forwarded = counters.verdict(Verdict.FORWARDED) - forwardedBefore;
            long bytes = dataplane.workers().getFirst().allocatedBytes() - allocated;
            System.out.printf(
                    "RESULT ns=%.3f packets=%d forwarded=%d connections=%d allocated=%d%n",
                    (double) elapsed / packets, packets, forwarded, counters.connections(), bytes);
        }
    }

    private static DataplaneSpec spec(Options options, int servers) {
        InterfaceSpec lan =
                new InterfaceSpec(
                        0,
                        List.of(
                                new InterfaceSpec.Prefix(Address.parse("192.168.0.1"), 16),
                                new InterfaceSpec.Prefix(Address.parse("172.16.255.1"), 16)));
        PortSpec port =
                new PortSpec(
                        "bench",
                        "pcap:" + options.text("pcap", "") + ",infinite_rx=1",
                        1500,
                        List.of(lan),
                        "");
        List<NeighborSpec> neighbors = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            neighbors.add(new NeighborSpec(server(i), REAL_MAC));
        }
        return new DataplaneSpec(
                List.of(port),
                List.of(),
                neighbors,
                1,
                List.of(1),
                4_000_000,
                "no-huge",
                512,
                "jvsbench" + ProcessHandle.current().pid(),
                1,
                true);
    }

    private static Address server(int i) {
        return Address.ofIpv4(192 << 24 | 168 << 16 | 1 << 8 | i + 1);
    }

    private static List<Change> changes(int servers) {
        ServiceKey key =
                new ServiceKey.Endpoint(
                        Protocol.TCP,
                        Address.ofIpv4(TcpFlows.VIRTUAL_ADDRESS),
                        TcpFlows.VIRTUAL_PORT);
        VirtualService service =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(0, service));
        changes.add(
                new Change.SetLocalAddresses(
                        0, List.of(Address.parse("192.168.0.2"), Address.parse("192.168.0.3"))));
        for (int i = 0; i < servers; i++) {
            RealServer server =
                    new RealServer(server(i), 8080, ForwardingMethod.FULLNAT, 1, 0, 0, Tunnel.IPIP);
            changes.add(new Change.AddServer(0, i, server));
        }
        return changes;
    }
}
