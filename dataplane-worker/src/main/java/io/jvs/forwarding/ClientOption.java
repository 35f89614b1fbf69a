package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;

/**
 * Puts the client's endpoint into a packet towards the server as an option: TOA (TCP option 254)
 * and UOA (IPv4 option 31, or a header of protocol 248 in front of UDP), in the formats of DPVS
 * (include/toa.h, include/uoa.h). Called before addresses are rewritten, but for UOA of a mixed
 * connection.
 */
final class ClientOption {
    /** Bytes of an option with an IPv4 address: kind, length, port, address. */
    static final int BYTES_IPV4 = 8;

    /** Bytes of an option with an IPv6 address. */
    static final int BYTES_IPV6 = 20;

    private static final int KIND_TOA = 254;
    private static final int KIND_UOA = 31;
    private static final int PROTOCOL_OPTION = 248;
    private static final int OPTION_HEADER_BYTES = 4;
    private static final int OPTION_VERSION_IPV4 = 1 << 4;
    private static final int OPTION_VERSION_IPV6 = 2 << 4;
    private static final int FRAGMENT_BITS = Ipv4Header.MORE_FRAGMENTS | Ipv4Header.OFFSET_MASK;
    private static final int MAX_TCP_HEADER = 60;
    private static final int MAX_IPV4_HEADER = 60;
    private static final int VERSION_6 = 6;

    /** By how much the header in front grows when IPv4 becomes IPv6. */
    private static final int FAMILY_GROWTH = Ipv6Header.BYTES - Ipv4Header.BYTES;

    private ClientOption() {}

    /** Bytes that an option of that connection's client has. */
    static int bytes(long record) {
        return ConnectionLayout.isIpv6(record) ? BYTES_IPV6 : BYTES_IPV4;
    }

    /** Puts TOA behind the fixed TCP header; false: no room in header, MTU or buffer. */
    static boolean insertToa(PacketBurst burst, int row) {
        long record = burst.connection[row];
        int bytes = bytes(record);
        long tcp = burst.data[row] + burst.layer4[row];
        int headerBytes = TcpHeader.headerBytes(tcp);
        if (headerBytes + bytes > MAX_TCP_HEADER || !hasRoom(burst, row, bytes)) {
            return false;
        }
        open(burst, row, burst.layer4[row] + TcpHeader.BYTES, bytes);
        tcp = burst.data[row] + burst.layer4[row];
        int before = Memory.getUnsignedShort(tcp + TcpHeader.DATA_OFFSET);
        int after = before + (bytes << 2);
        Memory.putShort(tcp + TcpHeader.DATA_OFFSET, after);
        write(tcp + TcpHeader.BYTES, KIND_TOA, record, bytes);
        lengthen(burst, row, bytes);
        long difference =
                ChecksumDifference.ofShort(before, after)
                        + InternetChecksum.sum(tcp + TcpHeader.BYTES, bytes);
        updateTcpChecksum(burst, row, bytes, difference);
        return true;
    }

    /** Puts UOA into a UDP datagram; false: no room in header, MTU or buffer. */
    static boolean insertUoa(PacketBurst burst, int row) {
        long record = burst.connection[row];
        return ConnectionLayout.isIpv6(record)
                ? insertProtocol(burst, row, record)
                : insertIpOption(burst, row, record);
    }

    /**
     * The same for a datagram of a mixed connection that is translated already: always the header
     * of protocol 248, whose version is that of the client (insert_opp_uoa of DPVS, NAT64).
     */
    static boolean insertTranslatedUoa(PacketBurst burst, int row) {
        return insertProtocol(burst, row, burst.connection[row]);
    }

    /** In front of other options, as DPVS does. */
    private static boolean insertIpOption(PacketBurst burst, int row, long record) {
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv4Header.headerBytes(header) + BYTES_IPV4 > MAX_IPV4_HEADER
                || !hasRoom(burst, row, BYTES_IPV4)) {
            return false;
        }
        open(burst, row, burst.layer3[row] + Ipv4Header.BYTES, BYTES_IPV4);
        burst.layer4[row] += BYTES_IPV4;
        header = burst.data[row] + burst.layer3[row];
        Memory.putByte(header, Memory.getUnsignedByte(header) + BYTES_IPV4 / 4);
        write(header + Ipv4Header.BYTES, KIND_UOA, record, BYTES_IPV4);
        lengthen(burst, row, BYTES_IPV4);
        return true;
    }

    private static boolean insertProtocol(PacketBurst burst, int row, long record) {
        int bytes = OPTION_HEADER_BYTES + bytes(record);
        long header = burst.data[row] + burst.layer3[row];
        boolean ipv6 = Ipv4Header.version(header) == VERSION_6;
        int plain = ipv6 ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        if (burst.layer4[row] - burst.layer3[row] != plain
                || !ipv6 && (Ipv4Header.fragment(header) & FRAGMENT_BITS) != 0
                || burst.headroom[row] < bytes
                || burst.end[row] - burst.layer3[row] + bytes > burst.mtu[row]) {
            return false;
        }
        open(burst, row, burst.layer4[row], bytes);
        long option = burst.data[row] + burst.layer4[row];
        burst.layer4[row] += bytes;
        boolean client6 = ConnectionLayout.isIpv6(record);
        Memory.putByte(option, client6 ? OPTION_VERSION_IPV6 : OPTION_VERSION_IPV4);
        Memory.putByte(option + 1, burst.protocol[row]);
        Memory.putShortBe(option + 2, bytes);
        write(option + OPTION_HEADER_BYTES, KIND_UOA, record, bytes(record));
        header = burst.data[row] + burst.layer3[row];
        Memory.putByte(
                header + (ipv6 ? Ipv6Header.NEXT_HEADER : Ipv4Header.PROTOCOL), PROTOCOL_OPTION);
        lengthen(burst, row, bytes);
        return true;
    }

    /** In headers that keep their IP version, or will get the other one's. */
    private static boolean hasRoom(PacketBurst burst, int row, int bytes) {
        int growth = ConnectionLayout.isMixed(burst.connection[row]) ? FAMILY_GROWTH : 0;
        return burst.headroom[row] >= bytes + growth && PacketRoom.bytes(burst, row) >= bytes;
    }

    /** Makes room at {@code offset} by moving what is in front of it to the front. */
    private static void open(PacketBurst burst, int row, int offset, int bytes) {
        long from = burst.data[row];
        burst.moveStart(row, -bytes);
        burst.end[row] += bytes;
        Memory.copy(from, burst.data[row], offset);
    }

    private static void write(long option, int kind, long record, int bytes) {
        Memory.putByte(option, kind);
        Memory.putByte(option + 1, bytes);
        Memory.putShort(option + 2, (short) ConnectionLayout.inPorts(record));
        Memory.copy(record + ConnectionLayout.CLIENT, option + 4, bytes - 4L);
    }

    /** Adds to the length of the IP packet. */
    static void lengthen(PacketBurst burst, int row, int bytes) {
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv4Header.version(header) == VERSION_6) {
            int length = Memory.getUnsignedShortBe(header + Ipv6Header.PAYLOAD_LENGTH);
            Memory.putShortBe(header + Ipv6Header.PAYLOAD_LENGTH, length + bytes);
        } else {
            int length = Memory.getUnsignedShortBe(header + Ipv4Header.TOTAL_LENGTH);
            Memory.putShortBe(header + Ipv4Header.TOTAL_LENGTH, length + bytes);
            InternetChecksum.writeIpv4Header(header);
        }
    }

    /**
     * Brings the TCP checksum up to date; what was wrong before stays wrong.
     *
     * @param bytes by which the segment has grown
     * @param difference of header and data
     */
    static void updateTcpChecksum(PacketBurst burst, int row, int bytes, long difference) {
        long tcp = burst.data[row] + burst.layer4[row];
        int length = burst.end[row] - burst.layer4[row];
        long all = difference + ChecksumDifference.ofShort(raw(length - bytes), raw(length));
        int checksum = Memory.getUnsignedShort(tcp + TcpHeader.CHECKSUM);
        Memory.putShort(tcp + TcpHeader.CHECKSUM, ChecksumDifference.apply(checksum, all));
    }

    private static int raw(int number) {
        return Short.toUnsignedInt(Short.reverseBytes((short) number));
    }
}
