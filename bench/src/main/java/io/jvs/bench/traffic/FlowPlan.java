package io.jvs.bench.traffic;

import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Which clients, services, real servers and local addresses there are. Flow {@code i} is a client
 * address and port of its own, to the virtual address of service {@code i % services}.
 *
 * @param family of all addresses
 * @param flows 1 and more
 * @param services each with a virtual address of its own, port 80
 * @param servers of each service, the same addresses in all, port 8080
 * @param localPorts local ports that are needed in all, towards all servers
 */
public record FlowPlan(AddressFamily family, int flows, int services, int servers, int localPorts) {
    /** The port of every virtual service. */
    public static final int VIRTUAL_PORT = 80;

    /** The port of every real server. */
    public static final int REAL_PORT = 8080;

    private static final int CLIENT_PORTS = 50_000;
    private static final int LEAST_CLIENTS = 1000;
    private static final int FIRST_CLIENT_PORT = 10_000;
    private static final int CLIENTS = 172 << 24 | 16 << 16;
    private static final int VIRTUAL = 10 << 24 | 99 << 16;
    private static final int LAN = 192 << 24 | 168 << 16;
    private static final int LOCALS = LAN | 200 << 8;
    private static final int SERVERS_A_NET = 250;

    /** Of the 64,511 ports of a local address towards a server: so many are meant to be used. */
    private static final int PORTS_USED = 45_000;

    private static final long LAN6 = 0xFD00_0000_0000_0000L;
    private static final long CLIENTS6 = 0x2001_0DB8_0016_0000L;
    private static final long VIRTUAL6 = 0x2001_0DB8_0099_0000L;

    private boolean isIpv6() {
        return family == AddressFamily.IPV6;
    }

    private Address address(int ipv4, long high6) {
        return isIpv6()
                ? Address.ofIpv6(high6, Integer.toUnsignedLong(ipv4))
                : Address.ofIpv4(ipv4);
    }

    /** How many client addresses share the flows. */
    private int clients() {
        return Math.max(LEAST_CLIENTS, flows / CLIENT_PORTS + 1);
    }

    /** The client's address of a flow. */
    public Address client(int flow) {
        return address(CLIENTS + 1 + flow % clients(), CLIENTS6);
    }

    /** The client's port of a flow. */
    public int clientPort(int flow) {
        return FIRST_CLIENT_PORT + flow / clients();
    }

    /** A service's virtual address. */
    public Address virtualAddress(int service) {
        return address(VIRTUAL + 1 + service, VIRTUAL6);
    }

    /** The service of a flow. */
    public int serviceOf(int flow) {
        return flow % services;
    }

    /** A real server's address. */
    public Address server(int number) {
        int net = 1 + number / SERVERS_A_NET;
        return address(LAN | net << 8 | 1 + number % SERVERS_A_NET, LAN6);
    }

    /** The local addresses of all services, with enough ports. */
    public List<Address> locals() {
        int count = 2 + localPorts / servers / PORTS_USED;
        List<Address> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(address(LOCALS + 1 + i, LAN6));
        }
        return all;
    }

    /** The director's own address where the servers are; its prefix holds servers and locals. */
    public Address directorOnLan() {
        return address(LAN | 1, LAN6);
    }

    /** Length of the prefix of {@link #directorOnLan}. */
    public int lanPrefix() {
        return isIpv6() ? 64 : 16;
    }

    /** The router to the clients, on the network of the servers. */
    public Address clientRouter() {
        return address(LAN | 2, LAN6);
    }

    /** Everything: the destination of a default route. */
    public Address any() {
        return isIpv6() ? Address.ofIpv6(0, 0) : Address.ofIpv4(0);
    }
}
