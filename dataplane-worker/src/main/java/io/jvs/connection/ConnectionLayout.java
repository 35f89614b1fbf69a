package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.service.ForwardingMethod;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A connection's record in memory: fixed offsets from an 8-aligned address, native (little-endian)
 * words, no references. The same offsets serve both families; an IPv6 record only has longer
 * addresses. A mixed record, of a client of one family and a real server of the other, is an IPv6
 * record whose IPv4 side uses the first 8 bytes of its room.
 *
 * <pre>
 *  0 int   in ports: client | virtual &lt;&lt; 16    8 int   out ports: real | local &lt;&lt; 16
 *  4 byte  protocol (0: template of a mark)     12 byte  state (ConnectionState)
 *  5 byte  family: 4, 6 or a mixed one          13 byte  method (METHOD_NAT to METHOD_LOCAL)
 *  6 short flags                                14 short slot of the timer wheel + 1, 0 not armed
 * 16 int   server index                         32 int   next in the wheel's slot, or free list
 * 20 int   last seen, ticks                     36 int   previous in the wheel's slot
 * 24 int   timeout, ticks                       40 int   control: id of its template, 0 none
 * 28 int   packets from the client              44 int   extra: id of an auxiliary record, 0 none
 * 48 IPv4: client4 virtual4 | real4 local4                            64 bytes in all
 * 48 IPv6: client16 virtual16 | real16 local16                       112 bytes in all
 * 48 mixed: client4 virtual4 - - - | real16 local16                  112 bytes in all
 * 48 mixed: client16 virtual16 | real4 local4 - - -                  112 bytes in all
 * </pre>
 *
 * <p>Addresses and ports are raw: as they lie in the packet. What lies at 0 and 48 is the key of
 * packets from the client (source client, destination virtual), what lies at 8 and 56 (else 80) the
 * key of packets from the server (source real, destination local; for NAT local is the client).
 * Ticks are hundredths of a second, wrap-safe: compare by the sign of a difference.
 */
public final class ConnectionLayout {
    /** Version of this layout; a table in a file of another version is not attached to. */
    public static final int VERSION = 2;

    /** Bytes of an IPv4 record: one cache line. */
    public static final int IPV4_BYTES = 64;

    /** Bytes of an IPv6 or mixed record. */
    public static final int IPV6_BYTES = 112;

    /** Ticks a second: a tick is 10 ms. */
    public static final int TICKS_PER_SECOND = 100;

    /** Family byte of a record of IPv4. */
    public static final int FAMILY_IPV4 = 4;

    /** Family byte of a record of IPv6. */
    public static final int FAMILY_IPV6 = 6;

    /** Bit of a mixed record's family byte; the others tell the client's family. */
    public static final int FAMILY_MIXED = 0x10;

    private static final int CLIENT_IPV6 = FAMILY_IPV6 & ~FAMILY_IPV4;

    /** Flag: findable by packets from the server too; set before publishing (NAT, FULLNAT). */
    public static final int OUT_INDEXED = 1;

    /** Flag: the director sees one direction only (IP_VS_CONN_F_NOOUTPUT; DR, TUN). */
    public static final int NO_OUTPUT = 1 << 1;

    /** Flag: counted as active at its server (the opposite of IP_VS_CONN_F_INACTIVE). */
    public static final int ACTIVE = 1 << 2;

    /** Flag: a persistence template (IP_VS_CONN_F_TEMPLATE); packets never find it. */
    public static final int TEMPLATE = 1 << 3;

    /** Flag of a template: a connection of it was established (IP_VS_CONN_F_ASSURED). */
    public static final int ASSURED = 1 << 4;

    /** Flag: one packet only (IP_VS_CONN_F_ONE_PACKET). */
    public static final int ONE_PACKET = 1 << 5;

    /** Flag: its real server was removed. */
    public static final int SERVER_REMOVED = 1 << 6;

    /** Flag: holds a port of a {@link LocalAddressPool}. */
    public static final int HAS_LOCAL_PORT = 1 << 7;

    /** Flag: its sequence numbers change on the way ({@link SequenceOffsets}). */
    public static final int SHIFTED = 1 << 8;

    /** Flag: {@link #extra} is the id of its auxiliary record ({@link ConnectionExtras}). */
    public static final int HAS_EXTRA = 1 << 9;

    /** Flag: an FTP control connection, whose commands and answers are read. */
    public static final int READS_FTP = 1 << 10;

    /** Flag: one of its ports is not known yet and stands as 0 (IP_VS_CONN_F_NO_CPORT). */
    public static final int HALF_KNOWN = 1 << 11;

    /** Flag: its server is being told its client ({@link ExtraLayout#disclosure}). */
    public static final int TELLS_CLIENT = 1 << 12;

    /** Flag: its handshake was begun here with a SYN cookie. */
    public static final int PROXIED = 1 << 13;

    /** Flag: counted as half open at its service, until its client acknowledges. */
    public static final int HALF_OPEN = 1 << 14;

    /** Flag: published. Written by the table alone; a record without it is not a connection. */
    public static final int LIVE = 1 << 15;

    /** Offset of the ports of packets from the client. */
    public static final int IN_PORTS = 0;

    static final int PROTOCOL = 4;
    static final int FAMILY = 5;
    static final int FLAGS = 6;

    /** Offset of the ports of packets from the server. */
    public static final int OUT_PORTS = 8;

    static final int STATE = 12;
    static final int METHOD = 13;
    static final int WHEEL_SLOT = 14;
    static final int SERVER_INDEX = 16;
    static final int LAST_SEEN = 20;
    static final int TIMEOUT = 24;
    static final int PACKETS = 28;
    static final int WHEEL_NEXT = 32;
    static final int WHEEL_PREVIOUS = 36;
    static final int CONTROL = 40;
    static final int EXTRA = 44;

    /** Offset of the client's address: 4 or 16 bytes. */
    public static final int CLIENT = 48;

    /** Offset of an IPv4 record's virtual address: 4 bytes. */
    public static final int VIRTUAL4 = 52;

    /** Offset of an IPv4 record's real address: 4 bytes. */
    public static final int REAL4 = 56;

    /** Offset of an IPv4 record's local address: 4 bytes. */
    public static final int LOCAL4 = 60;

    /** Offset of an IPv6 record's virtual address: 16 bytes. */
    public static final int VIRTUAL6 = 64;

    /** Offset of an IPv6 record's real address: 16 bytes; of a mixed one's, 4 or 16 bytes. */
    public static final int REAL6 = 80;

    /** Offset of an IPv6 record's local address: 16 bytes. */
    public static final int LOCAL6 = 96;

    /** Offset of the local address of a mixed record whose server is IPv4: 4 bytes. */
    public static final int LOCAL_MIXED4 = 84;

    /** Method byte of NAT. */
    public static final int METHOD_NAT = 0;

    /** Method byte of direct routing. */
    public static final int METHOD_DIRECT_ROUTE = 1;

    /** Method byte of tunnelling. */
    public static final int METHOD_TUNNEL = 2;

    /** Method byte of FULLNAT. */
    public static final int METHOD_FULLNAT = 3;

    /** Method byte of a real server that is the director itself. */
    public static final int METHOD_LOCAL = 4;

    private static final ForwardingMethod[] METHODS = {
        ForwardingMethod.NAT,
        ForwardingMethod.DIRECT_ROUTE,
        ForwardingMethod.TUNNEL,
        ForwardingMethod.FULLNAT,
        ForwardingMethod.LOCAL
    };

    private ConnectionLayout() {}

    /**
     * Raw client port in the low, raw virtual port in the high 16 bits: ports of client packets.
     */
    public static int inPorts(long record) {
        return Memory.getInt(record + IN_PORTS);
    }

    /** Sets {@link #inPorts}; before publishing only. */
    public static void setInPorts(long record, int rawPorts) {
        Memory.putInt(record + IN_PORTS, rawPorts);
    }

    /** Raw real port in the low, raw local port in the high 16 bits: ports of server packets. */
    public static int outPorts(long record) {
        return Memory.getInt(record + OUT_PORTS);
    }

    /** Sets {@link #outPorts}; before publishing only. */
    public static void setOutPorts(long record, int rawPorts) {
        Memory.putInt(record + OUT_PORTS, rawPorts);
    }

    /** IP protocol number, 0..255. */
    public static int protocol(long record) {
        return Memory.getUnsignedByte(record + PROTOCOL);
    }

    /** Sets {@link #protocol}; before publishing only. */
    public static void setProtocol(long record, int number) {
        Memory.putByte(record + PROTOCOL, number);
    }

    /** Whether the client side is IPv6; set by {@link ConnectionTable#allocate}. */
    public static boolean isIpv6(long record) {
        return (Memory.getByte(record + FAMILY) & CLIENT_IPV6) != 0;
    }

    /** Whether client and real server are of different families. */
    public static boolean isMixed(long record) {
        return (Memory.getByte(record + FAMILY) & FAMILY_MIXED) != 0;
    }

    /** Whether the real server's side is IPv6; of a record with such a side. */
    public static boolean isServerIpv6(long record) {
        return isIpv6(record) != isMixed(record);
    }

    /** Bytes of the record. */
    public static int bytes(long record) {
        return Memory.getByte(record + FAMILY) == FAMILY_IPV4 ? IPV4_BYTES : IPV6_BYTES;
    }

    /** The flags, 16 bits. */
    public static int flags(long record) {
        return Memory.getUnsignedShort(record + FLAGS);
    }

    /** Whether any flag of {@code mask} is set. */
    public static boolean has(long record, int mask) {
        return (Memory.getShort(record + FLAGS) & mask) != 0;
    }

    /** Sets the flags of {@code mask}. */
    public static void set(long record, int mask) {
        Memory.putShort(record + FLAGS, Memory.getShort(record + FLAGS) | mask);
    }

    /** Clears the flags of {@code mask}. */
    public static void clear(long record, int mask) {
        Memory.putShort(record + FLAGS, Memory.getShort(record + FLAGS) & ~mask);
    }

    /** State, one of {@link ConnectionState}'s codes. */
    public static int state(long record) {
        return Memory.getByte(record + STATE);
    }

    /** Sets {@link #state}. */
    public static void setState(long record, int state) {
        Memory.putByte(record + STATE, state);
    }

    /** Forwarding method as a byte, METHOD_NAT to METHOD_LOCAL. */
    public static int method(long record) {
        return Memory.getByte(record + METHOD);
    }

    /** Sets {@link #method}. */
    public static void setMethod(long record, int code) {
        Memory.putByte(record + METHOD, code);
    }

    /** The method byte that stands for {@code method}; for control commands. */
    public static int methodCode(ForwardingMethod method) {
        return switch (method) {
            case NAT -> METHOD_NAT;
            case DIRECT_ROUTE -> METHOD_DIRECT_ROUTE;
            case TUNNEL -> METHOD_TUNNEL;
            case FULLNAT -> METHOD_FULLNAT;
            case LOCAL -> METHOD_LOCAL;
        };
    }

    /** The forwarding method that a method byte stands for; for listings. */
    public static ForwardingMethod methodOf(int code) {
        return METHODS[code];
    }

    /** Number of its real server. */
    public static int serverIndex(long record) {
        return Memory.getInt(record + SERVER_INDEX);
    }

    /** Sets {@link #serverIndex}. */
    public static void setServerIndex(long record, int index) {
        Memory.putInt(record + SERVER_INDEX, index);
    }

    /** When its last packet came, in ticks. */
    public static int lastSeenTicks(long record) {
        return Memory.getInt(record + LAST_SEEN);
    }

    /** Sets {@link #lastSeenTicks}; the timer is not touched, it looks here when it is due. */
    public static void setLastSeenTicks(long record, int ticks) {
        Memory.putInt(record + LAST_SEEN, ticks);
    }

    /** Ticks after {@link #lastSeenTicks} when it ends. */
    public static int timeoutTicks(long record) {
        return Memory.getInt(record + TIMEOUT);
    }

    /**
     * Sets the timeout in ticks without a look at the timer: right before publishing, or when it
     * grows; to shorten it see {@link ConnectionTable#setTimeout}.
     */
    public static void setTimeoutTicks(long record, int ticks) {
        Memory.putInt(record + TIMEOUT, ticks);
    }

    /** When its time is up, in ticks. */
    public static int deadlineTicks(long record) {
        return Memory.getInt(record + LAST_SEEN) + Memory.getInt(record + TIMEOUT);
    }

    /** Packets from the client, modulo 2^32 (in_pkts of struct ip_vs_conn). */
    public static int packets(long record) {
        return Memory.getInt(record + PACKETS);
    }

    /** Sets {@link #packets}. */
    public static void setPackets(long record, int packets) {
        Memory.putInt(record + PACKETS, packets);
    }

    /**
     * Notes a packet: when it came, and whether it is one more from the client.
     *
     * @param fromClient 1 or 0
     * @return the method byte
     */
    public static int advance(long record, int nowTicks, int fromClient) {
        MemorySegment line = Memory.line(record);
        line.set(ValueLayout.JAVA_INT_UNALIGNED, LAST_SEEN, nowTicks);
        int packets = line.get(ValueLayout.JAVA_INT_UNALIGNED, PACKETS) + fromClient;
        line.set(ValueLayout.JAVA_INT_UNALIGNED, PACKETS, packets);
        return line.get(ValueLayout.JAVA_BYTE, METHOD);
    }

    /** Id of the template that controls it, 0 for none. */
    public static int control(long record) {
        return Memory.getInt(record + CONTROL);
    }

    /** Sets {@link #control}. */
    public static void setControl(long record, int id) {
        Memory.putInt(record + CONTROL, id);
    }

    /** Id of its auxiliary record, 0 for none; of a template how many connections it controls. */
    public static int extra(long record) {
        return Memory.getInt(record + EXTRA);
    }

    /** Sets {@link #extra}. */
    public static void setExtra(long record, int id) {
        Memory.putInt(record + EXTRA, id);
    }

    /** Client (low 32 bits) and virtual address of an IPv4 record, raw. */
    public static long inKey4(long record) {
        return Memory.getLong(record + CLIENT);
    }

    /** Sets client (low 32 bits) and virtual address of an IPv4 record, raw. */
    public static void setInKey4(long record, long rawAddresses) {
        Memory.putLong(record + CLIENT, rawAddresses);
    }

    /** Real (low 32 bits) and local address of a record whose server is IPv4, raw. */
    public static long outKey4(long record) {
        return Memory.getLong(record + (isMixed(record) ? REAL6 : REAL4));
    }

    /** Sets real (low 32 bits) and local address of a record whose server is IPv4, raw. */
    public static void setOutKey4(long record, long rawAddresses) {
        Memory.putLong(record + (isMixed(record) ? REAL6 : REAL4), rawAddresses);
    }

    /**
     * An IPv4 address of the record, raw; {@code offset} is CLIENT, VIRTUAL4, REAL4 or LOCAL4, of a
     * mixed one REAL6 or LOCAL_MIXED4.
     */
    public static int address4(long record, int offset) {
        return Memory.getInt(record + offset);
    }

    /** Sets an IPv4 address of the record, raw; before publishing only. */
    public static void setAddress4(long record, int offset, int raw) {
        Memory.putInt(record + offset, raw);
    }

    /**
     * First 8 bytes of an IPv6 address, raw; {@code offset} is CLIENT, VIRTUAL6, REAL6 or LOCAL6.
     */
    public static long address6First(long record, int offset) {
        return Memory.getLong(record + offset);
    }

    /** Last 8 bytes of an IPv6 address, raw. */
    public static long address6Last(long record, int offset) {
        return Memory.getLong(record + offset + 8);
    }

    /** Sets an IPv6 address of the record, raw; before publishing only. */
    public static void setAddress6(long record, int offset, long first, long last) {
        Memory.putLong(record + offset, first);
        Memory.putLong(record + offset + 8, last);
    }
}
