package io.jvs.worker;

import io.jvs.link.NeighborTable;
import io.jvs.link.OwnAddresses;
import io.jvs.link.RouteTable;
import io.jvs.link.TransmitBatch;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBuffers;
import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker's interfaces, addresses, routes and neighbours, made from the specification. */
final class LinkSetup {
    private static final int LINK_LOCAL_LENGTH = 64;

    final InterfaceTable interfaces = new InterfaceTable();
    final OwnAddresses addresses = new OwnAddresses();
    final RouteTable routes = new RouteTable();
    final NeighborTable neighbors;
    private final List<List<InterfaceSpec.Prefix>> byInterface = new ArrayList<>();
    private final Map<Integer, Address> gateways = new HashMap<>();

    LinkSetup(
            DataplaneSpec spec, List<PortView> ports, PacketBuffers buffers, TransmitBatch batch) {
        neighbors = new NeighborTable(interfaces, buffers, batch);
        for (int i = 0; i < ports.size(); i++) {
            addPort(i, spec.ports().get(i), ports.get(i));
        }
        spec.routes().forEach(this::addRoute);
        spec.neighbors().forEach(this::addNeighbor);
    }

    private void addPort(int number, PortSpec port, PortView opened) {
        List<InterfaceSpec> wanted = new ArrayList<>(port.interfaces());
        if (wanted.stream().noneMatch(each -> each.vlan() == 0)) {
            wanted.addFirst(new InterfaceSpec(0, List.of()));
        }
        for (InterfaceSpec each : wanted) {
            addInterface(number, each, opened);
        }
    }

    private void addInterface(int port, InterfaceSpec spec, PortView opened) {
        int row = interfaces.add(port, spec.vlan(), opened.mac(), opened.mtu());
        List<InterfaceSpec.Prefix> own = new ArrayList<>(spec.addresses());
        own.add(new InterfaceSpec.Prefix(linkLocal(opened.mac()), LINK_LOCAL_LENGTH));
        boolean firstUntagged = port == 0 && spec.vlan() == 0;
        for (InterfaceSpec.Prefix prefix : firstUntagged ? own : spec.addresses()) {
            routes.add(prefix.address(), prefix.length(), row, RouteTable.ON_LINK, opened.mtu());
        }
        own.forEach(prefix -> addresses.addOwn(prefix.address()));
        byInterface.add(own);
        setSources(row, own);
    }

    private void setSources(int row, List<InterfaceSpec.Prefix> own) {
        for (InterfaceSpec.Prefix prefix : own.reversed()) {
            Address address = prefix.address();
            if (address.isIpv6()) {
                interfaces.setIpv6(row, address.high(), address.low());
            } else {
                interfaces.setIpv4(row, (int) address.low());
                interfaces.addNetwork4(row, (int) address.low(), prefix.length());
            }
        }
    }

    static Address linkLocal(long mac) {
        return Address.ofIpv6(InterfaceTable.LINK_LOCAL_HIGH, InterfaceTable.linkLocalLow(mac));
    }

    private void addRoute(RouteSpec route) {
        int via = routes.lookup(route.gateway());
        if (via < 0 || routes.gateway(via) != RouteTable.ON_LINK) {
            throw new IllegalArgumentException(
                    "route "
                            + route.destination()
                            + " goes via "
                            + route.gateway()
                            + ", which is on no network of a port");
        }
        int out = routes.interfaceNumber(via);
        int gateway = neighbor(out, route.gateway());
        gateways.put(gateway, route.gateway());
        routes.add(
                route.destination().address(),
                route.destination().length(),
                out,
                gateway,
                routes.mtu(via));
    }

    private void addNeighbor(NeighborSpec neighbor) {
        int route = routes.lookup(neighbor.address());
        if (route < 0) {
            throw new IllegalArgumentException(
                    "neighbour " + neighbor.address() + " is on no network of a port");
        }
        int index = neighbor(routes.interfaceNumber(route), neighbor.address());
        neighbors.setPermanent(index, neighbor.mac());
    }

    /** The neighbour with that address, kept for good. */
    int neighbor(int onInterface, Address address) {
        int index =
                address.isIpv6()
                        ? neighbors.index6(
                                onInterface,
                                Long.reverseBytes(address.high()),
                                Long.reverseBytes(address.low()))
                        : neighbors.index4(onInterface, Integer.reverseBytes((int) address.low()));
        if (index < 0) {
            throw new IllegalStateException(
                    "there are " + NeighborTable.CAPACITY + " neighbours already");
        }
        neighbors.pin(index);
        return index;
    }

    /**
     * An own address of a route's interface for packets that begin here: that of the network which
     * has the next hop, else the first of the family; null when there is none.
     */
    @Nullable Address source(int route, Address target) {
        Address hop = gateways.getOrDefault(routes.gateway(route), target);
        Address first = null;
        for (InterfaceSpec.Prefix prefix : byInterface.get(routes.interfaceNumber(route))) {
            Address own = prefix.address();
            if (own.isIpv6() != target.isIpv6()) {
                continue;
            }
            if (own.masked(prefix.length()).equals(hop.masked(prefix.length()))) {
                return own;
            }
            first = first == null ? own : first;
        }
        return first;
    }
}
