package io.jvs.cli.option;

import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.HostAddressParser;
import io.jvs.cli.net.NameService;
import org.jspecify.annotations.Nullable;

/**
 * The argument host[:port] of -t, -u, --sctp-service and -r.
 *
 * @param address the address
 * @param port 0..65535, or -1 when there is none
 */
record AddressArgument(HostAddress address, int port) {

    /**
     * Reads it as ipvsadm does: a literal or a name that has an IPv4 address, then a number or a
     * service name; IPv6 with a port in brackets. Null when it is wrong.
     *
     * @param protocol whose service names count: "tcp", "udp", "sctp", or empty for none
     */
    static @Nullable AddressArgument parse(String text, String protocol, NameService names) {
        if (isNumber(text)) {
            return null;
        }
        String host = text;
        String port = null;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || end + 1 >= text.length() || text.charAt(end + 1) != ':') {
                return null;
            }
            host = text.substring(1, end);
            port = text.substring(end + 2);
        }
        HostAddress ipv6 = HostAddressParser.parseIpv6(host);
        if (ipv6 != null) {
            return withPort(ipv6, port, protocol, names);
        }
        int colon = host.lastIndexOf(':');
        port = colon < 0 ? null : host.substring(colon + 1);
        host = colon < 0 ? host : host.substring(0, colon);
        HostAddress ipv4 = HostAddressParser.parseLenientIpv4(host);
        if (ipv4 == null) {
            ipv4 = names.address(host);
        }
        return ipv4 == null ? null : withPort(ipv4, port, protocol, names);
    }

    private static @Nullable AddressArgument withPort(
            HostAddress address, @Nullable String text, String protocol, NameService names) {
        if (text == null) {
            return new AddressArgument(address, -1);
        }
        int port = (int) Numbers.parse(text, 0, 65535);
        if (port < 0 && !protocol.isEmpty()) {
            port = names.port(text, protocol);
        }
        return port < 0 ? null : new AddressArgument(address, port);
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
