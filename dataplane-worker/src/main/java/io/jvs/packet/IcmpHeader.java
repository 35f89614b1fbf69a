package io.jvs.packet;

import io.jvs.memory.Memory;

/** An ICMP (RFC 792) or ICMPv6 (RFC 4443) header at an address. */
public final class IcmpHeader {
    /** Bytes of the header; an error's embedded packet follows. */
    public static final int BYTES = 8;

    /** Offset of the type. */
    public static final int TYPE = 0;

    /** Offset of the code. */
    public static final int CODE = 1;

    /** Offset of the checksum, 16 bits. */
    public static final int CHECKSUM = 2;

    /** Offset of the 4 bytes whose meaning depends on the type. */
    public static final int REST = 4;

    /** ICMP: echo reply. */
    public static final int ECHO_REPLY = 0;

    /** ICMP: destination unreachable. */
    public static final int UNREACHABLE = 3;

    /** ICMP: source quench. */
    public static final int SOURCE_QUENCH = 4;

    /** ICMP: redirect. */
    public static final int REDIRECT = 5;

    /** ICMP: echo request. */
    public static final int ECHO_REQUEST = 8;

    /** ICMP: time exceeded. */
    public static final int TIME_EXCEEDED = 11;

    /** ICMP: parameter problem. */
    public static final int PARAMETER_PROBLEM = 12;

    /** Code of {@link #UNREACHABLE}: protocol. */
    public static final int CODE_PROTOCOL = 2;

    /** Code of {@link #UNREACHABLE}: port. */
    public static final int CODE_PORT = 3;

    /** Code of {@link #UNREACHABLE}: fragmentation needed and DF set (RFC 1191). */
    public static final int CODE_FRAGMENTATION_NEEDED = 4;

    /** Code of {@link #UNREACHABLE}: source route failed. */
    public static final int CODE_SOURCE_ROUTE = 5;

    /** ICMPv6: destination unreachable. */
    public static final int V6_UNREACHABLE = 1;

    /** ICMPv6: packet too big. */
    public static final int V6_TOO_BIG = 2;

    /** ICMPv6: time exceeded. */
    public static final int V6_TIME_EXCEEDED = 3;

    /** ICMPv6: parameter problem. */
    public static final int V6_PARAMETER_PROBLEM = 4;

    /** Code of {@link #V6_PARAMETER_PROBLEM}: a next header that nobody knows. */
    public static final int V6_CODE_NEXT_HEADER = 1;

    /** Code of {@link #V6_UNREACHABLE}: port. */
    public static final int V6_CODE_PORT = 4;

    /** ICMPv6: echo request, the first type that is not an error. */
    public static final int V6_ECHO_REQUEST = 128;

    /** ICMPv6: echo reply. */
    public static final int V6_ECHO_REPLY = 129;

    /** ICMPv6: router solicitation, the first type of neighbour discovery (RFC 4861). */
    public static final int V6_ROUTER_SOLICITATION = 133;

    /** ICMPv6: router advertisement. */
    public static final int V6_ROUTER_ADVERTISEMENT = 134;

    /** ICMPv6: neighbour solicitation. */
    public static final int V6_NEIGHBOR_SOLICITATION = 135;

    /** ICMPv6: neighbour advertisement. */
    public static final int V6_NEIGHBOR_ADVERTISEMENT = 136;

    /** ICMPv6: redirect, the last type of neighbour discovery. */
    public static final int V6_REDIRECT = 137;

    private IcmpHeader() {}

    /** Type, 8 bits. */
    public static int type(long header) {
        return Memory.getUnsignedByte(header);
    }

    /** Code, 8 bits. */
    public static int code(long header) {
        return Memory.getUnsignedByte(header + CODE);
    }

    /**
     * Whether an ICMP type reports an error and so embeds a packet (RFC 1122 section 3.2.2).
     * Redirects do too, but say nothing to the ends of a connection.
     */
    public static boolean isError(int type) {
        return type == UNREACHABLE
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM
                || type == SOURCE_QUENCH;
    }

    /** Whether an ICMPv6 type reports an error (RFC 4443 section 2.1). */
    public static boolean isV6Error(int type) {
        return type < V6_ECHO_REQUEST;
    }

    /** Writes type, code, a zero checksum and the rest (32 bits, host order). */
    public static void write(long header, int type, int code, int rest) {
        Memory.putIntBe(header, type << 24 | code << 16);
        Memory.putIntBe(header + REST, rest);
    }

    /** Changes the type and brings the checksum up to date (RFC 1624). */
    public static void changeType(long header, int type) {
        int before = Memory.getUnsignedShort(header);
        Memory.putByte(header, type);
        int after = Memory.getUnsignedShort(header);
        int checksum = Memory.getUnsignedShort(header + CHECKSUM);
        Memory.putShort(header + CHECKSUM, InternetChecksum.update16(checksum, before, after));
    }
}
