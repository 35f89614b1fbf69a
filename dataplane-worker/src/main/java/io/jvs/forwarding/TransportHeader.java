package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;

/** Ports and checksum of a TCP, UDP or SCTP header that is rewritten. Ports are raw words. */
final class TransportHeader {
    private static final long UDP_LENGTH_MASK = 0x0000_FFFF_0000_0000L;

    private TransportHeader() {}

    /**
     * Writes both ports and brings the checksum up to date.
     *
     * @param header address of the header, whole
     * @param protocol 6, 17 or 132
     * @param before source and destination port as they are in the header
     * @param after source and destination port to write
     * @param difference of the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1)
     * @param bytes from the header to the end of the IP packet
     */
    static void rewrite(
            long header, int protocol, int before, int after, long difference, int bytes) {
        long all = difference + ChecksumDifference.ofInt(before, after);
        if (protocol == Ipv4Header.PROTOCOL_TCP) {
            tcp(header, after, all);
        } else if (protocol == Ipv4Header.PROTOCOL_UDP) {
            udp(header, after, all);
        } else if (protocol == Ipv4Header.PROTOCOL_SCTP && before != after) {
            sctp(header, after, bytes);
        }
    }

    private static void tcp(long header, int ports, long difference) {
        Memory.putInt(header, ports);
        int checksum = Memory.getUnsignedShort(header + TcpHeader.CHECKSUM);
        Memory.putShort(
                header + TcpHeader.CHECKSUM, ChecksumDifference.apply(checksum, difference));
    }

    private static void udp(long header, int ports, long difference) {
        long word = Memory.getLong(header);
        long checksum = ChecksumDifference.applyUdp((int) (word >>> 48), difference);
        Memory.putLong(header, ports & 0xFFFF_FFFFL | word & UDP_LENGTH_MASK | checksum << 48);
    }

    /** No pseudo header there, so that only other ports change the checksum (sctp_nat_csum). */
    private static void sctp(long header, int ports, int bytes) {
        Memory.putInt(header, ports);
        Memory.putInt(header + SctpHeader.CHECKSUM, Crc32c.ofSctp(header, bytes));
    }
}
