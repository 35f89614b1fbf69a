package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.CLIENT;

import io.jvs.memory.Memory;
import io.jvs.packet.IcmpHeader;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Translates ICMP errors about packets of mixed connections to ICMPv6 and back (RFC 7915 sections
 * 4.2, 4.3, 5.2 and 5.3): type, code, MTU or pointer, and the packet embedded in them back to what
 * its sender sent. The message comes from the virtual (local) address, as routers of one version
 * have none of the other. What RFC 4884 adds behind the embedded packet is cut off.
 *
 * <p>The embedded transport header stays where it is, and three new headers are put in front of it,
 * so what is in front is read first, into fields. One thread.
 */
final class IcmpFamilyTranslator {
    /** The largest ICMP error over IPv4 (RFC 1812 section 4.3.2.3). */
    private static final int MAX_IPV4_BYTES = 576;

    private static final int GROWTH = Ipv6Header.BYTES - Ipv4Header.BYTES;
    private static final int V6_POINTER_NEXT_HEADER = 6;

    private final InterfaceTable interfaces;
    private final FamilyHeaders headers;
    private int typeAndCode;
    private int rest;
    private int trafficClass;
    private int hops;
    private final EmbeddedPacket inner;

    IcmpFamilyTranslator(InterfaceTable interfaces, FamilyHeaders headers, SequenceShift shift) {
        this.inner = new EmbeddedPacket(shift);
        this.interfaces = interfaces;
        this.headers = headers;
    }

    /**
     * Makes an ICMP error the ICMPv6 error that says the same.
     *
     * @return FORWARDED, or a drop with the packet unchanged
     */
    byte ipv4(PacketBurst burst, int row) {
        long icmp = burst.data[row] + burst.layer4[row];
        typeAndCode = IcmpFamilyTable.toIpv6(IcmpHeader.type(icmp), IcmpHeader.code(icmp));
        if (typeAndCode < 0) {
            return Verdict.DROP_NOT_TRANSLATED;
        }
        int told = Memory.getUnsignedByte(icmp + IcmpHeader.REST + 1) << 2;
        if (!inner.readIpv4(icmp + IcmpHeader.BYTES, quoted(burst, row, told))) {
            return Verdict.DROP_MALFORMED_LAYER4;
        }
        rest = rest6(burst, row, icmp);
        if (rest < 0) {
            return Verdict.DROP_NOT_TRANSLATED;
        }
        long header = burst.data[row] + burst.layer3[row];
        trafficClass = Ipv4Header.tos(header);
        hops = Ipv4Header.ttl(header) - 1;
        long pseudo = PairSum.difference(inner.addresses, pair(burst, row), true);
        return write6(burst, row, pseudo);
    }

    /** Bytes of the embedded packet; {@code told} of them if not 0 (RFC 4884 section 4). */
    private static int quoted(PacketBurst burst, int row, int told) {
        int available = burst.end[row] - burst.layer4[row] - IcmpHeader.BYTES;
        return told == 0 ? available : Math.min(told, available);
    }

    private int rest6(PacketBurst burst, int row, long icmp) {
        int type = typeAndCode >>> 8;
        if (type == IcmpHeader.V6_TOO_BIG) {
            int told = Memory.getUnsignedShortBe(icmp + IcmpHeader.REST + 2);
            int mtu = told == 0 ? IcmpFamilyTable.plateau(inner.totalBytes) : told;
            int back = Math.min(mtu, interfaces.mtu(burst.ingress[row])) + GROWTH;
            return Math.max(Math.min(back, burst.mtu[row]), Ipv6Header.MINIMUM_MTU);
        }
        if (type == IcmpHeader.V6_PARAMETER_PROBLEM) {
            return IcmpHeader.type(icmp) == IcmpHeader.UNREACHABLE
                    ? V6_POINTER_NEXT_HEADER
                    : IcmpFamilyTable.pointerToIpv6(Memory.getUnsignedByte(icmp + IcmpHeader.REST));
        }
        return 0;
    }

    /** The other side of the record: destination and source of the message as it leaves. */
    private static long pair(PacketBurst burst, int row) {
        return burst.connection[row] + CLIENT + 32 - (burst.direction[row] << 5);
    }

    /** Moves the frame's start so that {@code front} bytes are in front of the transport header. */
    private boolean makeRoom(PacketBurst burst, int row, int front, int most) {
        int start = (int) (inner.transport - burst.data[row]) - front;
        int move = start - burst.layer3[row];
        if (burst.headroom[row] + move < 0) {
            return false;
        }
        inner.transportBytes = Math.min(inner.transportBytes, most - front);
        int end = start + front + inner.transportBytes;
        burst.tailroom[row] += burst.length[row] - end;
        burst.length[row] = end;
        burst.moveStart(row, move);
        burst.end[row] = end - move;
        return true;
    }

    private byte write6(PacketBurst burst, int row, long pseudo) {
        int front = Ipv6Header.BYTES + IcmpHeader.BYTES + Ipv6Header.BYTES + inner.fragmentBytes();
        if (!makeRoom(burst, row, front, Ipv6Header.MINIMUM_MTU)) {
            return Verdict.DROP_NO_HEADROOM;
        }
        burst.kind[row] = PacketBurst.KIND_ICMP6_ERROR;
        burst.layer4[row] = burst.layer3[row] + Ipv6Header.BYTES;
        long header = burst.data[row] + burst.layer3[row];
        long icmp = header + Ipv6Header.BYTES;
        long pair = pair(burst, row);
        int payload = burst.end[row] - burst.layer4[row];
        long start = FamilyHeaders.start6(trafficClass, payload, Ipv6Header.NEXT_ICMP, hops);
        FamilyHeaders.write6(header, start, pair);
        inner.writeIpv6(icmp + IcmpHeader.BYTES, pair);
        inner.writeTransport(burst, row, pseudo);
        IcmpHeader.write(icmp, typeAndCode >>> 8, typeAndCode & 0xFF, rest);
        long sum = InternetChecksum.pseudoIpv6(header, Ipv6Header.NEXT_ICMP, payload);
        InternetChecksum.writeLayer4(sum, icmp, payload, IcmpHeader.CHECKSUM);
        return Verdict.FORWARDED;
    }

    /**
     * Makes an ICMPv6 error the ICMP error that says the same.
     *
     * @return FORWARDED, or a drop with the packet unchanged
     */
    byte ipv6(PacketBurst burst, int row) {
        long icmp = burst.data[row] + burst.layer4[row];
        int type = IcmpHeader.type(icmp);
        typeAndCode = IcmpFamilyTable.toIpv4(type, IcmpHeader.code(icmp));
        if (typeAndCode < 0) {
            return Verdict.DROP_NOT_TRANSLATED;
        }
        boolean tells = type == IcmpHeader.V6_UNREACHABLE || type == IcmpHeader.V6_TIME_EXCEEDED;
        int told = tells ? Memory.getUnsignedByte(icmp + IcmpHeader.REST) << 3 : 0;
        if (!inner.readIpv6(icmp + IcmpHeader.BYTES, quoted(burst, row, told))) {
            return Verdict.DROP_MALFORMED_LAYER4;
        }
        if (!setRest4(burst, row, icmp)) {
            return Verdict.DROP_NOT_TRANSLATED;
        }
        long header = burst.data[row] + burst.layer3[row];
        trafficClass = Memory.getIntBe(header) >>> 20 & 0xFF;
        hops = Ipv6Header.hopLimit(header) - 1;
        long pseudo = PairSum.difference(inner.addresses, pair(burst, row), false);
        return write4(burst, row, pseudo);
    }

    /** Sets the second word of the ICMP header; false when there is none for this message. */
    private boolean setRest4(PacketBurst burst, int row, long icmp) {
        rest = 0;
        if (IcmpHeader.type(icmp) == IcmpHeader.V6_TOO_BIG) {
            int told = Memory.getIntBe(icmp + IcmpHeader.REST);
            int mtu = told < Ipv6Header.MINIMUM_MTU ? Ipv6Header.MINIMUM_MTU : told;
            int back = Math.min(mtu, interfaces.mtu(burst.ingress[row])) - GROWTH;
            rest = Math.min(Math.min(back, burst.mtu[row]), 0xFFFF);
        } else if (typeAndCode >>> 8 == IcmpHeader.PARAMETER_PROBLEM) {
            int pointer = IcmpFamilyTable.pointerToIpv4(Memory.getIntBe(icmp + IcmpHeader.REST));
            rest = pointer << 24;
            return pointer >= 0;
        }
        return true;
    }

    private byte write4(PacketBurst burst, int row, long pseudo) {
        int front = Ipv4Header.BYTES + IcmpHeader.BYTES + Ipv4Header.BYTES;
        if (!makeRoom(burst, row, front, MAX_IPV4_BYTES)) {
            return Verdict.DROP_NO_HEADROOM;
        }
        burst.kind[row] = PacketBurst.KIND_ICMP4_ERROR;
        burst.layer4[row] = burst.layer3[row] + Ipv4Header.BYTES;
        long header = burst.data[row] + burst.layer3[row];
        long icmp = header + Ipv4Header.BYTES;
        long pair = pair(burst, row);
        int tosAndId = trafficClass << 16 | headers.nextIdentification();
        int total = burst.end[row] - burst.layer3[row];
        Ipv4Header.writeStart(header, tosAndId, total, hops, Ipv4Header.PROTOCOL_ICMP);
        FamilyHeaders.write4(header, pair);
        inner.writeIpv4(icmp + IcmpHeader.BYTES, pair);
        inner.writeTransport(burst, row, pseudo);
        IcmpHeader.write(icmp, typeAndCode >>> 8, typeAndCode & 0xFF, rest);
        InternetChecksum.writeLayer4(0, icmp, total - Ipv4Header.BYTES, IcmpHeader.CHECKSUM);
        return Verdict.FORWARDED;
    }
}
