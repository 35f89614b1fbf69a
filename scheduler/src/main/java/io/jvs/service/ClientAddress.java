package io.jvs.service;

import java.util.Locale;

/**
 * How real servers get to know the client's address where they see another one (FULLNAT). By NAT it
 * can be told too.
 */
public enum ClientAddress {
    /** Not told. */
    HIDDEN(0),

    /**
     * TCP option 254 in the client's segments until it acknowledges the server's first byte (toa
     * module of the servers' kernel): port and address.
     */
    TOA(1),

    /** A line of text in front of the client's first byte (PROXY protocol, version 1). */
    PROXY_V1(2),

    /** A binary header in front of the client's first byte (PROXY protocol, version 2). */
    PROXY_V2(3),

    /**
     * UDP: IPv4 option 31 in a connection's first three datagrams; over IPv6 a header of protocol
     * 248 between IP and UDP (uoa module of the servers' kernel).
     */
    UOA(4);

    private final int code;

    ClientAddress(int code) {
        this.code = code;
    }

    /** Number of this in a connection's record; HIDDEN is 0. */
    public int code() {
        return code;
    }

    /** As in commands and configuration: "toa", "proxy-v1". */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
