package io.jvs.forwarding;

import io.jvs.connection.FlowKey;
import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.ExtensionHeaders;
import io.jvs.packet.IcmpHeader;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.UdpHeader;

/**
 * Reads the packet that an ICMP error is about as one that was wrapped here: outer header, shim,
 * and the wrapped packet as far as the router has quoted it (ip_vs_in_icmp does so for IPIP, GRE
 * and GUE). One mutable instance a worker.
 */
public final class QuotedTunnel {
    private static final int GRE_BYTES = 4;
    private static final int GRE_CHECKSUM_PRESENT = 0x8000;
    private static final int GUE_BYTES = 4;
    private static final int QUOTED_TRANSPORT_BYTES = 8;
    private static final int NONE = -1;

    private final ServerPaths paths;
    private final FlowKey inner = new FlowKey();

    /** Number of the tunnel's end. */
    private int end;

    private int outerProtocol;
    private long at;
    private long quoteEnd;
    private int innerProtocol;
    private int overheadBytes;
    private int innerTransport;

    /** Reads quotations of packets to those servers. */
    public QuotedTunnel(ServerPaths paths) {
        this.paths = paths;
    }

    /**
     * Reads the quotation of row {@code i}, an ICMP or ICMPv6 error whose quotation has a whole IP
     * header.
     *
     * @return whether it is a packet from the error's destination to a tunnel's end
     */
    public boolean read(PacketBurst burst, int i) {
        long ip = burst.data[i] + burst.layer3[i];
        long quoted = burst.data[i] + burst.layer4[i] + IcmpHeader.BYTES;
        quoteEnd = burst.data[i] + burst.end[i];
        at = 0;
        return Ipv4Header.version(ip) == 6 ? outer6(ip, quoted) : outer4(ip, quoted);
    }

    private boolean outer4(long ip, long quoted) {
        long destination = Ipv4Header.destination(quoted) & 0xFFFF_FFFFL;
        end = paths.learned().find(destination, 0, false);
        if (end < 0 || Ipv4Header.source(quoted) != Ipv4Header.destination(ip)) {
            return false;
        }
        outerProtocol = Ipv4Header.protocol(quoted);
        int headerBytes = Ipv4Header.headerBytes(quoted);
        boolean first = (Ipv4Header.fragment(quoted) & Ipv4Header.OFFSET_MASK) == 0;
        return wrapped(quoted, headerBytes, outerProtocol, first);
    }

    private boolean outer6(long ip, long quoted) {
        end =
                paths.learned()
                        .find(
                                Ipv6Header.destinationHigh(quoted),
                                Ipv6Header.destinationLow(quoted),
                                true);
        if (end < 0
                || Ipv6Header.sourceHigh(quoted) != Ipv6Header.destinationHigh(ip)
                || Ipv6Header.sourceLow(quoted) != Ipv6Header.destinationLow(ip)) {
            return false;
        }
        long start = quoted + Ipv6Header.BYTES;
        long walk = ExtensionHeaders.skipEmbedded(start, Ipv6Header.nextHeader(quoted), quoteEnd);
        if (walk < 0) {
            outerProtocol = Ipv6Header.NEXT_FRAGMENT;
            return walk == ExtensionHeaders.FRAGMENT;
        }
        outerProtocol = ExtensionHeaders.protocol(walk);
        int headerBytes = Ipv6Header.BYTES + ExtensionHeaders.bytes(walk);
        return wrapped(quoted, headerBytes, outerProtocol, true);
    }

    /** Finds where the wrapped packet begins; false when it is none of ours. */
    private boolean wrapped(long quoted, int headerBytes, int protocol, boolean first) {
        long shim = quoted + headerBytes;
        int shimBytes = 0;
        innerProtocol = protocol;
        if (protocol == TunnelShim.PROTOCOL_GRE) {
            shimBytes = first && quoteEnd - shim >= GRE_BYTES ? gre(shim) : NONE;
        } else if (protocol == Ipv4Header.PROTOCOL_UDP) {
            int bytes = UdpHeader.BYTES + GUE_BYTES;
            boolean whole = first && quoteEnd - shim >= bytes;
            shimBytes = whole ? bytes : NONE;
            innerProtocol = whole ? Memory.getUnsignedByte(shim + UdpHeader.BYTES + 1) : 0;
        } else if (protocol != TunnelShim.PROTOCOL_IPV4 && protocol != TunnelShim.PROTOCOL_IPV6) {
            return false;
        }
        overheadBytes = headerBytes + shimBytes;
        if (first && shimBytes >= 0) {
            readInner(shim + shimBytes);
        }
        return true;
    }

    private int gre(long shim) {
        int type = Memory.getUnsignedShortBe(shim + 2);
        innerProtocol =
                type == EthernetHeader.TYPE_IPV4
                        ? TunnelShim.PROTOCOL_IPV4
                        : type == EthernetHeader.TYPE_IPV6 ? TunnelShim.PROTOCOL_IPV6 : 0;
        boolean checksum = (Memory.getUnsignedShortBe(shim) & GRE_CHECKSUM_PRESENT) != 0;
        return checksum ? 2 * GRE_BYTES : GRE_BYTES;
    }

    private void readInner(long header) {
        long available = quoteEnd - header;
        if (innerProtocol == TunnelShim.PROTOCOL_IPV4 && available >= Ipv4Header.BYTES) {
            inner4(header, available);
        } else if (innerProtocol == TunnelShim.PROTOCOL_IPV6 && available >= Ipv6Header.BYTES) {
            inner6(header, available);
        }
    }

    private void inner4(long header, long available) {
        int headerBytes = Ipv4Header.headerBytes(header);
        if (Ipv4Header.version(header) != 4
                || headerBytes < Ipv4Header.BYTES
                || available < headerBytes + QUOTED_TRANSPORT_BYTES
                || (Ipv4Header.fragment(header) & Ipv4Header.OFFSET_MASK) != 0) {
            return;
        }
        inner.ipv6 = false;
        inner.key0 = Ipv4Header.addresses(header);
        found(header, Ipv4Header.protocol(header), headerBytes);
    }

    private void inner6(long header, long available) {
        long start = header + Ipv6Header.BYTES;
        long walk = ExtensionHeaders.skipEmbedded(start, Ipv6Header.nextHeader(header), quoteEnd);
        int headerBytes = walk < 0 ? 0 : Ipv6Header.BYTES + ExtensionHeaders.bytes(walk);
        if (Ipv4Header.version(header) != 6
                || headerBytes == 0
                || available < headerBytes + QUOTED_TRANSPORT_BYTES) {
            return;
        }
        inner.ipv6 = true;
        inner.key0 = Ipv6Header.sourceHigh(header);
        inner.key1 = Ipv6Header.sourceLow(header);
        inner.key2 = Ipv6Header.destinationHigh(header);
        inner.key3 = Ipv6Header.destinationLow(header);
        found(header, ExtensionHeaders.protocol(walk), headerBytes);
    }

    private void found(long header, int protocol, int headerBytes) {
        inner.protocol = protocol;
        inner.ports = Memory.getInt(header + headerBytes);
        innerTransport = headerBytes;
        at = header;
    }

    /** Whether nothing but a wrapped packet can be meant: not for UDP, which others send too. */
    public boolean isCertain() {
        return outerProtocol != Ipv4Header.PROTOCOL_UDP;
    }

    /** Whether the wrapped packet is quoted with its ports. */
    public boolean hasInner() {
        return at != 0;
    }

    /** The flow of the wrapped packet, where it is quoted. */
    public FlowKey inner() {
        return inner;
    }

    /** Number of the tunnel's end, for {@link PathMtus}. */
    public int end() {
        return end;
    }

    /** What the tunnel adds to the wrapped packet, in bytes, where that is quoted. */
    public int overheadBytes() {
        return overheadBytes;
    }

    /** Whether the wrapped packet may not be cut; IPv6 never may. */
    public boolean mayNotBeCut() {
        return inner.ipv6 || (Ipv4Header.fragment(at) & Ipv4Header.DONT_FRAGMENT) != 0;
    }

    /**
     * Makes row {@code i} the wrapped packet, as far as it is quoted, behind the same link header
     * (whose ethertype is not changed); nothing else of the error is left.
     */
    public void unwrap(PacketBurst burst, int i) {
        int link = burst.layer3[i];
        int cut = (int) (at - burst.data[i]) - link;
        Memory.copy(burst.data[i], burst.data[i] + cut, link);
        burst.moveStart(i, cut);
        int whole =
                inner.ipv6
                        ? Ipv6Header.BYTES + Ipv6Header.payloadLength(at)
                        : Ipv4Header.totalLength(at);
        int quoted = burst.end[i] - cut - link;
        burst.end[i] = link + Math.min(quoted, whole);
        burst.layer4[i] = link + innerTransport;
        burst.protocol[i] = inner.protocol;
        burst.kind[i] = inner.ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
    }
}
