package io.jvs.packet;

import io.jvs.memory.Memory;

/** Parses a row whose frame carries IPv4 (RFC 791, RFC 1122 section 3.2.1). */
final class Ipv4Parser {
    private static final int LOOPBACK = 127;
    private static final int FIRST_GROUP = 224;
    private static final int FRAGMENT_BITS = Ipv4Header.MORE_FRAGMENTS | Ipv4Header.OFFSET_MASK;

    private Ipv4Parser() {}

    /**
     * Fills the row's columns or gives it a drop verdict.
     *
     * @param verified whether the NIC has checked the header's checksum
     */
    static void parse(PacketBurst burst, int i, boolean verified) {
        int layer3 = burst.layer3[i];
        int available = burst.length[i] - layer3;
        long header = burst.data[i] + layer3;
        if (available < Ipv4Header.BYTES) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_IPV4;
            return;
        }
        int headerBytes = Ipv4Header.headerBytes(header);
        int total = Ipv4Header.totalLength(header);
        if (Ipv4Header.version(header) != 4
                || headerBytes < Ipv4Header.BYTES
                || total < headerBytes
                || total > available) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_IPV4;
            return;
        }
        if (!verified && !InternetChecksum.isRight(header, headerBytes)) {
            burst.verdict[i] = Verdict.DROP_BAD_IPV4_CHECKSUM;
            return;
        }
        burst.layer4[i] = layer3 + headerBytes;
        burst.end[i] = layer3 + total;
        body(burst, i, header);
    }

    private static void body(PacketBurst burst, int i, long header) {
        long addresses = Ipv4Header.addresses(header);
        burst.key0[i] = addresses;
        burst.protocol[i] = Ipv4Header.protocol(header);
        burst.kind[i] = PacketBurst.KIND_IPV4_OTHER;
        byte verdict = addressVerdict(burst.data[i], addresses);
        if (verdict != Verdict.NONE) {
            burst.verdict[i] = verdict;
        } else if ((Ipv4Header.fragment(header) & FRAGMENT_BITS) != 0
                && !fragment(burst, i, header)) {
            return;
        } else if (burst.protocol[i] == Ipv4Header.PROTOCOL_ICMP) {
            icmp(burst, i);
        } else {
            TransportParser.parse(burst, i, PacketBurst.KIND_IPV4);
        }
    }

    /** Gives false for what holds no transport header. */
    private static boolean fragment(PacketBurst burst, int i, long header) {
        int word = Ipv4Header.fragment(header);
        int offset = (word & Ipv4Header.OFFSET_MASK) << 3;
        boolean more = (word & Ipv4Header.MORE_FRAGMENTS) != 0;
        burst.fragmentId[i] = Ipv4Header.id(header);
        return FragmentWord.parse(burst, i, FragmentWord.of(offset, more));
    }

    /** Martians (RFC 1812 section 5.3.7), and a unicast packet in a group's frame. */
    private static byte addressVerdict(long frame, long addresses) {
        int first = (int) addresses & 0xFF;
        if (first == 0
                || first == LOOPBACK
                || first >= FIRST_GROUP
                || (int) addresses == (int) (addresses >>> 32)) {
            return Verdict.DROP_BAD_SOURCE;
        }
        boolean groupFrame = (Memory.getByte(frame) & 1) != 0;
        return groupFrame && !isGroup((int) (addresses >>> 32))
                ? Verdict.DROP_OTHER_MAC
                : Verdict.NONE;
    }

    /** Whether a raw address is multicast, reserved or the limited broadcast: 224.0.0.0/3. */
    static boolean isGroup(int raw) {
        return (raw & 0xFF) >= FIRST_GROUP;
    }

    private static void icmp(PacketBurst burst, int i) {
        long header = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        if (bytes < IcmpHeader.BYTES) {
            burst.verdict[i] = FragmentWord.truncated(burst.fragment[i]);
            return;
        }
        burst.kind[i] = PacketBurst.KIND_ICMP4;
        if (!IcmpHeader.isError(IcmpHeader.type(header))) {
            return;
        }
        if (burst.fragment[i] != 0) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT;
            return;
        }
        if (!InternetChecksum.isRight(header, bytes)) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
            return;
        }
        embedded(burst, i, header + IcmpHeader.BYTES, bytes - IcmpHeader.BYTES);
    }

    /** The packet that an ICMP error is about: at least its header and 8 bytes (RFC 792). */
    private static void embedded(PacketBurst burst, int i, long header, int bytes) {
        if (bytes < Ipv4Header.BYTES
                || Ipv4Header.version(header) != 4
                || Ipv4Header.headerBytes(header) < Ipv4Header.BYTES
                || bytes < Ipv4Header.headerBytes(header) + TransportParser.EMBEDDED_BYTES) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
            return;
        }
        int protocol = Ipv4Header.protocol(header);
        if (!TransportParser.isBalanced(protocol)
                || (Ipv4Header.fragment(header) & Ipv4Header.OFFSET_MASK) != 0) {
            return;
        }
        burst.kind[i] = PacketBurst.KIND_ICMP4_ERROR;
        burst.protocol[i] = protocol;
        burst.key0[i] = Long.rotateLeft(Ipv4Header.addresses(header), 32);
        int ports = Memory.getInt(header + Ipv4Header.headerBytes(header));
        burst.ports[i] = Integer.rotateLeft(ports, 16);
    }
}
