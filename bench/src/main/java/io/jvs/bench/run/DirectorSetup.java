package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowPlan;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.ClientAddress;
import io.jvs.service.Limits;
import io.jvs.service.Protocol;
import io.jvs.service.QuicRouting;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import io.jvs.worker.Change;
import io.jvs.worker.DataplaneSpec;
import io.jvs.worker.InterfaceSpec;
import io.jvs.worker.NeighborSpec;
import io.jvs.worker.PortSpec;
import io.jvs.worker.RouteSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The director of a scenario: its data plane and its rules, with limits that are checked and never
 * reached.
 *
 * @param scenario what is measured
 * @param plan its addresses
 */
record DirectorSetup(Scenario scenario, FlowPlan plan) {
    private static final long SERVER_MAC = 0x02_00_00_00_00_03L;
    private static final long ROUTER_MAC = 0x02_00_00_00_00_02L;
    private static final int UNREACHED = 1_500_000_000;
    private static final int MEMORY_MEGABYTES = 512;

    /** More connections than live and die in a minute. */
    private static final int LIVES = 30_000_000;

    static DirectorSetup of(Scenario scenario) {
        FlowPlan plan =
                new FlowPlan(
                        scenario.family(),
                        scenario.flows(),
                        scenario.services(),
                        scenario.servers(),
                        localPorts(scenario));
        return new DirectorSetup(scenario, plan);
    }

    /** Ports of closed connections wait for a minute. */
    private static int localPorts(Scenario scenario) {
        return scenario.kind() == Scenario.Kind.LIFE ? scenario.flows() + LIVES : scenario.flows();
    }

    /** What the data plane is opened with. */
    DataplaneSpec spec(Path pcap, int cpu) {
        return new DataplaneSpec(
                List.of(port(pcap)),
                List.of(new RouteSpec(prefix(plan.any(), 0), plan.clientRouter())),
                neighbors(),
                scenario.workers(),
                cpus(cpu),
                scenario.flows() + scenario.flows() / 8 + 4096,
                scenario.memory(),
                MEMORY_MEGABYTES,
                "jvsbench" + ProcessHandle.current().pid(),
                1,
                true);
    }

    /** The given core for the first worker, the others from the lowest on. */
    private List<Integer> cpus(int first) {
        List<Integer> all = new ArrayList<>(List.of(first));
        for (int cpu = 0; all.size() < scenario.workers(); cpu++) {
            if (cpu != first) {
                all.add(cpu);
            }
        }
        return all;
    }

    /** A queue for each worker, which replays the same file. */
    private PortSpec port(Path pcap) {
        String more = (",rx_pcap=" + pcap).repeat(scenario.workers() - 1);
        InterfaceSpec.Prefix own = prefix(plan.directorOnLan(), plan.lanPrefix());
        return new PortSpec(
                "bench",
                "pcap:" + pcap + ",infinite_rx=1" + more,
                1500,
                List.of(new InterfaceSpec(0, List.of(own))),
                "");
    }

    private static InterfaceSpec.Prefix prefix(Address address, int length) {
        return new InterfaceSpec.Prefix(address, length);
    }

    private List<NeighborSpec> neighbors() {
        List<NeighborSpec> all = new ArrayList<>();
        all.add(new NeighborSpec(plan.clientRouter(), ROUTER_MAC));
        for (int i = 0; i < plan.servers(); i++) {
            all.add(new NeighborSpec(plan.server(i), SERVER_MAC));
        }
        return all;
    }

    /** The rules. */
    List<Change> changes() {
        List<Change> all = new ArrayList<>();
        List<Address> locals = plan.locals();
        for (int service = 0; service < plan.services(); service++) {
            all.add(new Change.AddService(service, service(service)));
            all.add(new Change.SetLocalAddresses(service, locals));
            for (int i = 0; i < plan.servers(); i++) {
                int index = service * plan.servers() + i;
                all.add(new Change.AddServer(service, index, server(i)));
            }
        }
        return all;
    }

    private VirtualService service(int number) {
        Address address = plan.virtualAddress(number);
        Limits limits =
                switch (scenario.limits()) {
                    case NONE -> Limits.NONE;
                    case CONNECTIONS -> new Limits(UNREACHED, UNREACHED, 0, 0, 0);
                    case TRAFFIC -> new Limits(UNREACHED, UNREACHED, UNREACHED, 0, 0);
                };
        return new VirtualService(
                new ServiceKey.Endpoint(Protocol.TCP, address, FlowPlan.VIRTUAL_PORT),
                scenario.scheduler(),
                Set.of(),
                null,
                "",
                false,
                List.of(),
                List.of(),
                ServiceGuard.NONE.withLimits(limits).withSynProxy(synProxy()),
                ClientAddress.HIDDEN,
                QuicRouting.NONE);
    }

    private SynProxySpec synProxy() {
        return scenario.kind() == Scenario.Kind.FLOOD
                ? new SynProxySpec(SynProxySpec.Mode.ON, SynProxySpec.DEFAULT_THRESHOLD)
                : SynProxySpec.OFF;
    }

    /** A change of the rules: another weight for the first server of the first service. */
    Change change(int weight) {
        return new Change.EditServer(0, 0, server(0).withWeight(weight));
    }

    private RealServer server(int number) {
        int port =
                switch (scenario.mode()) {
                    case NAT, FULLNAT -> FlowPlan.REAL_PORT;
                    default -> FlowPlan.VIRTUAL_PORT;
                };
        Tunnel tunnel = Tunnel.IPIP;
        return new RealServer(plan.server(number), port, scenario.mode(), 1, UNREACHED, 0, tunnel);
    }

    /** Whether addresses are IPv6. */
    boolean isIpv6() {
        return scenario.family() == AddressFamily.IPV6;
    }
}
