package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.Drain;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Limits;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServerExit;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Sysctls;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Services of every kind around {@link ExpressTwins}, and what an operator does to them. */
final class ExpressNetwork {
    static final int WAN = 0;
    static final int LAN = 1;
    static final int TAGGED = 2;
    static final int LAN_MTU = 1400;
    static final int VLAN = 7;
    static final Address VIRTUAL4 = Address.parse("10.99.0.1");
    static final Address VIRTUAL6 = Address.parse("2001:db8:99::1");
    private static final int SERVERS = 3;

    /** A virtual service as it is now. */
    static final class Service {
        final int index;
        final Protocol protocol;
        final Address virtual;
        final int port;
        VirtualService spec;

        Service(int index, VirtualService spec) {
            ServiceKey.Endpoint key = (ServiceKey.Endpoint) spec.key();
            this.index = index;
            this.protocol = key.protocol();
            this.virtual = key.address();
            this.port = key.port();
            this.spec = spec;
        }
    }

    final List<Service> services = new ArrayList<>();
    final List<Change> begin = new ArrayList<>();
    private final List<RealServer> servers = new ArrayList<>();
    private final Set<Integer> removed = new HashSet<>();
    private final SplittableRandom random;
    final boolean scarce;

    /** With limits of packets that are reached, or none. */
    ExpressNetwork(SplittableRandom random, boolean scarce) {
        this.scarce = scarce;
        this.random = random;
        for (ForwardingMethod method :
                List.of(
                        ForwardingMethod.FULLNAT,
                        ForwardingMethod.NAT,
                        ForwardingMethod.DIRECT_ROUTE,
                        ForwardingMethod.TUNNEL)) {
            int port = 80 + services.size();
            add(service(Protocol.TCP, VIRTUAL4, port), method);
            add(service(Protocol.UDP, VIRTUAL4, port), method);
            add(service(Protocol.TCP, VIRTUAL6, port), method);
            add(service(Protocol.SCTP, VIRTUAL4, port), method);
        }
        ForwardingMethod fullNat = ForwardingMethod.FULLNAT;
        add(service(Protocol.TCP, VIRTUAL4, 21), ForwardingMethod.NAT);
        add(service(Protocol.TCP, VIRTUAL4, 22).withGuard(synProxy()), fullNat);
        add(service(Protocol.TCP, VIRTUAL4, 23).withClientAddress(ClientAddress.TOA), fullNat);
        add(service(Protocol.TCP, VIRTUAL4, 24).withClientAddress(ClientAddress.PROXY_V2), fullNat);
        add(service(Protocol.UDP, VIRTUAL4, 23).withClientAddress(ClientAddress.UOA), fullNat);
        add(persistent(Protocol.TCP, 25), fullNat);
        add(persistent(Protocol.UDP, 26), fullNat);
        add(persistent(Protocol.UDP, 27), ForwardingMethod.NAT);
        begin.add(new Change.SetSysctls(sysctls("1")));
        ServiceKey once = new ServiceKey.Endpoint(Protocol.UDP, VIRTUAL4, 28);
        add(
                new VirtualService(once, "rr", Set.of(), null, true, List.of(), List.of()),
                ForwardingMethod.NAT);
    }

    private static ServiceGuard synProxy() {
        return ServiceGuard.NONE.withSynProxy(
                new SynProxySpec(SynProxySpec.Mode.ON, SynProxySpec.DEFAULT_THRESHOLD));
    }

    private static VirtualService service(Protocol protocol, Address virtual, int port) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, virtual, port);
        return new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
    }

    private static VirtualService persistent(Protocol protocol, int port) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, VIRTUAL4, port);
        Persistence persistence = new Persistence(50, 32);
        return new VirtualService(key, "rr", Set.of(), persistence, false, List.of(), List.of());
    }

    private void add(VirtualService spec, ForwardingMethod method) {
        Service service = new Service(services.size(), spec);
        services.add(service);
        begin.add(new Change.AddService(service.index, spec));
        boolean v6 = service.virtual.isIpv6();
        List<Address> locals =
                v6
                        ? List.of(Address.parse("2001:db8:77::aa"))
                        : List.of(Address.parse("192.168.77.100"), Address.parse("192.168.77.101"));
        begin.add(new Change.SetLocalAddresses(service.index, locals));
        for (int i = 0; i < SERVERS; i++) {
            int index = service.index * SERVERS + i;
            Address real = v6 ? Lab.realAddress(true, i + 1) : real4(service.index, i);
            int realPort = method == ForwardingMethod.FULLNAT ? 8000 + i : service.port;
            RealServer server = new RealServer(real, realPort, method, 1 + i, 0, 0, Tunnel.IPIP);
            servers.add(server);
            begin.add(new Change.AddServer(service.index, index, server));
        }
    }

    /** On the LAN, known and to be asked for; on a VLAN; behind a gateway; next to the clients. */
    private static Address real4(int service, int number) {
        List<String> third =
                List.of("192.168.78.1", "50.0.0.1", "172.16.0.51", "192.168.77.4", "99.0.0.1");
        return Address.parse(
                switch (number) {
                    case 0 -> "192.168.77.1";
                    case 1 -> "192.168.77.2";
                    default -> third.get(service % third.size());
                });
    }

    static DataplaneSpec spec(int workers, String device) {
        PortSpec wan = port("wan", device, 0, 0, "172.16.0.1/24", "2001:db8:c::1/64");
        PortSpec lan =
                new PortSpec(
                        "lan",
                        device,
                        LAN_MTU,
                        List.of(
                                new InterfaceSpec(
                                        0,
                                        List.of(
                                                prefix("192.168.77.254/24"),
                                                prefix("2001:db8:77::fe/64"))),
                                new InterfaceSpec(VLAN, List.of(prefix("192.168.78.254/24")))),
                        "");
        PortSpec tagged = port("tagged", device, 0, 9, "10.98.0.254/24");
        return new DataplaneSpec(
                List.of(wan, lan, tagged),
                List.of(
                        new RouteSpec(prefix("20.0.0.0/8"), Address.parse("172.16.0.253")),
                        new RouteSpec(prefix("20.1.0.0/16"), Address.parse("172.16.0.252")),
                        new RouteSpec(prefix("200.0.0.0/8"), Address.parse("172.16.0.253")),
                        new RouteSpec(prefix("30.0.0.0/8"), Address.parse("192.168.77.250")),
                        new RouteSpec(prefix("50.0.0.0/8"), Address.parse("192.168.77.249"))),
                List.of(
                        neighbor("172.16.0.9", 0x11),
                        neighbor("2001:db8:c::9", 0x11),
                        neighbor("192.168.77.1", 0x22),
                        neighbor("192.168.78.1", 0x23),
                        neighbor("2001:db8:77::1", 0x22),
                        neighbor("2001:db8:77::2", 0x22)),
                workers,
                List.of(),
                2000,
                "no-huge",
                64,
                "test",
                42,
                false);
    }

    private static NeighborSpec neighbor(String address, int mac) {
        return new NeighborSpec(Address.parse(address), 0x02_00_00_00_00_00L + mac);
    }

    private static PortSpec port(
            String name, String device, int mtu, int vlan, String... addresses) {
        List<InterfaceSpec.Prefix> own = new ArrayList<>();
        for (String address : addresses) {
            own.add(prefix(address));
        }
        return new PortSpec(name, device, mtu, List.of(new InterfaceSpec(vlan, own)), "");
    }

    private static InterfaceSpec.Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new InterfaceSpec.Prefix(
                Address.parse(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    /** Something that an operator does. */
    List<Change> edit() {
        Service service = services.get(random.nextInt(services.size()));
        int index = service.index * SERVERS + random.nextInt(SERVERS);
        return switch (random.nextInt(8)) {
            case 0 -> List.of(timeouts());
            case 1 -> List.of(new Change.SetSysctls(sysctls("" + random.nextInt(2))));
            case 2 -> List.of(editService(service));
            case 3, 4 -> List.of(comeOrGo(index));
            default ->
                    removed.contains(index)
                            ? List.of()
                            : List.of(new Change.EditServer(service.index, index, edited(index)));
        };
    }

    private Change timeouts() {
        int[] choices = {0, 3, 20, 60, 120, 900};
        int most = choices.length;
        return new Change.SetTimeouts(
                choices[random.nextInt(most)],
                choices[random.nextInt(most)],
                choices[random.nextInt(most)]);
    }

    private Sysctls sysctls(String expireNodest) {
        return Sysctls.INITIAL.with(
                Map.of(
                        "secure_tcp", random.nextInt(4) == 0 ? "3" : "0",
                        "conn_reuse_mode", "" + random.nextInt(3),
                        "expire_nodest_conn", expireNodest,
                        "expire_quiescent_template", "" + random.nextInt(2),
                        "sloppy_tcp", "" + random.nextInt(2),
                        "drop_entry", random.nextInt(4) == 0 ? "3" : "0",
                        "drop_packet", random.nextInt(4) == 0 ? "3" : "0",
                        "nat_icmp_send", "" + random.nextInt(2),
                        "schedule_icmp", "" + random.nextInt(2)));
    }

    private Change editService(Service service) {
        ServerExit[] exits = ServerExit.values();
        service.spec =
                service.spec.withGuard(
                        service.spec
                                .guard()
                                .withLimits(limits())
                                .withOnServerRemoved(exits[random.nextInt(exits.length)]));
        return new Change.EditService(service.index, service.spec);
    }

    private Limits limits() {
        int plenty = scarce ? 0 : 1_000_000_000;
        return switch (random.nextInt(5)) {
            case 0 -> new Limits(0, 0, plenty + 1 + random.nextInt(5), 0, 1000);
            case 1 -> new Limits(0, 0, 0, plenty + 100 + random.nextInt(500), 1000);
            case 2 -> new Limits(1 + random.nextInt(30), 100, 0, 0, 100);
            default -> Limits.NONE;
        };
    }

    private Change comeOrGo(int index) {
        int service = index / SERVERS;
        if (removed.remove(index)) {
            return new Change.AddServer(service, index, servers.get(index).withDrain(null));
        }
        removed.add(index);
        return new Change.RemoveServer(service, index);
    }

    private RealServer edited(int index) {
        RealServer now = servers.get(index);
        ForwardingMethod[] methods = ForwardingMethod.values();
        ForwardingMethod method =
                random.nextInt(3) == 0 ? methods[random.nextInt(methods.length)] : now.method();
        ServerExit[] exits = ServerExit.values();
        boolean over = random.nextBoolean();
        Drain drain =
                random.nextInt(4) == 0
                        ? new Drain(10, exits[random.nextInt(exits.length)], over)
                        : null;
        RealServer edited =
                new RealServer(
                                now.address(),
                                now.port(),
                                method,
                                random.nextInt(3),
                                0,
                                0,
                                Tunnel.IPIP)
                        .withLimits(limits())
                        .withDrain(drain);
        servers.set(index, edited);
        return edited;
    }
}
