package io.jvs.packet;

/**
 * What became of a packet, as small integers for a burst's column. Every packet that was received
 * ends with exactly one verdict: received = sum of verdicts + what waits (docs/counters.md).
 */
public final class Verdict {
    /** Not decided yet; never counted. */
    public static final byte NONE = 0;

    // Codes are positions in NAMES and SENTENCES below.
    /** Sent on to a real server or to a client. */
    public static final byte FORWARDED = 1;

    /** Answered from here, in its own buffer. */
    public static final byte REPLIED = 2;

    /** Handed to the host's kernel. */
    public static final byte EXCEPTION = 3;

    /** Came from the host's kernel and was sent out. */
    public static final byte FROM_HOST = 4;

    /** Taken in: it told us something and needs no answer. */
    public static final byte CONSUMED = 5;

    /**
     * Waits for a neighbour's MAC address, or for the first fragment of its datagram. Not counted:
     * what becomes of it is, when known.
     */
    public static final byte PARKED = 6;

    /** Handed over to another worker. Not counted: what becomes of it there is. */
    public static final byte HANDED_OVER = 7;

    /** First code of a drop; every code from here on is one. */
    public static final byte FIRST_DROP = 16;

    /** Shorter than an Ethernet header. */
    public static final byte DROP_TRUNCATED_ETHERNET = 16;

    /** Spans several buffers. */
    public static final byte DROP_MULTI_SEGMENT = 17;

    /** An ethertype that nobody here takes. */
    public static final byte DROP_UNKNOWN_ETHERTYPE = 18;

    /** A VLAN tag of an id that no interface has. */
    public static final byte DROP_UNKNOWN_VLAN = 19;

    /** Destination MAC is not ours, nor a group's around a group's IP address. */
    public static final byte DROP_OTHER_MAC = 20;

    /** ARP packet malformed. */
    public static final byte DROP_MALFORMED_ARP = 21;

    /** IPv4 header truncated, of a bad length or version. */
    public static final byte DROP_MALFORMED_IPV4 = 22;

    /** IPv4 header checksum wrong. */
    public static final byte DROP_BAD_IPV4_CHECKSUM = 23;

    /** IPv6 header or extension header truncated or malformed. */
    public static final byte DROP_MALFORMED_IPV6 = 24;

    /** Source address that no packet may have (multicast, loopback, broadcast, its own target). */
    public static final byte DROP_BAD_SOURCE = 25;

    /** TCP, UDP, SCTP or ICMP header truncated or of a bad length; ICMP error's bad checksum. */
    public static final byte DROP_MALFORMED_LAYER4 = 26;

    /** Neighbour discovery packet malformed, or of a hop limit other than 255. */
    public static final byte DROP_MALFORMED_ND = 27;

    /** A fragment of what cannot be followed: an ICMP error, SCTP whose ports must change. */
    public static final byte DROP_FRAGMENT = 28;

    /** IPv6 extension header that cannot be forwarded. */
    public static final byte DROP_EXTENSION_HEADER = 29;

    /** Neither ours nor of a connection. */
    public static final byte DROP_NOT_OURS = 30;

    /** For one of our addresses, and the host is not reachable (no exception path). */
    public static final byte DROP_NO_EXCEPTION_PATH = 31;

    /** TCP segment other than SYN for a service, without a connection. */
    public static final byte DROP_NO_CONNECTION = 32;

    /** No real server available, and no answer could be made. */
    public static final byte DROP_NO_SERVER = 33;

    /** Connection table full. */
    public static final byte DROP_TABLE_FULL = 34;

    /** No free local address and port for FULLNAT. */
    public static final byte DROP_NO_LOCAL_PORT = 35;

    /** The real server of the connection was removed. */
    public static final byte DROP_SERVER_REMOVED = 36;

    /** No route to the next hop. */
    public static final byte DROP_NO_ROUTE = 37;

    /** Next hop does not answer ARP or ND. */
    public static final byte DROP_NEIGHBOR_UNREACHABLE = 38;

    /** Too many packets wait for this neighbour already. */
    public static final byte DROP_PARKING_FULL = 39;

    /** TTL or hop limit used up, and no answer could be made. */
    public static final byte DROP_TTL_EXCEEDED = 40;

    /** Larger than the way's MTU, and no answer could be made. */
    public static final byte DROP_TOO_BIG = 41;

    /** No room in front of the packet for the outer header. */
    public static final byte DROP_NO_HEADROOM = 42;

    /** ICMP message about no connection of ours. */
    public static final byte DROP_UNRELATED_ICMP = 43;

    /** ICMP answer not made: more than the allowed rate. */
    public static final byte DROP_ICMP_RATE = 44;

    /** No free packet buffer. */
    public static final byte DROP_NO_BUFFER = 45;

    /** A protocol or port that is not balanced, for a virtual address. */
    public static final byte DROP_PROTOCOL = 46;

    /** Forwarding method and address family do not fit. */
    public static final byte DROP_FAMILY_MISMATCH = 47;

    /** Our own frame came back. */
    public static final byte DROP_LOOP = 48;

    /** For a virtual address, but no service has that protocol and port. */
    public static final byte DROP_NO_SERVICE = 49;

    /** No room left among the frames that are to be sent. */
    public static final byte DROP_TRANSMIT_FULL = 50;

    /** A first fragment without its whole transport header, or one that would overwrite it. */
    public static final byte DROP_FRAGMENT_TINY = 52;

    /** A fragment that no datagram can have: empty, not of 8-byte units, beyond 65535 bytes. */
    public static final byte DROP_FRAGMENT_MALFORMED = 53;

    /** Of a datagram whose fragments overlap or contradict one another. */
    public static final byte DROP_FRAGMENT_OVERLAP = 54;

    /** A fragment that came before. */
    public static final byte DROP_FRAGMENT_DUPLICATE = 55;

    /** More fragments wait for their first one than may. */
    public static final byte DROP_FRAGMENT_LIMIT = 56;

    /** A fragment whose first one did not come in time. */
    public static final byte DROP_FRAGMENT_TIMEOUT = 57;

    /** A fragment whose first one was answered or taken in. */
    public static final byte DROP_FRAGMENT_REFUSED = 58;

    /** TCP reset not sent: more than the allowed rate. */
    public static final byte DROP_RESET_RATE = 59;

    /** Would have opened a connection while drop_packet is in force. */
    public static final byte DROP_OVERLOAD = 60;

    /** For another worker, whose ring is full. */
    public static final byte DROP_HANDOVER_FULL = 61;

    /** An FTP line sent once more that can no longer be changed as it was the first time. */
    public static final byte DROP_FTP_REPEAT = 63;

    /** Of a client whose server has not answered yet; the SYN proxy waits for it. */
    public static final byte DROP_SYN_WAITING = 64;

    /** Would have opened a connection that the service's access list denies. */
    public static final byte DROP_DENIED = 70;

    /** Beyond a limit of its virtual service: connections, or packets or bytes a second. */
    public static final byte DROP_SERVICE_LIMIT = 71;

    /** Beyond a limit of its real server, and no other one may take it. */
    public static final byte DROP_SERVER_LIMIT = 72;

    /** Of what the other IP version has no equal for: a source route, some ICMP errors. */
    public static final byte DROP_NOT_TRANSLATED = 80;

    /** Ping of one of our addresses not answered: more than the allowed rate. */
    public static final byte DROP_ECHO_RATE = 66;

    /** More than the highest code. */
    public static final int COUNT = 96;

    private Verdict() {}

    /** Whether {@code code} is a drop. */
    public static boolean isDrop(int code) {
        return code >= FIRST_DROP;
    }
}
