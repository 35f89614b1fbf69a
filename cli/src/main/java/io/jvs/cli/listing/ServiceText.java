package io.jvs.cli.listing;

import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.Persistence;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.Tunnel;
import io.jvs.proto.v1.TunnelType;
import io.jvs.proto.v1.VirtualService;

/** The words for parts of a service in lists and in rules. */
final class ServiceText {
    private ServiceText() {}

    static String label(Protocol protocol) {
        return switch (protocol) {
            case PROTOCOL_TCP -> "TCP";
            case PROTOCOL_UDP -> "UDP";
            case PROTOCOL_SCTP -> "SCTP";
            default -> "?";
        };
    }

    static String option(Protocol protocol) {
        return switch (protocol) {
            case PROTOCOL_UDP -> "-u ";
            case PROTOCOL_SCTP -> "--sctp-service ";
            default -> "-t ";
        };
    }

    /** As /etc/services names it; empty for a service that is known by a mark. */
    static String protocolName(Protocol protocol) {
        return switch (protocol) {
            case PROTOCOL_TCP -> "tcp";
            case PROTOCOL_UDP -> "udp";
            case PROTOCOL_SCTP -> "sctp";
            default -> "";
        };
    }

    static boolean isIpv6(VirtualService service) {
        return service.getFirewallMark() == 0
                ? service.getAddress().indexOf(':') >= 0
                : service.getFamily() == AddressFamily.ADDRESS_FAMILY_IPV6;
    }

    /** The mask of a persistent service, empty when it is the whole address. */
    static String mask(VirtualService service) {
        String mask = service.getPersistence().getNetmask();
        return mask.equals(isIpv6(service) ? "128" : "255.255.255.255") ? "" : mask;
    }

    static int timeout(Persistence persistence) {
        return persistence.getTimeoutSeconds() == 0 ? 360 : persistence.getTimeoutSeconds();
    }

    /** Scheduler flags between commas, by the scheduler's own names; empty for none. */
    static String flags(VirtualService service) {
        boolean hash = service.getScheduler().equals("sh") || service.getScheduler().equals("mh");
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 3; i++) {
            String own = service.getScheduler() + (i == 1 ? "-fallback" : "-port");
            String flag = "flag-" + i;
            boolean set =
                    service.getSchedulerFlagsList().contains(flag)
                            || i < 3 && service.getSchedulerFlagsList().contains(own);
            if (set && !(hash && i == 3)) {
                text.append(text.isEmpty() ? "" : ",").append(hash ? own : flag);
            }
        }
        return text.toString();
    }

    static String forward(ForwardingMethod method) {
        return switch (method) {
            case FORWARDING_METHOD_NAT -> "Masq";
            case FORWARDING_METHOD_TUNNEL -> "Tunnel";
            case FORWARDING_METHOD_FULLNAT -> "FullNat";
            case FORWARDING_METHOD_LOCAL -> "Local";
            default -> "Route";
        };
    }

    static String forwardOption(ForwardingMethod method) {
        return switch (method) {
            case FORWARDING_METHOD_NAT -> "-m";
            case FORWARDING_METHOD_TUNNEL -> "-i";
            case FORWARDING_METHOD_FULLNAT -> "--fullnat";
            default -> "-g";
        };
    }

    private static boolean isTunnel(RealServer server) {
        return server.getForwardingMethod() == ForwardingMethod.FORWARDING_METHOD_TUNNEL;
    }

    private static String name(TunnelType type) {
        return switch (type) {
            case TUNNEL_TYPE_GUE -> "gue";
            case TUNNEL_TYPE_GRE -> "gre";
            default -> "ipip";
        };
    }

    /** The TunnelInfo column. */
    static String tunnelInfo(RealServer server) {
        if (!isTunnel(server)) {
            return "n/a";
        }
        Tunnel tunnel = server.getTunnel();
        String checksum = tunnel.getRemoteChecksum() ? "r+c" : tunnel.getChecksum() ? "+c" : "-c";
        return switch (tunnel.getType()) {
            case TUNNEL_TYPE_GUE -> "gue:" + tunnel.getPort() + ":" + checksum;
            case TUNNEL_TYPE_GRE -> "gre:" + checksum;
            default -> "ipip";
        };
    }

    /** The options about a tunnel, each with a space before it; empty for other methods. */
    static String tunnelOptions(RealServer server) {
        if (!isTunnel(server)) {
            return "";
        }
        Tunnel tunnel = server.getTunnel();
        String text = " --tun-type " + name(tunnel.getType());
        if (tunnel.getType() == TunnelType.TUNNEL_TYPE_GUE) {
            text += " --tun-port " + tunnel.getPort();
        } else if (tunnel.getType() != TunnelType.TUNNEL_TYPE_GRE) {
            return text;
        }
        return text
                + (tunnel.getRemoteChecksum()
                        ? " --tun-remcsum"
                        : tunnel.getChecksum() ? " --tun-csum" : " --tun-nocsum");
    }
}
