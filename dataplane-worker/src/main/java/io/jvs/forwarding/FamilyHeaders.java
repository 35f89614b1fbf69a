package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.UdpHeader;
import io.jvs.packet.Verdict;

/**
 * Puts an IP header of the other version in the place of a packet's own (RFC 7915 sections 4.1 and
 * 5.1). The payload stays where it is, the frame's start moves. What lies in front of the IP packet
 * is lost: the neighbour stage writes the link header anew. Owned by one worker's thread.
 */
final class FamilyHeaders {
    /** IPv4 packets up to this size may be cut on the way (RFC 7915 section 5.1). */
    static final int MAY_CUT = 1260;

    private static final int FRAGMENT_BITS = Ipv4Header.MORE_FRAGMENTS | Ipv4Header.OFFSET_MASK;
    private static final int VERSION_6 = 6;

    private int identification;

    FamilyHeaders(int firstIdentification) {
        identification = firstIdentification;
    }

    /**
     * Translates a row's IPv4 header, a fragment's too.
     *
     * @param pair address of raw destination and source, 32 bytes
     * @return FORWARDED, or DROP_NO_HEADROOM with the packet unchanged
     */
    byte toIpv6(PacketBurst burst, int row, long pair) {
        long old = burst.data[row] + burst.layer3[row];
        int headerBytes = Ipv4Header.headerBytes(old);
        int word = Ipv4Header.fragment(old);
        int id = Ipv4Header.id(old);
        int shim = (word & FRAGMENT_BITS) == 0 ? 0 : FragmentWord.IPV6_HEADER_BYTES;
        int payload = burst.end[row] - burst.layer3[row] - headerBytes;
        int protocol = Ipv4Header.protocol(old);
        int next = shim == 0 ? protocol : Ipv6Header.NEXT_FRAGMENT;
        long start = start6(Ipv4Header.tos(old), shim + payload, next, Ipv4Header.ttl(old) - 1);
        if (!move(burst, row, headerBytes - shim - Ipv6Header.BYTES)) {
            return Verdict.DROP_NO_HEADROOM;
        }
        burst.kind[row] = PacketBurst.KIND_IPV6;
        burst.layer4[row] = burst.layer3[row] + Ipv6Header.BYTES + shim;
        long header = burst.data[row] + burst.layer3[row];
        write6(header, start, pair);
        if (shim != 0) {
            int more = (word & Ipv4Header.MORE_FRAGMENTS) == 0 ? 0 : 1;
            int offset = (word & Ipv4Header.OFFSET_MASK) << 3;
            Memory.putIntBe(header + Ipv6Header.BYTES, protocol << 24 | offset | more);
            Memory.putIntBe(header + Ipv6Header.BYTES + 4, id);
        }
        return Verdict.FORWARDED;
    }

    /** Moves the frame's start; false when there is no room. */
    private static boolean move(PacketBurst burst, int row, int bytes) {
        if (burst.headroom[row] + bytes < 0) {
            return false;
        }
        burst.moveStart(row, bytes);
        burst.end[row] -= bytes;
        return true;
    }

    /** The first 8 bytes of an IPv6 header, big-endian; flow label 0. */
    static long start6(int trafficClass, int payload, int next, int hopLimit) {
        return (long) VERSION_6 << 60
                | (long) trafficClass << 52
                | (payload & 0xFFFFL) << 16
                | next << 8
                | hopLimit;
    }

    /** Writes an IPv6 header: {@code pair} is the address of destination, source. */
    static void write6(long header, long start, long pair) {
        Memory.putLongBe(header, start);
        Ipv6Header.putSource(header, Memory.getLong(pair + 16), Memory.getLong(pair + 24));
        Ipv6Header.putDestination(header, Memory.getLong(pair), Memory.getLong(pair + 8));
    }

    /**
     * Translates a row's IPv6 header, a fragment's too; extension headers before the transport
     * header are left out.
     *
     * @param pair address of raw destination and source, 8 bytes
     * @return FORWARDED
     */
    byte toIpv4(PacketBurst burst, int row, long pair) {
        long old = burst.data[row] + burst.layer3[row];
        int trafficClass = Memory.getIntBe(old) >>> 20 & 0xFF;
        int hopLimit = Ipv6Header.hopLimit(old) - 1;
        int total = Ipv4Header.BYTES + burst.end[row] - burst.layer4[row];
        long fields =
                burst.fragment[row] == 0 ? whole(total, burst.protocol[row]) : part(burst, row);
        move(burst, row, burst.layer4[row] - burst.layer3[row] - Ipv4Header.BYTES);
        burst.kind[row] = PacketBurst.KIND_IPV4;
        burst.layer4[row] = burst.layer3[row] + Ipv4Header.BYTES;
        long header = burst.data[row] + burst.layer3[row];
        int tosAndId = trafficClass << 16 | (int) (fields >>> 16) & 0xFFFF;
        Ipv4Header.writeStart(header, tosAndId, total, hopLimit, (int) (fields >>> 32));
        Memory.putShortBe(header + Ipv4Header.FRAGMENT, (int) fields & 0xFFFF);
        write4(header, pair);
        return Verdict.FORWARDED;
    }

    /** Protocol, identification and fragment word of a packet that is no fragment. */
    private long whole(int total, int protocol) {
        long fields = (long) protocol << 32;
        return total > MAY_CUT
                ? fields | Ipv4Header.DONT_FRAGMENT
                : fields | (long) nextIdentification() << 16;
    }

    /** The same of a fragment, whose header is right in front of its payload. */
    private static long part(PacketBurst burst, int row) {
        long fragment = burst.data[row] + burst.layer4[row] - FragmentWord.IPV6_HEADER_BYTES;
        int word = Memory.getUnsignedShortBe(fragment + 2);
        int more = (word & 1) == 0 ? 0 : Ipv4Header.MORE_FRAGMENTS;
        long id = Memory.getIntBe(fragment + 4) & 0xFFFF;
        return (long) Memory.getUnsignedByte(fragment) << 32 | id << 16 | more | word >>> 3;
    }

    /** Another identification, 16 bits. */
    int nextIdentification() {
        identification = identification + 1 & 0xFFFF;
        return identification;
    }

    /** Writes addresses and checksum of an IPv4 header: {@code pair} is destination, source. */
    static void write4(long header, long pair) {
        Memory.putLong(header + Ipv4Header.SOURCE, Long.rotateLeft(Memory.getLong(pair), 32));
        InternetChecksum.writeIpv4Header(header);
    }

    /** Gives an IPv4 packet that will be cut an identification; its checksum is not kept right. */
    void identify(long header) {
        Memory.putShortBe(header + Ipv4Header.ID, nextIdentification());
    }

    /**
     * Computes the checksum that UDP over IPv4 may do without, but not over IPv6 (RFC 7915 section
     * 4.5); the packet is whole, and its ports are those that it leaves with.
     */
    static void addUdpChecksum(PacketBurst burst, int row, long pair) {
        long udp = burst.data[row] + burst.layer4[row];
        int bytes = UdpHeader.length(udp);
        long sum = PairSum.with6(pair) + pseudo(Ipv4Header.PROTOCOL_UDP) + pseudo(bytes);
        int checksum = InternetChecksum.writeLayer4(sum, udp, bytes, UdpHeader.CHECKSUM);
        Memory.putShort(udp + UdpHeader.CHECKSUM, InternetChecksum.forUdp(checksum));
    }

    /** A 16-bit value as a native load of a pseudo header gives it. */
    private static long pseudo(int value) {
        return Short.reverseBytes((short) value) & 0xFFFFL;
    }
}
