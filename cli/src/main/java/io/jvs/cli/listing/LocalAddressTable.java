package io.jvs.cli.listing;

import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.VirtualService;
import java.util.HashMap;
import java.util.Map;

/** Local addresses of services and how many connections use them, in the manner of DPVS's -G. */
public final class LocalAddressTable {
    private final AddressText addresses;
    private final Map<String, Integer> counts = new HashMap<>();

    /** A table with these addresses. */
    public LocalAddressTable(AddressText addresses) {
        this.addresses = addresses;
    }

    /** The line above the services. */
    public static String title() {
        return new Row().left("VIP:VPORT", 21).left("TOTAL", 9).left("LIP", 21).add("CONNS").end();
    }

    /** Counts a connection for its virtual service's local address. */
    public void count(Connection connection) {
        if (connection.getForwardingMethod() == ForwardingMethod.FORWARDING_METHOD_FULLNAT
                && !connection.getTemplate()) {
            counts.merge(
                    key(
                            connection.getProtocol(),
                            connection.getVirtualAddress(),
                            connection.getVirtualPort(),
                            connection.getLocalAddress()),
                    1,
                    Integer::sum);
        }
    }

    private static String key(int protocol, String virtual, int port, String local) {
        return protocol + " " + virtual + " " + port + " " + local;
    }

    /** The service's line and one for each of its local addresses; empty when it has none. */
    public String service(VirtualService service) {
        int count = service.getLocalAddressesCount();
        if (count == 0) {
            return "";
        }
        boolean marked = service.getFirewallMark() != 0;
        String protocol = ServiceText.protocolName(service.getProtocol());
        String name =
                marked
                        ? ServiceName.of(
                                service.getFirewallMark(),
                                ServiceText.isIpv6(service),
                                service.getProtocol(),
                                "")
                        : addresses.format(service.getAddress(), service.getPort(), protocol);
        StringBuilder text = new StringBuilder();
        text.append(new Row().left(name, 20).add(" ").left(count, 9).end());
        int number =
                switch (service.getProtocol()) {
                    case PROTOCOL_UDP -> 17;
                    case PROTOCOL_SCTP -> 132;
                    default -> 6;
                };
        for (String local : service.getLocalAddressesList()) {
            String key = key(number, service.getAddress(), service.getPort(), local);
            // A mark's connections have many virtual addresses, so they are not told apart.
            String connections = marked ? "-" : Integer.toString(counts.getOrDefault(key, 0));
            text.append(new Row().left("", 30).left(local, 20).add(" ").add(connections).end());
        }
        return text.toString();
    }
}
