package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A forwarding method with the family of the clients' packets and that of the real servers. */
enum GoldenMode {
    NAT_IPV4(ForwardingMethod.NAT, false, false, TunnelType.IPIP),
    NAT_IPV6(ForwardingMethod.NAT, true, true, TunnelType.IPIP),
    DR_IPV4(ForwardingMethod.DIRECT_ROUTE, false, false, TunnelType.IPIP),
    DR_IPV6(ForwardingMethod.DIRECT_ROUTE, true, true, TunnelType.IPIP),
    TUN_4IN4(ForwardingMethod.TUNNEL, false, false, TunnelType.IPIP),
    TUN_6IN6(ForwardingMethod.TUNNEL, true, true, TunnelType.IPIP),
    TUN_4IN6(ForwardingMethod.TUNNEL, false, true, TunnelType.IPIP),
    TUN_6IN4(ForwardingMethod.TUNNEL, true, false, TunnelType.IPIP),
    GUE_4IN4(ForwardingMethod.TUNNEL, false, false, TunnelType.GUE),
    GRE_6IN4(ForwardingMethod.TUNNEL, true, false, TunnelType.GRE),
    FULLNAT_IPV4(ForwardingMethod.FULLNAT, false, false, TunnelType.IPIP),
    FULLNAT_IPV6(ForwardingMethod.FULLNAT, true, true, TunnelType.IPIP),
    FULLNAT_6TO4(ForwardingMethod.FULLNAT, true, false, TunnelType.IPIP),
    FULLNAT_4TO6(ForwardingMethod.FULLNAT, false, true, TunnelType.IPIP);

    static final int CLIENT_PORT = 40_000;
    static final int WEB = 80;
    static final int DNS = 53;

    final ForwardingMethod method;
    final boolean ipv6;
    private final boolean serverIpv6;
    private final TunnelType tunnel;

    GoldenMode(ForwardingMethod method, boolean ipv6, boolean serverIpv6, TunnelType tunnel) {
        this.method = method;
        this.ipv6 = ipv6;
        this.serverIpv6 = serverIpv6;
        this.tunnel = tunnel;
    }

    /** Its directory among the golden files. */
    String directory() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether answers come back through the director. */
    boolean translates() {
        return method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT;
    }

    /** Whether the real server's answers are IPv6. */
    boolean answersIpv6() {
        return translates() ? serverIpv6 : ipv6;
    }

    Address client() {
        return Address.parse(ipv6 ? "2001:db8:c::9" : "172.16.0.9");
    }

    Address virtual() {
        return Address.parse(ipv6 ? "2001:db8:99::1" : "10.99.0.1");
    }

    Address local() {
        return Address.parse(serverIpv6 ? "2001:db8:77::aa" : "192.168.77.100");
    }

    Address real() {
        return Address.parse(serverIpv6 ? "2001:db8:77::1" : "192.168.77.1");
    }

    /** The real server's port behind a service's. */
    int realPort(int virtualPort) {
        return translates() ? 8000 + virtualPort : virtualPort;
    }

    /** Service and server 0 are the web's (TCP), 1 the name server's (UDP). */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        addService(changes, 0, Protocol.TCP, WEB);
        addService(changes, 1, Protocol.UDP, DNS);
        return changes;
    }

    /** With a checksum in the outer header, where it has room for one. */
    private Tunnel tunnel() {
        return new Tunnel(
                tunnel, tunnel == TunnelType.GUE ? 6080 : 0, tunnel != TunnelType.IPIP, false);
    }

    private void addService(List<Change> changes, int index, Protocol protocol, int port) {
        ServiceKey key = new ServiceKey.Endpoint(protocol, virtual(), port);
        VirtualService service =
                new VirtualService(key, "wlc", Set.of(), null, false, List.of(), List.of());
        changes.add(new Change.AddService(index, service));
        if (method == ForwardingMethod.FULLNAT) {
            changes.add(new Change.SetLocalAddresses(index, List.of(local())));
        }
        RealServer server = new RealServer(real(), realPort(port), method, 1, 0, 0, tunnel());
        changes.add(new Change.AddServer(index, index, server));
    }
}
