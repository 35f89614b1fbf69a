package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionTable;
import io.jvs.forwarding.PathMtus;
import io.jvs.forwarding.QuotedTunnel;
import io.jvs.forwarding.ServerPaths;
import io.jvs.link.OwnAddresses;
import io.jvs.memory.Memory;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.IcmpHeader;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Stage 2c: ICMP errors about packets that were wrapped here, from routers between the director and
 * real servers of tunnels. A smaller MTU is remembered for the server, and the client is told what
 * the error means for its own packet, the tunnel taken off (ip_vs_in_icmp in
 * net/netfilter/ipvs/ip_vs_core.c; RFC 2003 section 4, RFC 2473 section 8). Owned by one worker's
 * thread.
 */
final class TunnelErrorStage {
    private final OwnAddresses addresses;
    private final ServerPaths paths;
    private final ConnectionTable table;
    private final IcmpErrors icmpErrors;
    private final RouteStage routeStage;
    private final QuotedTunnel quoted;
    private final @Nullable Handover handover;
    private final ExpressLane express;
    private final @Nullable OwnerStage owners;

    TunnelErrorStage(WorkerState state, RouteStage routeStage) {
        this.addresses = state.addresses;
        this.paths = state.paths;
        this.table = state.table;
        this.icmpErrors = state.icmpErrors;
        this.routeStage = routeStage;
        this.quoted = new QuotedTunnel(state.paths);
        this.handover = state.handover;
        this.express = state.express;
        this.owners = state.owners;
    }

    /** Takes the rows that are such errors. */
    void take(PacketBurst burst, int nowTicks) {
        for (int i = 0; i < burst.count; i++) {
            int kind = burst.kind[i];
            if (kind >= PacketBurst.KIND_ICMP4_ERROR
                    && kind <= PacketBurst.KIND_ICMP6
                    && burst.verdict[i] == Verdict.NONE
                    && burst.fragment[i] == 0
                    && isError(burst, i)
                    && isOwn(burst, i)
                    && quoted.read(burst, i)) {
                takeRow(burst, i, nowTicks);
            }
        }
    }

    private static boolean isIpv6(PacketBurst burst, int i) {
        return Ipv4Header.version(burst.data[i] + burst.layer3[i]) == 6;
    }

    private static int type(PacketBurst burst, int i) {
        return IcmpHeader.type(burst.data[i] + burst.layer4[i]);
    }

    private static boolean isError(PacketBurst burst, int i) {
        return isIpv6(burst, i)
                ? IcmpHeader.isV6Error(type(burst, i))
                : IcmpHeader.isError(type(burst, i));
    }

    private boolean isOwn(PacketBurst burst, int i) {
        long ip = burst.data[i] + burst.layer3[i];
        int flags =
                Ipv4Header.version(ip) == 6
                        ? addresses.flags6(
                                Ipv6Header.destinationHigh(ip), Ipv6Header.destinationLow(ip))
                        : addresses.flags4(Ipv4Header.destination(ip));
        return (flags & OwnAddresses.OWN) != 0;
    }

    /**
     * With the wrapped packet quoted, the error must be about a connection through a tunnel; with
     * less, all that it can tell is the MTU.
     */
    private void takeRow(PacketBurst burst, int i, int nowTicks) {
        long record = quoted.hasInner() ? connection() : 0;
        int owner = record == 0 && quoted.hasInner() ? owner(burst, i) : -1;
        if (record != 0) {
            tell(burst, i, record, nowTicks);
        } else if (owner >= 0 && handover != null) {
            handover.give(burst, i, Handover.to(owner, PacketBurst.FINAL_HOP));
        } else if (quoted.isCertain()) {
            if (!quoted.hasInner()) {
                learn(burst, i, nowTicks);
            }
            burst.verdict[i] = quoted.hasInner() ? Verdict.DROP_UNRELATED_ICMP : Verdict.CONSUMED;
        }
    }

    /** The other worker that has the wrapped packet's connection, or -1. */
    private int owner(PacketBurst burst, int i) {
        boolean isFresh = burst.hop[i] == 0;
        return owners != null && isFresh
                ? owners.find(quoted.inner(), table.hash(quoted.inner()))
                : -1;
    }

    /** The record of the wrapped packet's connection, 0 for none that goes through a tunnel. */
    private long connection() {
        int id = table.find(quoted.inner());
        long record = id == 0 ? 0 : table.address(id);
        return record != 0 && ConnectionLayout.method(record) == ConnectionLayout.METHOD_TUNNEL
                ? record
                : 0;
    }

    private static boolean isTooBig(PacketBurst burst, int i) {
        long icmp = burst.data[i] + burst.layer4[i];
        return isIpv6(burst, i)
                ? IcmpHeader.type(icmp) == IcmpHeader.V6_TOO_BIG
                : IcmpHeader.type(icmp) == IcmpHeader.UNREACHABLE
                        && IcmpHeader.code(icmp) == IcmpHeader.CODE_FRAGMENTATION_NEEDED;
    }

    private void learn(PacketBurst burst, int i, int nowTicks) {
        if (isTooBig(burst, i)) {
            long rest = burst.data[i] + burst.layer4[i] + IcmpHeader.REST;
            int told =
                    isIpv6(burst, i)
                            ? (int) Math.min(Memory.getUnsignedIntBe(rest), 0xFFFF)
                            : Memory.getUnsignedShortBe(rest + 2);
            PathMtus learned = paths.learned();
            int end = quoted.end();
            learned.learn(end, told, nowTicks);
            express.forgetWays();
            if (handover != null) {
                handover.tellPathMtu(
                        learned.first(end), learned.second(end), learned.isIpv6(end), told);
            }
        }
    }

    /** The client learns what its packet met; where it may be cut, it need not know the size. */
    private void tell(PacketBurst burst, int i, long record, int nowTicks) {
        learn(burst, i, nowTicks);
        boolean tooBig = isTooBig(burst, i);
        boolean sameFamily = isIpv6(burst, i) == quoted.inner().ipv6;
        if (tooBig ? !quoted.mayNotBeCut() : !sameFamily) {
            burst.verdict[i] = Verdict.CONSUMED;
            return;
        }
        long icmp = burst.data[i] + burst.layer4[i];
        int type = IcmpHeader.type(icmp);
        int code = IcmpHeader.code(icmp);
        quoted.unwrap(burst, i);
        burst.connection[i] = record;
        burst.direction[i] = PacketBurst.FROM_CLIENT;
        boolean told;
        if (tooBig) {
            int server = ConnectionLayout.serverIndex(record);
            int mtu = paths.mtu(server, nowTicks) - quoted.overheadBytes();
            told = icmpErrors.tooBig(burst, i, mtu, nowTicks);
        } else {
            told = icmpErrors.passOn(burst, i, type, code, nowTicks);
        }
        if (told) {
            routeStage.routeToClient(burst, i, record);
        }
    }
}
