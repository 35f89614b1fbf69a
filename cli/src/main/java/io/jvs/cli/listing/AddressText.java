package io.jvs.cli.listing;

import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.NameService;
import org.jspecify.annotations.Nullable;

/** Writes address:port as ipvsadm: with names, or numeric (-n). */
public final class AddressText {
    private static final int MOST_CHARACTERS = 59;

    private final @Nullable NameService names;

    /** Null for numeric output. */
    public AddressText(@Nullable NameService names) {
        this.names = names;
    }

    /**
     * An address literal and a port; IPv6 in brackets.
     *
     * @param protocol whose service names count: "tcp", "udp", "sctp", or empty for none
     */
    public String format(String literal, int port, String protocol) {
        HostAddress address = HostAddress.parse(literal);
        if (address == null) {
            return literal + ":" + port;
        }
        String host = host(address);
        String text = (address.ipv6() ? "[" + host + "]" : host) + ":" + portText(port, protocol);
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }

    private String host(HostAddress address) {
        String name = names == null ? null : names.host(address);
        return name == null ? address.toString() : name;
    }

    private String portText(int port, String protocol) {
        String name = names == null || protocol.isEmpty() ? null : names.service(port, protocol);
        return name == null ? Integer.toString(port) : name;
    }
}
