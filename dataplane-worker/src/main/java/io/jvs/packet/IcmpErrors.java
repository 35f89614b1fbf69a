package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Turns a packet into the ICMP or ICMPv6 error that answers it, in its own buffer: the packet
 * itself stays where it is and becomes the quotation, the new headers are put in front of it. Never
 * about ICMP errors, fragments but the first, or multicast (RFC 1122 section 3.2.2, RFC 4443
 * section 2.4), and never more than the rate allows. Owned by one worker's thread.
 *
 * <p>The answer goes back to the MAC that the packet came from. It comes from the packet's
 * destination, as Linux does for an address of its own (icmp_send); of packets from a real server,
 * whose destination is the client, from the interface that they came in by.
 *
 * <p>All methods give true and verdict REPLIED with {@link PacketBurst#NEXT_HOP_DONE}; or false
 * with a drop verdict and the packet unchanged. Call them before the packet is rewritten.
 */
public final class IcmpErrors {
    /** The largest ICMP error over IPv4 (RFC 1812 section 4.3.2.3). */
    private static final int MAX_IPV4_BYTES = 576;

    private static final int IPV4_ADDED = Ipv4Header.BYTES + IcmpHeader.BYTES;
    private static final int IPV6_ADDED = Ipv6Header.BYTES + IcmpHeader.BYTES;
    private static final int TTL = 64;

    /** Precedence "internetwork control", for ICMP errors (RFC 1812 section 4.3.2.5). */
    private static final int TOS_CONTROL = 0xC0;

    /** What Linux keeps of the type of service (IPTOS_TOS_MASK). */
    private static final int TOS_KEPT = 0x1E;

    private final InterfaceTable interfaces;
    private final TokenBucket rate;
    private int identification;

    /** Errors sent by those interfaces' addresses, at most at that rate. */
    public IcmpErrors(InterfaceTable interfaces, TokenBucket rate) {
        this.interfaces = interfaces;
        this.rate = rate;
    }

    /** Nobody serves that port; else DROP_NO_SERVER or DROP_ICMP_RATE. */
    public boolean portUnreachable(PacketBurst burst, int i, int nowTicks) {
        return portUnreachable(burst, i, Verdict.DROP_NO_SERVER, nowTicks);
    }

    /** Nobody serves that port; else {@code otherwise} or DROP_ICMP_RATE. */
    public boolean portUnreachable(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        if (!mayAnswer(burst, i, otherwise, nowTicks)) {
            return false;
        }
        return isIpv6(burst, i)
                ? answer6(burst, i, IcmpHeader.V6_UNREACHABLE, IcmpHeader.V6_CODE_PORT, 0)
                : answer4(burst, i, IcmpHeader.UNREACHABLE, IcmpHeader.CODE_PORT, 0);
    }

    /**
     * Nobody here speaks that protocol (RFC 1122 section 3.2.2.1, RFC 8200 section 4); else {@code
     * otherwise} or DROP_ICMP_RATE.
     */
    public boolean protocolUnreachable(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        boolean ipv6 = isIpv6(burst, i);
        boolean extended = ipv6 && burst.layer4[i] != burst.layer3[i] + Ipv6Header.BYTES;
        if (extended || burst.protocol[i] == Ipv6Header.NEXT_NONE) {
            burst.verdict[i] = otherwise;
            return false;
        }
        if (!mayAnswer(burst, i, otherwise, nowTicks)) {
            return false;
        }
        return ipv6
                ? answer6(
                        burst,
                        i,
                        IcmpHeader.V6_PARAMETER_PROBLEM,
                        IcmpHeader.V6_CODE_NEXT_HEADER,
                        Ipv6Header.NEXT_HEADER)
                : answer4(burst, i, IcmpHeader.UNREACHABLE, IcmpHeader.CODE_PROTOCOL, 0);
    }

    /**
     * The packet is larger than the way on allows (RFC 1191, RFC 8201); else DROP_TOO_BIG or
     * DROP_ICMP_RATE.
     *
     * @param mtuBytes the largest packet that would have passed; for IPv6 at least 1280 is told
     */
    public boolean tooBig(PacketBurst burst, int i, int mtuBytes, int nowTicks) {
        if (!mayAnswer(burst, i, Verdict.DROP_TOO_BIG, nowTicks)) {
            return false;
        }
        if (isIpv6(burst, i)) {
            int told = Math.max(mtuBytes, Ipv6Header.MINIMUM_MTU);
            return answer6(burst, i, IcmpHeader.V6_TOO_BIG, 0, told);
        }
        int code = IcmpHeader.CODE_FRAGMENTATION_NEEDED;
        return answer4(burst, i, IcmpHeader.UNREACHABLE, code, Math.min(mtuBytes, 0xFFFF));
    }

    /** TTL or hop limit is used up; else DROP_TTL_EXCEEDED or DROP_ICMP_RATE. */
    public boolean timeExceeded(PacketBurst burst, int i, int nowTicks) {
        if (!mayAnswer(burst, i, Verdict.DROP_TTL_EXCEEDED, nowTicks)) {
            return false;
        }
        return isIpv6(burst, i)
                ? answer6(burst, i, IcmpHeader.V6_TIME_EXCEEDED, 0, 0)
                : answer4(burst, i, IcmpHeader.TIME_EXCEEDED, 0, 0);
    }

    /** A source route ends here (RFC 7915 section 4.1); else DROP_NOT_TRANSLATED or _ICMP_RATE. */
    public boolean sourceRouteFailed(PacketBurst burst, int i, int nowTicks) {
        return mayAnswer(burst, i, Verdict.DROP_NOT_TRANSLATED, nowTicks)
                && answer4(burst, i, IcmpHeader.UNREACHABLE, IcmpHeader.CODE_SOURCE_ROUTE, 0);
    }

    /**
     * Passes on what another router has said about the packet; else DROP_UNRELATED_ICMP or
     * DROP_ICMP_RATE.
     *
     * @param type ICMP or ICMPv6 type, as the packet's family is
     */
    public boolean passOn(PacketBurst burst, int i, int type, int code, int nowTicks) {
        if (!mayAnswer(burst, i, Verdict.DROP_UNRELATED_ICMP, nowTicks)) {
            return false;
        }
        return isIpv6(burst, i)
                ? answer6(burst, i, type, code, 0)
                : answer4(burst, i, type, code, 0);
    }

    private static boolean isIpv6(PacketBurst burst, int i) {
        return Ipv4Header.version(burst.data[i] + burst.layer3[i]) == 6;
    }

    private boolean mayAnswer(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        if (!isAnswerable(burst, i)) {
            burst.verdict[i] = otherwise;
            return false;
        }
        int added = isIpv6(burst, i) ? IPV6_ADDED : IPV4_ADDED;
        if (burst.headroom[i] < added) {
            burst.verdict[i] = Verdict.DROP_NO_HEADROOM;
            return false;
        }
        if (!rate.take(nowTicks)) {
            burst.verdict[i] = Verdict.DROP_ICMP_RATE;
            return false;
        }
        return true;
    }

    private static boolean isAnswerable(PacketBurst burst, int i) {
        int kind = burst.kind[i];
        if (kind == PacketBurst.KIND_ICMP4_ERROR
                || kind == PacketBurst.KIND_ICMP6_ERROR
                || EthernetHeader.isGroup(EthernetHeader.destination(burst.data[i]))) {
            return false;
        }
        long header = burst.data[i] + burst.layer3[i];
        if (Ipv4Header.version(header) == 6) {
            return !Ipv6Header.isMulticast(Ipv6Header.destinationHigh(header));
        }
        return !Ipv4Parser.isGroup(Ipv4Header.destination(header))
                && (Ipv4Header.fragment(header) & Ipv4Header.OFFSET_MASK) == 0;
    }

    private boolean answer4(PacketBurst burst, int i, int type, int code, int rest) {
        long original = burst.data[i] + burst.layer3[i];
        int quoted = Math.min(burst.end[i] - burst.layer3[i], MAX_IPV4_BYTES - IPV4_ADDED);
        int from = sourceIpv4(burst, i, original);
        prepend(burst, i, IPV4_ADDED, quoted);
        long header = original - IPV4_ADDED;
        int tos = Ipv4Header.tos(original) & TOS_KEPT | TOS_CONTROL;
        identification = identification + 1 & 0xFFFF;
        Ipv4Header.writeStart(
                header,
                tos << 16 | identification,
                IPV4_ADDED + quoted,
                TTL,
                Ipv4Header.PROTOCOL_ICMP);
        Memory.putInt(header + Ipv4Header.SOURCE, from);
        Memory.putInt(header + Ipv4Header.DESTINATION, Ipv4Header.source(original));
        InternetChecksum.writeIpv4Header(header);
        long icmp = header + Ipv4Header.BYTES;
        IcmpHeader.write(icmp, type, code, rest);
        InternetChecksum.writeLayer4(0, icmp, IcmpHeader.BYTES + quoted, IcmpHeader.CHECKSUM);
        return replied(burst, i, PacketBurst.KIND_ICMP4, Ipv4Header.BYTES);
    }

    private int sourceIpv4(PacketBurst burst, int i, long original) {
        int own = Integer.reverseBytes(interfaces.ipv4(burst.ingress[i]));
        return isFromServer(burst, i) && own != 0 ? own : Ipv4Header.destination(original);
    }

    private static boolean isFromServer(PacketBurst burst, int i) {
        return burst.direction[i] == PacketBurst.FROM_SERVER;
    }

    private boolean answer6(PacketBurst burst, int i, int type, int code, int rest) {
        long original = burst.data[i] + burst.layer3[i];
        int quoted = Math.min(burst.end[i] - burst.layer3[i], Ipv6Header.MINIMUM_MTU - IPV6_ADDED);
        prepend(burst, i, IPV6_ADDED, quoted);
        long header = original - IPV6_ADDED;
        int payload = IcmpHeader.BYTES + quoted;
        Ipv6Header.writeStart(header, payload, Ipv6Header.NEXT_ICMP, TTL);
        putSourceIpv6(burst, i, header, original);
        Ipv6Header.putDestination(
                header, Ipv6Header.sourceHigh(original), Ipv6Header.sourceLow(original));
        long icmp = header + Ipv6Header.BYTES;
        IcmpHeader.write(icmp, type, code, rest);
        long pseudo = InternetChecksum.pseudoIpv6(header, Ipv6Header.NEXT_ICMP, payload);
        InternetChecksum.writeLayer4(pseudo, icmp, payload, IcmpHeader.CHECKSUM);
        return replied(burst, i, PacketBurst.KIND_ICMP6, Ipv6Header.BYTES);
    }

    private void putSourceIpv6(PacketBurst burst, int i, long header, long original) {
        long high = Long.reverseBytes(interfaces.ipv6High(burst.ingress[i]));
        long low = Long.reverseBytes(interfaces.ipv6Low(burst.ingress[i]));
        if (isFromServer(burst, i) && (high | low) != 0) {
            Ipv6Header.putSource(header, high, low);
        } else {
            Ipv6Header.putSource(
                    header,
                    Ipv6Header.destinationHigh(original),
                    Ipv6Header.destinationLow(original));
        }
    }

    /** Moves the link header to the front, turned round, and cuts what is not quoted. */
    private void prepend(PacketBurst burst, int i, int added, int quoted) {
        long before = burst.data[i];
        int link = burst.layer3[i];
        int frame = burst.length[i];
        long peer = EthernetHeader.source(before);
        Memory.copy(before, before - added, link);
        burst.moveStart(i, -added);
        EthernetHeader.putAddresses(burst.data[i], peer, interfaces.mac(burst.ingress[i]));
        burst.length[i] = link + added + quoted;
        burst.tailroom[i] += frame - (link + quoted);
    }

    private static boolean replied(PacketBurst burst, int i, byte kind, int headerBytes) {
        burst.kind[i] = kind;
        burst.layer4[i] = burst.layer3[i] + headerBytes;
        burst.end[i] = burst.length[i];
        burst.nextHop[i] = PacketBurst.NEXT_HOP_DONE;
        burst.verdict[i] = Verdict.REPLIED;
        return true;
    }
}
