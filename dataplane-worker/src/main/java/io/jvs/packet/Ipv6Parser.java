package io.jvs.packet;

import io.jvs.memory.Memory;

/** Parses a row whose frame carries IPv6 (RFC 8200, RFC 4443, RFC 4861). */
final class Ipv6Parser {
    /** Raw low words of the addresses ::1 and, under its mask, ::ffff:0:0/96. */
    private static final long LOOPBACK_LOW = 1L << 56;

    private static final long MAPPED_MASK = 0xFFFF_FFFFL;
    private static final long MAPPED_LOW = 0xFFFF_0000L;

    private Ipv6Parser() {}

    /** Fills the row's columns or gives it a drop verdict. */
    static void parse(PacketBurst burst, int i) {
        int layer3 = burst.layer3[i];
        int available = burst.length[i] - layer3;
        long header = burst.data[i] + layer3;
        if (available < Ipv6Header.BYTES
                || Ipv4Header.version(header) != 6
                || Ipv6Header.payloadLength(header) > available - Ipv6Header.BYTES) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_IPV6;
            return;
        }
        burst.end[i] = layer3 + Ipv6Header.BYTES + Ipv6Header.payloadLength(header);
        burst.kind[i] = PacketBurst.KIND_IPV6_OTHER;
        burst.key0[i] = Ipv6Header.sourceHigh(header);
        burst.key1[i] = Ipv6Header.sourceLow(header);
        burst.key2[i] = Ipv6Header.destinationHigh(header);
        burst.key3[i] = Ipv6Header.destinationLow(header);
        byte verdict = addressVerdict(burst, i);
        if (verdict == Verdict.NONE) {
            extensions(burst, i, header);
        } else {
            burst.verdict[i] = verdict;
        }
    }

    private static byte addressVerdict(PacketBurst burst, int i) {
        long high = burst.key0[i];
        long low = burst.key1[i];
        if (Ipv6Header.isMulticast(high)
                || high == 0 && isSpecial(low)
                || high == burst.key2[i] && low == burst.key3[i]) {
            return Verdict.DROP_BAD_SOURCE;
        }
        boolean groupFrame = (Memory.getByte(burst.data[i]) & 1) != 0;
        return groupFrame && !Ipv6Header.isMulticast(burst.key2[i])
                ? Verdict.DROP_OTHER_MAC
                : Verdict.NONE;
    }

    /** Under a high word of 0: ::1, and IPv4-mapped addresses (never on the wire, RFC 4291). */
    private static boolean isSpecial(long low) {
        return low == LOOPBACK_LOW || (low & MAPPED_MASK) == MAPPED_LOW;
    }

    private static void extensions(PacketBurst burst, int i, long header) {
        int first = burst.layer3[i] + Ipv6Header.BYTES;
        long end = burst.data[i] + burst.end[i];
        long walk =
                ExtensionHeaders.skip(burst.data[i] + first, Ipv6Header.nextHeader(header), end);
        if (walk < 0) {
            burst.verdict[i] = walkVerdict(walk, 0);
            return;
        }
        burst.layer4[i] = first + ExtensionHeaders.bytes(walk);
        burst.protocol[i] = ExtensionHeaders.protocol(walk);
        if (burst.protocol[i] != Ipv6Header.NEXT_FRAGMENT) {
            payload(burst, i, header, false);
        } else if (fragment(burst, i)) {
            payload(burst, i, header, true);
        }
    }

    private static byte walkVerdict(long walk, int fragment) {
        if (walk == ExtensionHeaders.REFUSED) {
            return Verdict.DROP_EXTENSION_HEADER;
        }
        return fragment != 0 ? Verdict.DROP_FRAGMENT_TINY : Verdict.DROP_MALFORMED_IPV6;
    }

    /**
     * Passes a fragment header and those behind it, all of which a first fragment must hold (RFC
     * 7112); gives false for what holds no transport header. An atomic fragment is whole (RFC
     * 6946).
     */
    private static boolean fragment(PacketBurst burst, int i) {
        long at = burst.data[i] + burst.layer4[i];
        long end = burst.data[i] + burst.end[i];
        if (end - at < FragmentWord.IPV6_HEADER_BYTES) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_IPV6;
            return false;
        }
        int next = Memory.getUnsignedByte(at);
        int word = Memory.getUnsignedShortBe(at + 2);
        burst.layer4[i] += FragmentWord.IPV6_HEADER_BYTES;
        burst.protocol[i] = next;
        burst.fragmentId[i] = Memory.getIntBe(at + 4);
        int part = FragmentWord.of(word & FragmentWord.OFFSET_MASK, (word & 1) != 0);
        return (FragmentWord.isWhole(part) || FragmentWord.parse(burst, i, part))
                && passBehindFragment(burst, i, at + FragmentWord.IPV6_HEADER_BYTES, next);
    }

    private static boolean passBehindFragment(PacketBurst burst, int i, long at, int next) {
        long walk =
                next == Ipv6Header.NEXT_HOP_BY_HOP
                        ? ExtensionHeaders.REFUSED
                        : ExtensionHeaders.skip(at, next, burst.data[i] + burst.end[i]);
        if (walk >= 0 && ExtensionHeaders.protocol(walk) == Ipv6Header.NEXT_FRAGMENT) {
            walk = ExtensionHeaders.REFUSED;
        }
        if (walk < 0) {
            burst.verdict[i] = walkVerdict(walk, burst.fragment[i]);
            return false;
        }
        burst.layer4[i] += ExtensionHeaders.bytes(walk);
        burst.protocol[i] = ExtensionHeaders.protocol(walk);
        return true;
    }

    private static void payload(PacketBurst burst, int i, long header, boolean fragmented) {
        if (burst.protocol[i] == Ipv6Header.NEXT_ICMP) {
            icmp(burst, i, header, fragmented);
        } else if ((burst.key0[i] | burst.key1[i]) == 0) {
            burst.verdict[i] = Verdict.DROP_BAD_SOURCE;
        } else {
            TransportParser.parse(burst, i, PacketBurst.KIND_IPV6);
        }
    }

    private static void icmp(PacketBurst burst, int i, long ip, boolean fragmented) {
        long header = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        if (bytes < IcmpHeader.BYTES) {
            burst.verdict[i] = FragmentWord.truncated(burst.fragment[i]);
            return;
        }
        int type = IcmpHeader.type(header);
        boolean discovery = isDiscovery(type);
        burst.kind[i] = discovery ? PacketBurst.KIND_ND : PacketBurst.KIND_ICMP6;
        if (discovery) {
            // Never with a fragment header (RFC 6980).
            if (fragmented || !isDiscoveryValid(ip, header, bytes)) {
                burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
            }
        } else if (!IcmpHeader.isV6Error(type)) {
            return;
        } else if (burst.fragment[i] != 0) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT;
        } else {
            error(burst, i, ip, header);
        }
    }

    private static boolean isDiscovery(int type) {
        return type >= IcmpHeader.V6_ROUTER_SOLICITATION && type <= IcmpHeader.V6_REDIRECT;
    }

    /** What all of RFC 4861's validations share: hop limit 255, code 0, the right checksum. */
    private static boolean isDiscoveryValid(long ip, long header, int bytes) {
        return Ipv6Header.hopLimit(ip) == NeighborDiscoveryHeader.HOP_LIMIT
                && IcmpHeader.code(header) == 0
                && isChecksumRight(ip, header, bytes);
    }

    private static boolean isChecksumRight(long ip, long header, int bytes) {
        long pseudo = InternetChecksum.pseudoIpv6(ip, Ipv6Header.NEXT_ICMP, bytes);
        return InternetChecksum.fold(pseudo + InternetChecksum.sum(header, bytes)) == 0xFFFF;
    }

    private static void error(PacketBurst burst, int i, long ip, long header) {
        int bytes = burst.end[i] - burst.layer4[i];
        long embedded = header + IcmpHeader.BYTES;
        if (bytes < IcmpHeader.BYTES + Ipv6Header.BYTES
                || Ipv4Header.version(embedded) != 6
                || !isChecksumRight(ip, header, bytes)) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
            return;
        }
        long start = embedded + Ipv6Header.BYTES;
        long end = header + bytes;
        long walk = ExtensionHeaders.skipEmbedded(start, Ipv6Header.nextHeader(embedded), end);
        if (walk == ExtensionHeaders.TRUNCATED) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
        } else if (walk >= 0 && TransportParser.isBalanced(ExtensionHeaders.protocol(walk))) {
            long transport = start + ExtensionHeaders.bytes(walk);
            if (end - transport < TransportParser.EMBEDDED_BYTES) {
                burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
            } else {
                turned(burst, i, embedded, transport);
                burst.protocol[i] = ExtensionHeaders.protocol(walk);
            }
        }
    }

    private static void turned(PacketBurst burst, int i, long embedded, long transport) {
        burst.kind[i] = PacketBurst.KIND_ICMP6_ERROR;
        burst.key0[i] = Ipv6Header.destinationHigh(embedded);
        burst.key1[i] = Ipv6Header.destinationLow(embedded);
        burst.key2[i] = Ipv6Header.sourceHigh(embedded);
        burst.key3[i] = Ipv6Header.sourceLow(embedded);
        burst.ports[i] = Integer.rotateLeft(Memory.getInt(transport), 16);
    }
}
