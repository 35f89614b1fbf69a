package io.jvs.bench.replay;

import io.jvs.service.Address;
import io.jvs.worker.DataplaneSpec;
import io.jvs.worker.InterfaceSpec;
import io.jvs.worker.InterfaceSpec.Prefix;
import io.jvs.worker.NeighborSpec;
import io.jvs.worker.PortSpec;
import io.jvs.worker.RouteSpec;
import java.util.ArrayList;
import java.util.List;

/** The network in which the golden files were recorded. */
final class Topology {
    /** Port towards the clients' router. */
    static final int CLIENT_PORT = 0;

    /** Port on the servers' segment. */
    static final int SERVER_PORT = 1;

    /** Hardware address of the clients' router. */
    static final long ROUTER_MAC = 0x02_00_00_00_00_01L;

    /** Hardware address of real server 1; server n has n - 1 more. */
    static final long FIRST_SERVER_MAC = 0x02_00_00_00_01_01L;

    private static final int SERVERS = 8;
    private static final int MAX_CONNECTIONS = 1 << 17;
    private static final Prefix VIRTUAL4 = prefix("10.99.0.0", 16);
    private static final Prefix VIRTUAL6 = prefix("2001:db8:99::", 48);

    private Topology() {}

    /** Whether it is a virtual address; the real servers have them all on their loopback. */
    static boolean isVirtual(Address address) {
        Prefix network = address.isIpv6() ? VIRTUAL6 : VIRTUAL4;
        return address.isIn(network.address(), network.length());
    }

    /** Whether a real server has that address itself. */
    static boolean isServer(Address address) {
        for (int i = 1; i <= SERVERS; i++) {
            if (address.equals(server(i, address.isIpv6()))) {
                return true;
            }
        }
        return false;
    }

    private static Address server(int number, boolean ipv6) {
        return Address.parse((ipv6 ? "2001:db8:77::" : "192.168.77.") + number);
    }

    /** The data plane of the director there. */
    static DataplaneSpec dataplane(long seed) {
        return new DataplaneSpec(
                List.of(
                        port("clients", prefix("192.0.2.2", 30), prefix("2001:db8:1::2", 64)),
                        port(
                                "servers",
                                prefix("192.168.77.254", 24),
                                prefix("2001:db8:77::fe", 64))),
                List.of(
                        route(prefix("172.16.0.0", 12), "192.0.2.1"),
                        route(prefix("2001:db8:c::", 48), "2001:db8:1::1")),
                neighbors(),
                1,
                List.of(),
                MAX_CONNECTIONS,
                "no-huge",
                0,
                "replay",
                seed,
                false);
    }

    private static PortSpec port(String name, Prefix ipv4, Prefix ipv6) {
        InterfaceSpec untagged = new InterfaceSpec(0, List.of(ipv4, ipv6));
        return new PortSpec(name, "memory", 0, List.of(untagged), "");
    }

    private static RouteSpec route(Prefix destination, String gateway) {
        return new RouteSpec(destination, Address.parse(gateway));
    }

    private static List<NeighborSpec> neighbors() {
        List<NeighborSpec> neighbors = new ArrayList<>();
        neighbors.add(new NeighborSpec(Address.parse("192.0.2.1"), ROUTER_MAC));
        neighbors.add(new NeighborSpec(Address.parse("2001:db8:1::1"), ROUTER_MAC));
        for (int i = 1; i <= SERVERS; i++) {
            neighbors.add(new NeighborSpec(server(i, false), FIRST_SERVER_MAC + i - 1));
            neighbors.add(new NeighborSpec(server(i, true), FIRST_SERVER_MAC + i - 1));
        }
        return neighbors;
    }

    private static Prefix prefix(String address, int length) {
        return new Prefix(Address.parse(address), length);
    }
}
