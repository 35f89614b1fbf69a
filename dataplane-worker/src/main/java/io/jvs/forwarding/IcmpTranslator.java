package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.CLIENT;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.ExtensionHeaders;
import io.jvs.packet.IcmpHeader;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.UdpHeader;

/**
 * Translates ICMP and ICMPv6 errors about packets of NAT and FULLNAT connections: the outer
 * addresses, and the packet embedded in them back to what its sender sent (ip_vs_nat_icmp,
 * ip_vs_nat_icmp_v6; RFC 5508 section 4.2). All checksums on the way are brought up to date from
 * the words that changed, so that a damaged message stays a damaged one.
 *
 * <p>With NAT the outer address of the other end stays: a router in front of the client remains
 * visible to the real server. With FULLNAT it becomes the local address, since the real server's
 * network need not know a way to clients.
 */
final class IcmpTranslator {
    /** What RFC 792 has at least of the embedded transport header. */
    private static final int TRANSPORT_BYTES = 8;

    private final SequenceShift shift;

    IcmpTranslator(SequenceShift shift) {
        this.shift = shift;
    }

    /**
     * Translates an ICMP error in place, TTL included.
     *
     * @param full whether the connection is FULLNAT
     * @return false when the embedded packet is too short; then nothing has changed
     */
    boolean ipv4(PacketBurst burst, int row, boolean full) {
        long icmp = burst.data[row] + burst.layer4[row];
        long inner = icmp + IcmpHeader.BYTES;
        int available = burst.end[row] - burst.layer4[row] - IcmpHeader.BYTES;
        if (available < Ipv4Header.BYTES + TRANSPORT_BYTES) {
            return false;
        }
        int innerBytes = Ipv4Header.headerBytes(inner);
        if (innerBytes < Ipv4Header.BYTES || innerBytes + TRANSPORT_BYTES > available) {
            return false;
        }
        long pair =
                Memory.getLong(burst.connection[row] + CLIENT + 8 - (burst.direction[row] << 3));
        outer4(burst.data[row] + burst.layer3[row], pair, burst.direction[row], full);
        long pseudo = ChecksumDifference.ofLong(Memory.getLong(inner + Ipv4Header.SOURCE), pair);
        long difference = pseudo + embedded4(inner, pair, pseudo);
        difference += transport(burst, row, inner + innerBytes, available - innerBytes, pseudo);
        addTo(icmp + IcmpHeader.CHECKSUM, difference);
        return true;
    }

    /** {@code pair} is destination, source. */
    private static void outer4(long header, long pair, int direction, boolean full) {
        long before = Memory.getLong(header + Ipv4Header.SOURCE);
        long source = full || direction == PacketBurst.FROM_SERVER ? pair >>> 32 : (int) before;
        long destination =
                full || direction == PacketBurst.FROM_CLIENT ? pair << 32 : before >>> 32 << 32;
        long after = source & 0xFFFF_FFFFL | destination;
        addTo(header + Ipv4Header.CHECKSUM, ChecksumDifference.ofLong(before, after));
        Memory.putLong(header + Ipv4Header.SOURCE, after);
        HopCount.decrementTtl(header);
    }

    /** Writes the embedded addresses; gives the difference of the embedded header's checksum. */
    private static long embedded4(long inner, long pair, long difference) {
        Memory.putLong(inner + Ipv4Header.SOURCE, pair);
        return addTo(inner + Ipv4Header.CHECKSUM, difference);
    }

    /**
     * Translates an ICMPv6 error in place, hop limit included.
     *
     * @param full whether the connection is FULLNAT
     * @return false when the embedded packet is too short; then nothing has changed
     */
    boolean ipv6(PacketBurst burst, int row, boolean full) {
        long icmp = burst.data[row] + burst.layer4[row];
        long inner = icmp + IcmpHeader.BYTES;
        int available = burst.end[row] - burst.layer4[row] - IcmpHeader.BYTES;
        int innerBytes = embedded6(inner, available, burst.protocol[row]);
        if (innerBytes < 0 || innerBytes + TRANSPORT_BYTES > available) {
            return false;
        }
        long pair = burst.connection[row] + CLIENT + 32 - (burst.direction[row] << 5);
        long difference =
                outer6(burst.data[row] + burst.layer3[row], pair, burst.direction[row], full);
        long pseudo =
                address6(inner + Ipv6Header.SOURCE, pair)
                        + address6(inner + Ipv6Header.DESTINATION, pair + 16);
        difference += pseudo;
        difference += transport(burst, row, inner + innerBytes, available - innerBytes, pseudo);
        addTo(icmp + IcmpHeader.CHECKSUM, difference);
        return true;
    }

    /** Offset of the embedded transport header, or -1 when it is not there. */
    private static int embedded6(long inner, int available, int protocol) {
        if (available < Ipv6Header.BYTES) {
            return -1;
        }
        long found =
                ExtensionHeaders.skipEmbedded(
                        inner + Ipv6Header.BYTES, Ipv6Header.nextHeader(inner), inner + available);
        return found >= 0 && ExtensionHeaders.protocol(found) == protocol
                ? Ipv6Header.BYTES + ExtensionHeaders.bytes(found)
                : -1;
    }

    private static long outer6(long header, long pair, int direction, boolean full) {
        long difference = 0;
        if (full || direction == PacketBurst.FROM_SERVER) {
            difference += address6(header + Ipv6Header.SOURCE, pair + 16);
        }
        if (full || direction == PacketBurst.FROM_CLIENT) {
            difference += address6(header + Ipv6Header.DESTINATION, pair);
        }
        HopCount.decrementHopLimit(header);
        return difference;
    }

    /** Copies an IPv6 address; gives the difference to the one that was there. */
    private static long address6(long at, long from) {
        long high = Memory.getLong(from);
        long low = Memory.getLong(from + 8);
        long difference =
                ChecksumDifference.ofLong(Memory.getLong(at), high)
                        + ChecksumDifference.ofLong(Memory.getLong(at + 8), low);
        Memory.putLong(at, high);
        Memory.putLong(at + 8, low);
        return difference;
    }

    /**
     * Writes the embedded ports, and the embedded checksum where the message reaches that far.
     *
     * @param pseudo difference of the pseudo header
     * @return the difference of all that changed
     */
    private long transport(PacketBurst burst, int row, long header, int available, long pseudo) {
        long record = burst.connection[row];
        int ports =
                Memory.getInt(record + ConnectionLayout.OUT_PORTS - (burst.direction[row] << 3));
        long difference = ChecksumDifference.ofInt(Memory.getInt(header), ports);
        Memory.putInt(header, ports);
        int protocol = burst.protocol[row];
        if (protocol == Ipv4Header.PROTOCOL_UDP) {
            return difference + addToUdp(header + UdpHeader.CHECKSUM, pseudo + difference);
        }
        if (protocol != Ipv4Header.PROTOCOL_TCP) {
            return difference;
        }
        if (ConnectionLayout.has(record, ConnectionLayout.SHIFTED)) {
            difference += shift.embedded(record, header, burst.direction[row] ^ 1);
        }
        if (available >= TcpHeader.CHECKSUM + 2) {
            return difference + addTo(header + TcpHeader.CHECKSUM, pseudo + difference);
        }
        return difference;
    }

    /** Brings the checksum at {@code at} up to date; gives the difference that this makes. */
    private static long addTo(long at, long difference) {
        int before = Memory.getUnsignedShort(at);
        int after = ChecksumDifference.apply(before, difference);
        Memory.putShort(at, after);
        return ChecksumDifference.ofShort(before, after);
    }

    private static long addToUdp(long at, long difference) {
        int before = Memory.getUnsignedShort(at);
        int after = ChecksumDifference.applyUdp(before, difference);
        Memory.putShort(at, after);
        return ChecksumDifference.ofShort(before, after);
    }
}
