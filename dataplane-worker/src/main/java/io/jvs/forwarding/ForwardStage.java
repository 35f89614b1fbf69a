package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.METHOD_DIRECT_ROUTE;
import static io.jvs.connection.ConnectionLayout.METHOD_FULLNAT;
import static io.jvs.connection.ConnectionLayout.METHOD_LOCAL;
import static io.jvs.connection.ConnectionLayout.METHOD_NAT;
import static io.jvs.connection.ConnectionLayout.METHOD_TUNNEL;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLayout;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Stage 7 of the pipeline: rewrites each packet of a connection by the connection's forwarding
 * method and the packet's direction. In the order of the kernel's __ip_vs_get_out_rt: TTL first,
 * then the size against the way's MTU, then the rewrite. Owned by one worker's thread.
 *
 * <p>Reads connection, direction, next hop and MTU of a row; leaves it {@link Verdict#FORWARDED},
 * {@link Verdict#REPLIED} with an ICMP error, {@link Verdict#EXCEPTION} (the real server is the
 * director itself) or dropped. A forwarded row ends where its IP packet ends. The other pieces of a
 * packet that had to be cut are new rows at the end of the burst, forwarded, without a connection.
 */
public final class ForwardStage implements AutoCloseable {
    /** The smallest way that an IPv4 packet may have to take in one piece (RFC 791). */
    private static final int MIN_MTU_IPV4 = 68;

    private final ServerPaths paths;
    private final IcmpErrors icmpErrors;
    private final NatForwarder nat = new NatForwarder();
    private final DirectRouteForwarder directRoute = new DirectRouteForwarder();
    private final TunnelForwarder tunnel;
    private final FullNatForwarder fullNat = new FullNatForwarder();
    private final Fragmenter fragmenter;
    private final ConnectionChanges changes;
    private final IcmpTranslator icmpTranslator;
    private final FamilyForwarder family;
    private boolean pathMtuDiscovery = true;

    /**
     * Creates the stage of a worker.
     *
     * @param paths the way to each server; the worker keeps it up to date
     * @param icmpErrors makes the answers
     * @param interfaces where packets come in
     * @param buffers where the pieces of cut packets come from
     * @param firstIdentification IPv4 and IPv6 identifications of tunnelled packets begin here
     * @param extras auxiliary records of connections
     */
    public ForwardStage(
            ServerPaths paths,
            IcmpErrors icmpErrors,
            InterfaceTable interfaces,
            PacketBuffers buffers,
            int firstIdentification,
            ConnectionExtras extras) {
        this.paths = paths;
        this.changes = new ConnectionChanges(extras, paths, buffers);
        this.icmpTranslator = new IcmpTranslator(changes.shift);
        this.icmpErrors = icmpErrors;
        this.tunnel = new TunnelForwarder(paths, firstIdentification);
        this.fragmenter = new Fragmenter(buffers, firstIdentification);
        this.family =
                new FamilyForwarder(
                        icmpErrors, interfaces, fragmenter, changes, firstIdentification);
    }

    /**
     * Whether tunnels keep the DF of IPv4 packets and senders hear of ways that are too small
     * (pmtu_disc); else tunnelled packets are cut. On at first.
     */
    public void setPathMtuDiscovery(boolean on) {
        pathMtuDiscovery = on;
        tunnel.setKeepsDontFragment(on);
    }

    /**
     * Forwards the rows that have no verdict yet and a connection.
     *
     * @param nowTicks the worker's time, 100 ticks a second
     */
    public void forward(PacketBurst burst, int nowTicks) {
        int rows = burst.count;
        for (int row = 0; row < rows; row++) {
            if (burst.verdict[row] == Verdict.NONE && burst.connection[row] != 0) {
                forwardRow(burst, row, nowTicks);
            }
        }
    }

    private void forwardRow(PacketBurst burst, int row, int nowTicks) {
        int method = ConnectionLayout.method(burst.connection[row]);
        if (burst.nextHop[row] == PacketBurst.NEXT_HOP_HOST || method == METHOD_LOCAL) {
            toHost(burst, row, method, nowTicks);
        } else if (burst.nextHop[row] < 0) {
            burst.verdict[row] = Verdict.DROP_NO_ROUTE;
        } else if (method == METHOD_FULLNAT && ConnectionLayout.isMixed(burst.connection[row])) {
            family.forward(burst, row, nowTicks);
        } else {
            switch (burst.kind[row]) {
                case PacketBurst.KIND_IPV4, PacketBurst.KIND_ICMP4_ERROR ->
                        ipv4(burst, row, method, nowTicks);
                case PacketBurst.KIND_IPV6, PacketBurst.KIND_ICMP6_ERROR ->
                        ipv6(burst, row, method, nowTicks);
                default -> burst.verdict[row] = Verdict.DROP_PROTOCOL;
            }
        }
    }

    /**
     * The host is the real server: a masqueraded packet gets its address and port, others stay as
     * they are. That is no hop (the local routes of __ip_vs_get_out_rt).
     */
    private void toHost(PacketBurst burst, int row, int method, int nowTicks) {
        if (method != METHOD_NAT) {
            leaveToHost(burst, row);
            return;
        }
        int made = PacketBurst.isError(burst.kind[row]) ? -1 : changes.apply(burst, row, nowTicks);
        switch (burst.kind[row]) {
            case PacketBurst.KIND_IPV4 -> translateIpv4(burst, row, method);
            case PacketBurst.KIND_ICMP4_ERROR -> rewriteError4(burst, row, method, nowTicks);
            case PacketBurst.KIND_IPV6 -> translateIpv6(burst, row, method);
            default -> rewriteError6(burst, row, method, nowTicks);
        }
        keepHops(burst, row);
        leaveToHost(burst, row);
        if (made >= 0) {
            translateToHost(burst, made);
        }
    }

    /** The data behind a PROXY header that was put in front of it. */
    private void translateToHost(PacketBurst burst, int made) {
        if (burst.kind[made] == PacketBurst.KIND_IPV4) {
            translateIpv4(burst, made, METHOD_NAT);
        } else {
            translateIpv6(burst, made, METHOD_NAT);
        }
        burst.connection[made] = 0;
        keepHops(burst, made);
        leaveToHost(burst, made);
    }

    private static void keepHops(PacketBurst burst, int row) {
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv4Header.version(header) == 4) {
            HopCount.incrementTtl(header);
        } else {
            HopCount.incrementHopLimit(header);
        }
    }

    private static void leaveToHost(PacketBurst burst, int row) {
        if (burst.verdict[row] == Verdict.NONE) {
            burst.verdict[row] = Verdict.EXCEPTION;
            burst.length[row] = burst.end[row];
        }
    }

    private void ipv4(PacketBurst burst, int row, int method, int nowTicks) {
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv4Header.ttl(header) <= 1) {
            icmpErrors.timeExceeded(burst, row, nowTicks);
            return;
        }
        int limit = method == METHOD_TUNNEL ? tunnelMtu(burst, row) : burst.mtu[row];
        int bytes = burst.end[row] - burst.layer3[row];
        boolean asksNobody = method == METHOD_TUNNEL && !pathMtuDiscovery;
        if (bytes > limit && !asksNobody && !mayCutIpv4(burst, row, limit, nowTicks)) {
            return;
        }
        if (burst.kind[row] == PacketBurst.KIND_IPV4) {
            rewriteIpv4(burst, row, method, nowTicks);
        } else {
            rewriteError4(burst, row, method, nowTicks);
        }
        finish(burst, row);
    }

    private void rewriteIpv4(PacketBurst burst, int row, int method, int nowTicks) {
        int made = changes.apply(burst, row, nowTicks);
        translateIpv4(burst, row, method);
        if (made >= 0) {
            translateIpv4(burst, made, method);
            burst.connection[made] = 0;
            finish(burst, made);
        }
    }

    private void translateIpv4(PacketBurst burst, int row, int method) {
        switch (method) {
            case METHOD_NAT -> nat.ipv4(burst, row);
            case METHOD_FULLNAT -> fullNat.ipv4(burst, row);
            case METHOD_DIRECT_ROUTE -> directRoute.ipv4(burst, row);
            case METHOD_TUNNEL -> tunnel.ipv4(burst, row);
            default -> burst.verdict[row] = Verdict.DROP_FAMILY_MISMATCH;
        }
    }

    /** DR and TUN take an ICMP error to the server as it is (ip_vs_icmp_xmit). */
    private void rewriteError4(PacketBurst burst, int row, int method, int nowTicks) {
        if (method == METHOD_NAT || method == METHOD_FULLNAT) {
            if (!icmpTranslator.ipv4(burst, row, method == METHOD_FULLNAT)) {
                burst.verdict[row] = Verdict.DROP_MALFORMED_LAYER4;
            }
        } else {
            rewriteIpv4(burst, row, method, nowTicks);
        }
    }

    /**
     * Whether an IPv4 packet over the limit goes on to be cut; else it has been answered or
     * dropped. ICMP errors are cut whatever their DF says (skb->ignore_df in ip_vs_icmp_xmit).
     */
    private boolean mayCutIpv4(PacketBurst burst, int row, int limit, int nowTicks) {
        if (limit < MIN_MTU_IPV4) {
            burst.verdict[row] = Verdict.DROP_TOO_BIG;
            return false;
        }
        long header = burst.data[row] + burst.layer3[row];
        if (burst.kind[row] == PacketBurst.KIND_IPV4
                && (Ipv4Header.fragment(header) & Ipv4Header.DONT_FRAGMENT) != 0) {
            icmpErrors.tooBig(burst, row, limit, nowTicks);
            return false;
        }
        return true;
    }

    private void ipv6(PacketBurst burst, int row, int method, int nowTicks) {
        long header = burst.data[row] + burst.layer3[row];
        if (Ipv6Header.hopLimit(header) <= 1) {
            icmpErrors.timeExceeded(burst, row, nowTicks);
            return;
        }
        // A tunnel carries 1280 bytes in any case: smaller ways make it cut the outer packet
        // (RFC 2473 section 7.1, RFC 4213 section 3.2).
        int limit =
                method == METHOD_TUNNEL
                        ? Math.max(tunnelMtu(burst, row), Ipv6Header.MINIMUM_MTU)
                        : burst.mtu[row];
        if (burst.end[row] - burst.layer3[row] > limit) {
            icmpErrors.tooBig(burst, row, limit, nowTicks);
            return;
        }
        if (burst.kind[row] == PacketBurst.KIND_IPV6) {
            rewriteIpv6(burst, row, method, nowTicks);
        } else {
            rewriteError6(burst, row, method, nowTicks);
        }
        finish(burst, row);
    }

    private void rewriteIpv6(PacketBurst burst, int row, int method, int nowTicks) {
        int made = changes.apply(burst, row, nowTicks);
        translateIpv6(burst, row, method);
        if (made >= 0) {
            translateIpv6(burst, made, method);
            burst.connection[made] = 0;
            finish(burst, made);
        }
    }

    private void translateIpv6(PacketBurst burst, int row, int method) {
        switch (method) {
            case METHOD_NAT -> nat.ipv6(burst, row);
            case METHOD_FULLNAT -> fullNat.ipv6(burst, row);
            case METHOD_DIRECT_ROUTE -> directRoute.ipv6(burst, row);
            case METHOD_TUNNEL -> tunnel.ipv6(burst, row);
            default -> burst.verdict[row] = Verdict.DROP_FAMILY_MISMATCH;
        }
    }

    private void rewriteError6(PacketBurst burst, int row, int method, int nowTicks) {
        if (method == METHOD_NAT || method == METHOD_FULLNAT) {
            if (!icmpTranslator.ipv6(burst, row, method == METHOD_FULLNAT)) {
                burst.verdict[row] = Verdict.DROP_MALFORMED_LAYER4;
            }
        } else {
            rewriteIpv6(burst, row, method, nowTicks);
        }
    }

    /** What fits into the tunnel of the row's server. */
    private int tunnelMtu(PacketBurst burst, int row) {
        int server = ConnectionLayout.serverIndex(burst.connection[row]);
        return burst.mtu[row] - paths.get(server).overheadBytes;
    }

    private void finish(PacketBurst burst, int row) {
        if (burst.verdict[row] != Verdict.NONE) {
            return;
        }
        burst.verdict[row] = Verdict.FORWARDED;
        burst.length[row] = burst.end[row];
        if (burst.end[row] - burst.layer3[row] > burst.mtu[row]) {
            cut(burst, row);
        }
    }

    private void cut(PacketBurst burst, int row) {
        byte kind = burst.kind[row];
        if (kind == PacketBurst.KIND_IPV4 || kind == PacketBurst.KIND_ICMP4_ERROR) {
            fragmenter.ipv4(burst, row);
        } else {
            fragmenter.ipv6(burst, row);
        }
    }

    /**
     * Wraps a row for the tunnel of its connection's server: an IPv4 packet with a TTL above 1 that
     * fits into it, with headroom for what is added.
     */
    public void wrap4(PacketBurst burst, int row) {
        tunnel.ipv4(burst, row);
    }

    /** Packets towards servers that had no room for what should have been told of their client. */
    public long undisclosed() {
        return changes.undisclosed();
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        changes.close();
    }
}
