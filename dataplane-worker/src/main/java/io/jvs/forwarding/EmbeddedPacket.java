package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.IN_PORTS;
import static io.jvs.connection.ConnectionLayout.OUT_PORTS;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.ExtensionHeaders;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.UdpHeader;

/**
 * The packet in an ICMP error, read before its header gives way to one of the other IP version (RFC
 * 7915 sections 4.3 and 5.3). One thread.
 */
final class EmbeddedPacket {
    /** What RFC 792 has at least of the embedded transport header. */
    private static final int TRANSPORT_BYTES = 8;

    /** Address of its addresses, as long as the old header is there. */
    long addresses;

    /** Address of its transport header. */
    long transport;

    /** Bytes of it from the transport header on that are there. */
    int transportBytes;

    /** Its length, of which not all need be there. */
    int totalBytes;

    private final SequenceShift shift;
    private int trafficClass;
    private int hops;
    private int protocol;
    private int identification;
    private boolean fragment;
    private boolean more;

    EmbeddedPacket(SequenceShift shift) {
        this.shift = shift;
    }

    /** Reads a packet of which {@code available} bytes are there; false when that is too little. */
    boolean readIpv4(long header, int available) {
        if (available < Ipv4Header.BYTES + TRANSPORT_BYTES) {
            return false;
        }
        int headerBytes = Ipv4Header.headerBytes(header);
        totalBytes = Ipv4Header.totalLength(header);
        if (headerBytes < Ipv4Header.BYTES || headerBytes + TRANSPORT_BYTES > available) {
            return false;
        }
        addresses = header + Ipv4Header.SOURCE;
        transport = header + headerBytes;
        transportBytes = available - headerBytes;
        trafficClass = Ipv4Header.tos(header);
        hops = Ipv4Header.ttl(header);
        protocol = Ipv4Header.protocol(header);
        identification = Ipv4Header.id(header);
        more = (Ipv4Header.fragment(header) & Ipv4Header.MORE_FRAGMENTS) != 0;
        fragment = more;
        payload(totalBytes - headerBytes);
        return true;
    }

    /** The same for IPv6; extension headers are passed. */
    boolean readIpv6(long header, int available) {
        if (available < Ipv6Header.BYTES + TRANSPORT_BYTES) {
            return false;
        }
        long start = header + Ipv6Header.BYTES;
        int next = Ipv6Header.nextHeader(header);
        long walk = ExtensionHeaders.skipEmbedded(start, next, header + available);
        int headerBytes = Ipv6Header.BYTES + ExtensionHeaders.bytes(walk);
        if (walk < 0 || headerBytes + TRANSPORT_BYTES > available) {
            return false;
        }
        addresses = header + Ipv6Header.SOURCE;
        transport = header + headerBytes;
        transportBytes = available - headerBytes;
        trafficClass = Memory.getIntBe(header) >>> 20 & 0xFF;
        hops = Ipv6Header.hopLimit(header);
        protocol = ExtensionHeaders.protocol(walk);
        totalBytes = Ipv6Header.BYTES + Ipv6Header.payloadLength(header);
        readFragment(start, next, headerBytes);
        payload(totalBytes - headerBytes);
        return true;
    }

    /** A fragment header is found right behind the first one, as our packets have it. */
    private void readFragment(long at, int next, int headerBytes) {
        fragment =
                next == Ipv6Header.NEXT_FRAGMENT
                        && headerBytes == Ipv6Header.BYTES + FragmentWord.IPV6_HEADER_BYTES;
        more = fragment && (Memory.getUnsignedShortBe(at + 2) & 1) != 0;
        identification = fragment ? Memory.getIntBe(at + 4) & 0xFFFF : 0;
    }

    private int payloadBytes;

    /** A length that lies counts as what is there. */
    private void payload(int claimed) {
        payloadBytes = Math.max(claimed, transportBytes);
    }

    /** Bytes of the fragment header that it gets in IPv6. */
    int fragmentBytes() {
        return fragment ? FragmentWord.IPV6_HEADER_BYTES : 0;
    }

    /** Writes an IPv6 header, right in front of the transport header: source, destination. */
    void writeIpv6(long header, long pair) {
        int shim = fragmentBytes();
        int next = shim == 0 ? protocol : Ipv6Header.NEXT_FRAGMENT;
        long start = FamilyHeaders.start6(trafficClass, payloadBytes + shim, next, hops);
        Memory.putLongBe(header, start);
        Ipv6Header.putSource(header, Memory.getLong(pair), Memory.getLong(pair + 8));
        Ipv6Header.putDestination(header, Memory.getLong(pair + 16), Memory.getLong(pair + 24));
        if (shim != 0) {
            Memory.putIntBe(header + Ipv6Header.BYTES, protocol << 24 | (more ? 1 : 0));
            Memory.putIntBe(header + Ipv6Header.BYTES + 4, identification);
        }
    }

    /** Writes an IPv4 header, right in front of the transport header: source, destination. */
    void writeIpv4(long header, long pair) {
        int total = Ipv4Header.BYTES + payloadBytes;
        int tosAndId = trafficClass << 16 | identification;
        int whole = total > FamilyHeaders.MAY_CUT ? Ipv4Header.DONT_FRAGMENT : 0;
        int part = more ? Ipv4Header.MORE_FRAGMENTS : 0;
        Ipv4Header.writeStart(header, tosAndId, total, hops, protocol);
        Memory.putShortBe(header + Ipv4Header.FRAGMENT, fragment ? part : whole);
        Memory.putLong(header + Ipv4Header.SOURCE, Memory.getLong(pair));
        InternetChecksum.writeIpv4Header(header);
    }

    /**
     * Writes the ports that the sender knows, and the transport checksum where it is there.
     *
     * @param pseudo what the addresses change in it
     */
    void writeTransport(PacketBurst burst, int row, long pseudo) {
        int side = burst.direction[row] == PacketBurst.FROM_SERVER ? IN_PORTS : OUT_PORTS;
        int ports = Memory.getInt(burst.connection[row] + side);
        long difference = pseudo + ChecksumDifference.ofInt(Memory.getInt(transport), ports);
        Memory.putInt(transport, ports);
        if (protocol == Ipv4Header.PROTOCOL_TCP
                && ConnectionLayout.has(burst.connection[row], ConnectionLayout.SHIFTED)) {
            int sender = burst.direction[row] ^ 1;
            difference += shift.embedded(burst.connection[row], transport, sender);
        }
        if (protocol == Ipv4Header.PROTOCOL_UDP) {
            long at = transport + UdpHeader.CHECKSUM;
            int checksum = Memory.getUnsignedShort(at);
            Memory.putShort(at, ChecksumDifference.applyUdp(checksum, difference));
        } else if (protocol == Ipv4Header.PROTOCOL_TCP
                && transportBytes >= TcpHeader.CHECKSUM + 2) {
            long at = transport + TcpHeader.CHECKSUM;
            int checksum = Memory.getUnsignedShort(at);
            Memory.putShort(at, ChecksumDifference.apply(checksum, difference));
        }
    }
}
