package io.jvs.worker;

import io.jvs.packet.IcmpErrors;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;

/**
 * nat_icmp_send: a packet of a real server whose replies pass the director, and that belongs to no
 * connection, is answered with port unreachable (ip_vs_out_hook, ip_vs_has_real_service). The real
 * endpoints are kept in a table of open addressing, as raw words, while the setting is on.
 */
final class StrayReplies {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int TCP = 6;
    private static final int SCTP = 132;

    private final WorkerState state;
    private final WorkerSettings settings;
    private final IcmpErrors icmpErrors;
    private boolean filled;
    private int mask;
    private long[] high = new long[1];
    private long[] low = new long[1];
    private long[] tail = new long[1];

    StrayReplies(WorkerState state) {
        this.state = state;
        this.settings = state.settings;
        this.icmpErrors = state.icmpErrors;
    }

    /**
     * Takes the servers as they are now; once a generation.
     *
     * @param changed whether they are others, or have other methods, than before
     */
    void commit(boolean changed) {
        if (settings.natIcmpSend == filled && !(filled && changed)) {
            return;
        }
        filled = settings.natIcmpSend;
        int count = 0;
        for (ServiceState service : state.services.all()) {
            count += service.servers.size();
        }
        int capacity = settings.natIcmpSend ? Math.max(16, Integer.highestOneBit(count) * 4) : 1;
        mask = capacity - 1;
        high = new long[capacity];
        low = new long[capacity];
        tail = new long[capacity];
        if (settings.natIcmpSend) {
            state.services.all().forEach(this::putServers);
        }
    }

    private void putServers(ServiceState service) {
        for (int i = 0; i < service.servers.size(); i++) {
            ServerState server = state.servers[service.servers.get(i).serverIndex];
            if (server.hasOutput()) {
                put(server);
            }
        }
    }

    private void put(ServerState server) {
        Address real = server.destination.spec.address();
        boolean ipv6 = real.isIpv6();
        long keyHigh = ipv6 ? Long.reverseBytes(real.high()) : 0;
        long keyLow =
                ipv6
                        ? Long.reverseBytes(real.low())
                        : Integer.toUnsignedLong(Integer.reverseBytes((int) real.low()));
        int rawPort = Short.reverseBytes((short) server.destination.port) & 0xFFFF;
        long keyTail = tail(ipv6, server.protocol, rawPort);
        int slot = slot(keyHigh, keyLow, keyTail);
        while (tail[slot] != 0) {
            slot = slot + 1 & mask;
        }
        high[slot] = keyHigh;
        low[slot] = keyLow;
        tail[slot] = keyTail;
    }

    /** Never 0, which marks a free place. */
    private static long tail(boolean ipv6, int protocol, int rawPort) {
        return 1L << 33 | (ipv6 ? 1L << 32 : 0) | (long) protocol << 16 | rawPort;
    }

    private int slot(long keyHigh, long keyLow, long keyTail) {
        long mixed = ((keyHigh * MIX ^ keyLow) * MIX ^ keyTail) * MIX;
        return (int) (mixed >>> 40) & mask;
    }

    /** Answers rows without a verdict and a connection that a real server sent. */
    void answer(PacketBurst burst, int nowTicks) {
        if (!settings.natIcmpSend) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            int kind = burst.kind[i];
            if (burst.verdict[i] == Verdict.NONE
                    && burst.connection[i] == 0
                    && (kind == PacketBurst.KIND_IPV4 || kind == PacketBurst.KIND_IPV6)
                    && !isEnd(burst, i)
                    && isFromServer(burst, i)) {
                burst.direction[i] = PacketBurst.FROM_SERVER;
                icmpErrors.portUnreachable(burst, i, nowTicks);
            }
        }
    }

    /** A reset or an ABORT ends what it is of by itself. */
    private static boolean isEnd(PacketBurst burst, int i) {
        int protocol = burst.protocol[i];
        return protocol == TCP && (burst.tcpFlags[i] & TcpHeader.RST) != 0
                || protocol == SCTP && burst.sctpChunk[i] == SctpHeader.ABORT;
    }

    /** Servers of a service on a mark are of every protocol. */
    private boolean isFromServer(PacketBurst burst, int i) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        long wantHigh = ipv6 ? burst.key0[i] : 0;
        long wantLow = ipv6 ? burst.key1[i] : burst.key0[i] & 0xFFFF_FFFFL;
        int rawPort = burst.ports[i] & 0xFFFF;
        return has(wantHigh, wantLow, tail(ipv6, burst.protocol[i], rawPort))
                || has(wantHigh, wantLow, tail(ipv6, 0, rawPort));
    }

    private boolean has(long wantHigh, long wantLow, long wantTail) {
        int slot = slot(wantHigh, wantLow, wantTail);
        while (tail[slot] != 0) {
            if (low[slot] == wantLow && tail[slot] == wantTail && high[slot] == wantHigh) {
                return true;
            }
            slot = slot + 1 & mask;
        }
        return false;
    }
}
