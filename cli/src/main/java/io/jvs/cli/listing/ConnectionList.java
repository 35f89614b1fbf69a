package io.jvs.cli.listing;

import io.jvs.proto.v1.Connection;

/** Connections as ipvsadm -L -c prints them. */
public final class ConnectionList {
    private final AddressText addresses;

    /** A list with these addresses. */
    public ConnectionList(AddressText addresses) {
        this.addresses = addresses;
    }

    /** The lines above the connections; --persistent-conn adds two columns. */
    public static String title(boolean persistentConn) {
        Row row =
                new Row()
                        .add("IPVS connection entries\npro expire ")
                        .left("state", 12)
                        .left("source", 19)
                        .left("virtual", 19);
        return persistentConn
                ? row.left("destination", 19).left("pe name", 17).add("pe_data").end()
                : row.add("destination").end();
    }

    /** One connection's line. */
    public String connection(Connection connection) {
        String protocol =
                switch (connection.getProtocol()) {
                    case 6 -> "tcp";
                    case 17 -> "udp";
                    case 132 -> "sctp";
                    default -> "";
                };
        return new Row()
                .left(label(connection.getProtocol()), 3)
                .add(" ")
                .left(expires(connection.getExpiresMillis() / 1000), 6)
                .add(" ")
                .left(connection.getState(), 11)
                .add(" ")
                .left(
                        addresses.format(
                                connection.getClientAddress(),
                                connection.getClientPort(),
                                protocol),
                        18)
                .add(" ")
                .left(
                        addresses.format(
                                connection.getVirtualAddress(),
                                connection.getVirtualPort(),
                                protocol),
                        18)
                .add(" ")
                .add(
                        addresses.format(
                                connection.getRealAddress(), connection.getRealPort(), protocol))
                .end();
    }

    /** The kernel's ip_vs_proto_name. */
    private static String label(int protocol) {
        return switch (protocol) {
            case 0 -> "IP";
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            case 132 -> "SCTP";
            default -> "IP_" + protocol;
        };
    }

    private static String expires(long seconds) {
        return twoDigits(seconds / 60) + ":" + twoDigits(seconds % 60);
    }

    private static String twoDigits(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }
}
