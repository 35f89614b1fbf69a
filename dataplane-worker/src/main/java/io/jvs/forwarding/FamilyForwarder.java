package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.CLIENT;

import io.jvs.memory.Memory;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.UdpHeader;
import io.jvs.packet.Verdict;

/**
 * FULLNAT between a client of one IP version and a real server of the other: headers are translated
 * by RFC 7915 (stateful, so that addresses come from the record), ports and addresses as FULLNAT
 * does. Leaves a row forwarded, answered or dropped; what has to be cut is, and the other pieces
 * are new rows. Owned by one worker's thread; docs/design/012-nat64.md.
 */
final class FamilyForwarder {
    /** Larger IPv4 packets whose DF is clear are cut to this in IPv6 (RFC 7915 section 4). */
    private static final int MOST_UNASKED = Ipv6Header.MINIMUM_MTU;

    private final IcmpErrors icmpErrors;
    private final InterfaceTable interfaces;
    private final Fragmenter fragmenter;
    private final ConnectionChanges changes;
    private final FamilyHeaders headers;
    private final IcmpFamilyTranslator errors;

    FamilyForwarder(
            IcmpErrors icmpErrors,
            InterfaceTable interfaces,
            Fragmenter fragmenter,
            ConnectionChanges changes,
            int firstIdentification) {
        this.icmpErrors = icmpErrors;
        this.interfaces = interfaces;
        this.fragmenter = fragmenter;
        this.changes = changes;
        this.headers = new FamilyHeaders(firstIdentification);
        this.errors = new IcmpFamilyTranslator(interfaces, headers, changes.shift);
    }

    /** Forwards a row of a mixed connection; next hop and MTU are set. */
    void forward(PacketBurst burst, int row, int nowTicks) {
        switch (burst.kind[row]) {
            case PacketBurst.KIND_IPV4 -> ipv4(burst, row, nowTicks);
            case PacketBurst.KIND_IPV6 -> ipv6(burst, row, nowTicks);
            case PacketBurst.KIND_ICMP4_ERROR -> {
                if (livesOn(burst, row, nowTicks)) {
                    finish(burst, row, errors.ipv4(burst, row));
                }
            }
            case PacketBurst.KIND_ICMP6_ERROR -> {
                if (livesOn(burst, row, nowTicks)) {
                    finish(burst, row, errors.ipv6(burst, row));
                }
            }
            default -> burst.verdict[row] = Verdict.DROP_PROTOCOL;
        }
    }

    private boolean livesOn(PacketBurst burst, int row, int nowTicks) {
        long header = burst.data[row] + burst.layer3[row];
        boolean ipv6 = Ipv4Header.version(header) == 6;
        int hops = ipv6 ? Ipv6Header.hopLimit(header) : Ipv4Header.ttl(header);
        if (hops > 1) {
            return true;
        }
        icmpErrors.timeExceeded(burst, row, nowTicks);
        return false;
    }

    private void ipv4(PacketBurst burst, int row, int nowTicks) {
        if (!livesOn(burst, row, nowTicks)) {
            return;
        }
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv4Options.hasSourceRoute(header)) {
            icmpErrors.sourceRouteFailed(burst, row, nowTicks);
            return;
        }
        boolean whole = burst.fragment[row] == 0;
        int added = Ipv6Header.BYTES + (whole ? 0 : FragmentWord.IPV6_HEADER_BYTES);
        int after = added + burst.end[row] - burst.layer4[row];
        boolean keepsWhole = (Ipv4Header.fragment(header) & Ipv4Header.DONT_FRAGMENT) != 0;
        int mtu = burst.mtu[row];
        if (keepsWhole && after > mtu) {
            icmpErrors.tooBig(burst, row, mtu - added + Ipv4Header.BYTES, nowTicks);
            return;
        }
        boolean sumless = isUdpWithoutChecksum(burst, row);
        if (sumless && !whole) {
            burst.verdict[row] = Verdict.DROP_NOT_TRANSLATED;
            return;
        }
        int made = transport(burst, row, Ipv6Header.BYTES, nowTicks);
        if (sumless) {
            FamilyHeaders.addUdpChecksum(burst, row, pair(burst, row));
        }
        toIpv6(burst, row, whole);
        changes.applyTranslated(burst, row);
        if (made >= 0) {
            ports(burst, made, true);
            toIpv6(burst, made, true);
            burst.connection[made] = 0;
        }
        finish(burst, row, burst.verdict[row]);
    }

    /** A row whose transport header is the server's already. */
    private void toIpv6(PacketBurst burst, int row, boolean whole) {
        long header = burst.data[row] + burst.layer3[row];
        boolean mayCut = (Ipv4Header.fragment(header) & Ipv4Header.DONT_FRAGMENT) == 0;
        int shim = whole ? 0 : FragmentWord.IPV6_HEADER_BYTES;
        int after = Ipv6Header.BYTES + shim + burst.end[row] - burst.layer4[row];
        int limit = Math.min(burst.mtu[row], MOST_UNASKED);
        if (mayCut && after > limit) {
            cutIpv4(burst, row, whole, limit);
        } else {
            finish(burst, row, headers.toIpv6(burst, row, pair(burst, row)));
        }
    }

    /** The other side of the record: destination, then source of the translated packet. */
    private static long pair(PacketBurst burst, int row) {
        return burst.connection[row] + CLIENT + 32 - (burst.direction[row] << 5);
    }

    private static boolean isUdpWithoutChecksum(PacketBurst burst, int row) {
        return burst.protocol[row] == Ipv4Header.PROTOCOL_UDP
                && !FragmentWord.isLater(burst.fragment[row])
                && Memory.getShort(burst.data[row] + burst.layer4[row] + UdpHeader.CHECKSUM) == 0;
    }

    /** Cuts while it is IPv4, which has offsets for it, then translates the pieces. */
    private void cutIpv4(PacketBurst burst, int row, boolean whole, int limit) {
        int mtu = burst.mtu[row];
        long pair = pair(burst, row);
        int ipv6Bytes = Ipv6Header.BYTES + FragmentWord.IPV6_HEADER_BYTES;
        if (whole) {
            headers.identify(burst.data[row] + burst.layer3[row]);
        }
        int first = burst.count;
        burst.mtu[row] = limit - ipv6Bytes + burst.layer4[row] - burst.layer3[row];
        burst.verdict[row] = Verdict.FORWARDED;
        burst.length[row] = burst.end[row];
        fragmenter.ipv4(burst, row);
        burst.mtu[row] = mtu;
        if (burst.verdict[row] != Verdict.FORWARDED) {
            return;
        }
        finish(burst, row, headers.toIpv6(burst, row, pair));
        for (int piece = first; piece < burst.count; piece++) {
            burst.mtu[piece] = mtu;
            finish(burst, piece, headers.toIpv6(burst, piece, pair));
        }
    }

    private void ipv6(PacketBurst burst, int row, int nowTicks) {
        if (!livesOn(burst, row, nowTicks)) {
            return;
        }
        boolean whole = burst.fragment[row] == 0;
        int payload = burst.end[row] - burst.layer4[row];
        if (!whole && payload != burst.fragmentBytes[row]) {
            // Headers behind a first fragment's header would shift the others' offsets.
            burst.verdict[row] = Verdict.DROP_EXTENSION_HEADER;
            return;
        }
        int after = Ipv4Header.BYTES + payload;
        int mtu = burst.mtu[row];
        if (after > mtu && whole && after > FamilyHeaders.MAY_CUT) {
            icmpErrors.tooBig(burst, row, mtu + Ipv6Header.BYTES - Ipv4Header.BYTES, nowTicks);
            return;
        }
        int made = transport(burst, row, Ipv4Header.BYTES, nowTicks);
        finish(burst, row, headers.toIpv4(burst, row, pair(burst, row)));
        if (after > mtu && burst.verdict[row] == Verdict.FORWARDED) {
            fragmenter.ipv4(burst, row);
        }
        changes.applyTranslated(burst, row);
        if (made >= 0) {
            ports(burst, made, false);
            finish(burst, made, headers.toIpv4(burst, made, pair(burst, made)));
            burst.connection[made] = 0;
        }
        finish(burst, row, burst.verdict[row]);
    }

    /**
     * Ports, checksum, MSS, and what few connections need; nothing for a fragment behind the first.
     *
     * @param toBytes bytes of the IP header that it will have
     * @return the row of a packet that must follow, its ports still the client's, or -1
     */
    private int transport(PacketBurst burst, int row, int toBytes, int nowTicks) {
        if (FragmentWord.isLater(burst.fragment[row])) {
            return -1;
        }
        boolean toIpv6 = toBytes == Ipv6Header.BYTES;
        if ((burst.tcpFlags[row] & TcpHeader.SYN) != 0
                && burst.protocol[row] == Ipv4Header.PROTOCOL_TCP) {
            int fromBytes = toIpv6 ? Ipv4Header.BYTES : Ipv6Header.BYTES;
            int back = interfaces.mtu(burst.ingress[row]) - fromBytes;
            int room = Math.min(back, burst.mtu[row] - toBytes) - TcpHeader.BYTES;
            TcpSegmentSize.clamp(burst.data[row] + burst.layer4[row], room);
        }
        int made = changes.apply(burst, row, nowTicks);
        ports(burst, row, toIpv6);
        return made;
    }

    private static void ports(PacketBurst burst, int row, boolean toIpv6) {
        long before = burst.connection[row] + CLIENT + (burst.direction[row] << 5);
        RecordPorts.rewrite(burst, row, PairSum.difference(before, pair(burst, row), toIpv6));
    }

    private static void finish(PacketBurst burst, int row, byte verdict) {
        burst.verdict[row] = verdict;
        burst.length[row] = burst.end[row];
    }
}
