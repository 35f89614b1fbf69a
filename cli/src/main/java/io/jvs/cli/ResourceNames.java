package io.jvs.cli;

import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;

/** The resource names of the API, as jvs/v1/virtual_service.proto describes them. */
final class ResourceNames {
    private ResourceNames() {}

    static String of(VirtualService service) {
        if (service.getFirewallMark() != 0) {
            boolean ipv6 = service.getFamily() == AddressFamily.ADDRESS_FAMILY_IPV6;
            return "virtualServices/fwm-"
                    + Integer.toUnsignedString(service.getFirewallMark())
                    + (ipv6 ? "-ipv6" : "-ipv4");
        }
        return "virtualServices/"
                + protocol(service.getProtocol())
                + "-"
                + service.getAddress()
                + "-"
                + service.getPort();
    }

    private static String protocol(Protocol protocol) {
        return switch (protocol) {
            case PROTOCOL_UDP -> "udp";
            case PROTOCOL_SCTP -> "sctp";
            default -> "tcp";
        };
    }

    static String of(VirtualService service, RealServer server) {
        return of(service) + "/realServers/" + server.getAddress() + "-" + server.getPort();
    }

    static String of(VirtualService service, String localAddress) {
        return of(service) + "/localAddresses/" + localAddress;
    }
}
