package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpResets;
import io.jvs.packet.TokenBucket;
import io.jvs.packet.Verdict;

/**
 * Stage 3: what is for the director itself. Answers ARP, neighbour solicitations and pings for our
 * addresses in the packet's own buffer; hands to the host what is the host's; and, after admission,
 * decides about what nobody wanted.
 */
public final class LocalResponder {
    private static final int ECHO = 8;
    private static final int ECHO6 = 128;
    private static final int TTL = 64;
    private static final int ICMP_HEADER = 8;

    /** Pings answered in a second, and at once: a flood of them must not crowd out connections. */
    private static final int ECHOES_PER_SECOND = 10_000;

    private static final int ECHO_BURST = 1000;

    private final InterfaceTable interfaces;
    private final OwnAddresses own;
    private final NeighborResponder neighbors;
    private final boolean[] hasHost;
    private final IcmpErrors icmpErrors;
    private final TcpResets resets;
    private final TokenBucket echoes = new TokenBucket(ECHOES_PER_SECOND, ECHO_BURST);

    /**
     * A responder.
     *
     * @param hasHost by port number: whether that port has an exception path
     * @param icmpErrors answers about what nobody wants
     * @param resets answers to segments that nobody wants
     */
    public LocalResponder(
            InterfaceTable interfaces,
            OwnAddresses own,
            NeighborTable neighbors,
            boolean[] hasHost,
            IcmpErrors icmpErrors,
            TcpResets resets) {
        this.interfaces = interfaces;
        this.own = own;
        this.hasHost = hasHost.clone();
        this.icmpErrors = icmpErrors;
        this.resets = resets;
        this.neighbors = new NeighborResponder(interfaces, own, neighbors, this.hasHost);
    }

    /** Takes ARP, ND and pings. */
    public void take(PacketBurst burst, int nowTicks) {
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.NONE) {
                switch (burst.kind[i]) {
                    case PacketBurst.KIND_ARP -> neighbors.arp(burst, i, nowTicks);
                    case PacketBurst.KIND_ND -> neighbors.discovery(burst, i, nowTicks);
                    case PacketBurst.KIND_ICMP4 -> echo4(burst, i, nowTicks);
                    case PacketBurst.KIND_ICMP6 -> echo6(burst, i, nowTicks);
                    default -> {}
                }
            }
        }
    }

    /** Whether a ping of an address with these flags is answered here. */
    private boolean answersPing(PacketBurst burst, int i, int flags) {
        int jvs = OwnAddresses.VIRTUAL | OwnAddresses.LOCAL;
        return (flags & jvs) != 0 || (flags & OwnAddresses.OWN) != 0 && !hasHost[burst.port[i]];
    }

    private void echo4(PacketBurst burst, int i, int nowTicks) {
        long ip = burst.data[i] + burst.layer3[i];
        long icmp = burst.data[i] + burst.layer4[i];
        if (burst.end[i] - burst.layer4[i] < ICMP_HEADER
                || Memory.getUnsignedByte(icmp) != ECHO
                || !answersPing(burst, i, own.flags4(Memory.getInt(ip + 16)))) {
            return;
        }
        if (!echoes.take(nowTicks)) {
            burst.verdict[i] = Verdict.DROP_ECHO_RATE;
            return;
        }
        typeToReply(icmp, ECHO << 8, 0);
        turnRound4(burst, i, ip);
    }

    private void turnRound4(PacketBurst burst, int i, long ip) {
        Memory.putLong(ip + 12, Long.rotateLeft(Memory.getLong(ip + 12), 32));
        Memory.putByte(ip + 8, TTL);
        InternetChecksum.writeIpv4Header(ip);
        reply(burst, i);
    }

    private void echo6(PacketBurst burst, int i, int nowTicks) {
        long ip = burst.data[i] + burst.layer3[i];
        long icmp = burst.data[i] + burst.layer4[i];
        if (burst.end[i] - burst.layer4[i] < ICMP_HEADER
                || Memory.getUnsignedByte(icmp) != ECHO6
                || !answersPing(
                        burst, i, own.flags6(Memory.getLong(ip + 24), Memory.getLong(ip + 32)))) {
            return;
        }
        if (!echoes.take(nowTicks)) {
            burst.verdict[i] = Verdict.DROP_ECHO_RATE;
            return;
        }
        typeToReply(icmp, ECHO6 << 8, ECHO6 + 1 << 8);
        turnRound6(burst, i, ip);
    }

    private void turnRound6(PacketBurst burst, int i, long ip) {
        long sourceHigh = Memory.getLong(ip + 8);
        long sourceLow = Memory.getLong(ip + 16);
        Memory.putLong(ip + 8, Memory.getLong(ip + 24));
        Memory.putLong(ip + 16, Memory.getLong(ip + 32));
        Memory.putLong(ip + 24, sourceHigh);
        Memory.putLong(ip + 32, sourceLow);
        Memory.putByte(ip + 7, TTL);
        reply(burst, i);
    }

    /**
     * Sends a fragment back as it is, but for its addresses: one of a ping whose first fragment has
     * been answered.
     */
    public void turnRound(PacketBurst burst, int i) {
        long ip = burst.data[i] + burst.layer3[i];
        if (Ipv4Header.version(ip) == 6) {
            turnRound6(burst, i, ip);
        } else {
            turnRound4(burst, i, ip);
        }
    }

    /** Changes type (and code 0) with the checksum following, RFC 1624 equation 3. */
    private static void typeToReply(long icmp, int before, int after) {
        int sum = (~Memory.getUnsignedShortBe(icmp + 2) & 0xFFFF) + (~before & 0xFFFF) + after;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        Memory.putByte(icmp, after >>> 8);
        Memory.putShortBe(icmp + 2, ~sum);
    }

    private void reply(PacketBurst burst, int i) {
        LinkHeader.turnRound(burst.data[i], interfaces.mac(burst.ingress[i]));
        burst.length[i] = burst.end[i];
        burst.verdict[i] = Verdict.REPLIED;
        burst.nextHop[i] = PacketBurst.NEXT_HOP_DONE;
    }

    /**
     * After admission: rows that are still undecided and have no connection, but for fragments that
     * do as their first one.
     */
    public void leftOver(PacketBurst burst, int nowTicks) {
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.NONE
                    && burst.connection[i] == 0
                    && burst.kind[i] != PacketBurst.KIND_FRAGMENT) {
                refuse(burst, i, Verdict.NONE, nowTicks);
            }
        }
    }

    /**
     * Decides about a packet that no connection takes, as the host's own stack does: the host gets
     * what is for its addresses, a reset or an ICMP error answers what is for ours.
     *
     * @param reason why nobody takes it, or NONE: no service is there
     */
    public void refuse(PacketBurst burst, int i, byte reason, int nowTicks) {
        long ip = burst.data[i] + burst.layer3[i];
        boolean ipv6 = Memory.getByte(ip) >>> 4 == 6;
        int flags =
                ipv6
                        ? own.flags6(Memory.getLong(ip + 24), Memory.getLong(ip + 32))
                        : own.flags4(Memory.getInt(ip + 16));
        boolean group = Memory.getUnsignedByte(ip + (ipv6 ? 24 : 16)) >= (ipv6 ? 0xFF : 0xE0);
        boolean jvs = (flags & (OwnAddresses.VIRTUAL | OwnAddresses.LOCAL)) != 0;
        if (hasHost[burst.port[i]] && ((flags & OwnAddresses.OWN) != 0 || group)) {
            burst.verdict[i] = Verdict.EXCEPTION;
        } else if (jvs) {
            answer(
                    burst,
                    i,
                    reason == Verdict.NONE ? unwanted(burst.kind[i], flags) : reason,
                    nowTicks);
        } else if (reason != Verdict.NONE) {
            burst.verdict[i] = reason;
        } else {
            burst.verdict[i] = flags == 0 ? Verdict.DROP_NOT_OURS : Verdict.DROP_NO_EXCEPTION_PATH;
        }
    }

    private void answer(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        switch (burst.kind[i]) {
            case PacketBurst.KIND_IPV4, PacketBurst.KIND_IPV6 ->
                    answerTransport(burst, i, otherwise, nowTicks);
            case PacketBurst.KIND_IPV4_OTHER, PacketBurst.KIND_IPV6_OTHER ->
                    icmpErrors.protocolUnreachable(burst, i, otherwise, nowTicks);
            default -> burst.verdict[i] = otherwise;
        }
    }

    private void answerTransport(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        switch (burst.protocol[i]) {
            case Ipv4Header.PROTOCOL_TCP -> resets.reset(burst, i, otherwise, nowTicks);
            case Ipv4Header.PROTOCOL_UDP ->
                    icmpErrors.portUnreachable(burst, i, otherwise, nowTicks);
            // SCTP answers with SCTP's own ABORT; an ICMP error would deny the other ports too.
            default -> burst.verdict[i] = otherwise;
        }
    }

    private static byte unwanted(int kind, int flags) {
        return switch (kind) {
            case PacketBurst.KIND_ICMP4_ERROR, PacketBurst.KIND_ICMP6_ERROR ->
                    Verdict.DROP_UNRELATED_ICMP;
            case PacketBurst.KIND_IPV4, PacketBurst.KIND_IPV6 ->
                    (flags & OwnAddresses.VIRTUAL) != 0
                            ? Verdict.DROP_NO_SERVICE
                            : Verdict.DROP_NO_CONNECTION;
            default -> Verdict.DROP_PROTOCOL;
        };
    }
}
