package io.jvs.cli.listing;

import io.jvs.proto.v1.Protocol;

/** The first column of a list. */
final class ServiceName {
    private static final int MOST_SERVICE_CHARACTERS = 33;
    private static final int MOST_SERVER_CHARACTERS = 28;

    private ServiceName() {}

    /**
     * A service's name: "FWM 8 IPv6", or protocol and address.
     *
     * @param mark the firewall mark, 0 when it is known by its address; printed as a signed number
     * @param address address:port
     */
    static String of(int mark, boolean ipv6, Protocol protocol, String address) {
        if (mark != 0) {
            return "FWM  " + mark + (ipv6 ? " IPv6" : "");
        }
        String label = ServiceText.label(protocol);
        String text = (label.length() < 4 ? label + "  " : label + " ") + address;
        return ipv6 ? text : cut(text, MOST_SERVICE_CHARACTERS);
    }

    /** A real server's name: IPv4 is cut off at 28 characters. */
    static String ofServer(String address) {
        return address.startsWith("[") ? address : cut(address, MOST_SERVER_CHARACTERS);
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }
}
