package io.jvs.worker;

import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where the director of a golden test stands between clients and real servers. */
enum GoldenNetwork {
    /** A port for clients and one for real servers. */
    TWO_PORTS(2, 0, 0),
    /** One port on one segment, clients and real servers beside each other. */
    ONE_PORT(1, 0, 0),
    /** One port that carries both segments in VLANs. */
    VLANS(1, 10, 20);

    static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    static final long SERVER_MAC = 0x02_00_00_00_00_22L;
    private static final long FIRST_MAC = 0x02_6A_76_73_00_01L;
    private static final List<String> CLIENTS = List.of("172.16.0.1/24", "2001:db8:c::1/64");
    private static final List<String> SERVERS = List.of("192.168.77.254/24", "2001:db8:77::fe/64");

    final int ports;
    final int clientVlan;
    final int serverVlan;

    GoldenNetwork(int ports, int clientVlan, int serverVlan) {
        this.ports = ports;
        this.clientVlan = clientVlan;
        this.serverVlan = serverVlan;
    }

    /** Its directory among the golden files. */
    String directory() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The port of the real servers; that of the clients is 0. */
    int serverPort() {
        return ports - 1;
    }

    /** The director's MAC address towards clients. */
    long clientSideMac() {
        return FIRST_MAC;
    }

    /** The director's MAC address towards real servers. */
    long serverSideMac() {
        return FIRST_MAC + serverPort();
    }

    /** The name of a port and of its files. */
    String portName(int port) {
        return ports == 1 ? "port" : port == 0 ? "wan" : "lan";
    }

    /** The ports, over the given devices. */
    List<PortSpec> portSpecs(List<String> devices) {
        List<PortSpec> specs = new ArrayList<>();
        for (int port = 0; port < ports; port++) {
            specs.add(new PortSpec(portName(port), devices.get(port), 0, interfaces(port), ""));
        }
        return specs;
    }

    private List<InterfaceSpec> interfaces(int port) {
        if (ports == 2) {
            return List.of(segment(0, port == 0 ? CLIENTS : SERVERS));
        }
        if (clientVlan != serverVlan) {
            return List.of(segment(clientVlan, CLIENTS), segment(serverVlan, SERVERS));
        }
        List<String> both = new ArrayList<>(CLIENTS);
        both.addAll(SERVERS);
        return List.of(segment(0, both));
    }

    private static InterfaceSpec segment(int vlan, List<String> addresses) {
        return new InterfaceSpec(vlan, addresses.stream().map(GoldenNetwork::prefix).toList());
    }

    private static InterfaceSpec.Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new InterfaceSpec.Prefix(
                Address.parse(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }
}
