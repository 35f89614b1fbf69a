package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;

/**
 * TCP segments that are made here for connections, as rows of a burst: with next hop, MTU and
 * connection, before or behind the translation. One thread.
 */
final class MadeSegments {
    private static final int ETHERNET = 14;
    private static final int TTL = 64;
    private static final int OFFSET_SHIFT = 26;
    private static final int FLAGS_SHIFT = 16;

    /** Questions need numbers that are nowhere near, not secret ones. */
    private static final long FIRST_RANDOM = 0x9E3779B97F4A7C15L;

    final PacketBurst burst = new PacketBurst();
    private final WorkerState state;
    private final RouteStage routeStage;
    private long random;

    MadeSegments(WorkerState state) {
        this.state = state;
        this.routeStage = new RouteStage(state);
        this.random = FIRST_RANDOM + state.worker;
    }

    /** Whether there is room for two more. */
    boolean hasRoom() {
        return burst.count <= PacketBurst.CAPACITY - 2;
    }

    /**
     * Makes the reset that follows on a segment, from its sender to the other end (RFC 9293 section
     * 3.10.7.4: exact when the segment was the next one).
     *
     * @return false when there is no buffer or no way
     */
    boolean follow(PacketBurst from, int i, int nowTicks) {
        boolean ipv6 = from.kind[i] == PacketBurst.KIND_IPV6;
        int row = segment(ipv6);
        if (row < 0) {
            return false;
        }
        long given = from.data[i] + from.layer3[i];
        long ip = burst.data[row] + ETHERNET;
        if (ipv6) {
            Memory.copy(given + Ipv6Header.SOURCE, ip + Ipv6Header.SOURCE, 32);
        } else {
            Memory.putLong(ip + Ipv4Header.SOURCE, Ipv4Header.addresses(given));
        }
        long segment = from.data[i] + from.layer4[i];
        int syn = (from.tcpFlags[i] & TcpHeader.SYN) != 0 ? 1 : 0;
        int sequence = Memory.getIntBe(segment + TcpHeader.SEQUENCE) + syn;
        int acknowledged = Memory.getIntBe(segment + TcpHeader.ACKNOWLEDGEMENT);
        int flags = TcpHeader.RST | from.tcpFlags[i] & TcpHeader.ACK;
        write(row, Memory.getInt(segment), sequence, acknowledged, flags);
        bind(row, from.connectionId[i], from.connection[i], from.direction[i]);
        return findWay(row, nowTicks);
    }

    /** Asks the client of a connection where it is, from the virtual address. */
    void askClient(int id, long record, int nowTicks) {
        boolean ipv6 = ConnectionLayout.isIpv6(record);
        int row = segment(ipv6);
        if (row < 0) {
            return;
        }
        long ip = burst.data[row] + ETHERNET;
        if (ipv6) {
            Memory.copy(record + ConnectionLayout.VIRTUAL6, ip + Ipv6Header.SOURCE, 16);
            Memory.copy(record + ConnectionLayout.CLIENT, ip + Ipv6Header.DESTINATION, 16);
        } else {
            long turned = Long.rotateLeft(ConnectionLayout.inKey4(record), 32);
            Memory.putLong(ip + Ipv4Header.SOURCE, turned);
        }
        int ports = Integer.rotateLeft(ConnectionLayout.inPorts(record), 16);
        write(row, ports, next(), next(), TcpHeader.ACK);
        bind(row, id, record, PacketBurst.FROM_SERVER);
        if (findWay(row, nowTicks)) {
            burst.verdict[row] = Verdict.FORWARDED;
        }
    }

    /** Asks the real server of a connection where it is, as its client. */
    void askServer(int id, long record, int nowTicks) {
        boolean ipv6 = ConnectionLayout.isIpv6(record);
        int row = segment(ipv6);
        if (row < 0) {
            return;
        }
        long ip = burst.data[row] + ETHERNET;
        if (ipv6) {
            Memory.copy(record + ConnectionLayout.CLIENT, ip + Ipv6Header.SOURCE, 16);
            Memory.copy(record + ConnectionLayout.VIRTUAL6, ip + Ipv6Header.DESTINATION, 16);
        } else {
            Memory.putLong(ip + Ipv4Header.SOURCE, ConnectionLayout.inKey4(record));
        }
        write(row, ConnectionLayout.inPorts(record), next(), next(), TcpHeader.ACK);
        bind(row, id, record, PacketBurst.FROM_CLIENT);
        findWay(row, nowTicks);
    }

    /** Takes the last one back. */
    void undo() {
        burst.count--;
        state.buffers.free(burst.handle[burst.count]);
    }

    private int segment(boolean ipv6) {
        int row = state.buffers.allocate(burst);
        if (row < 0) {
            return -1;
        }
        int ipBytes = ipv6 ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        long ip = burst.data[row] + ETHERNET;
        if (ipv6) {
            Ipv6Header.writeStart(ip, TcpHeader.BYTES, Ipv4Header.PROTOCOL_TCP, TTL);
        } else {
            int bytes = ipBytes + TcpHeader.BYTES;
            Ipv4Header.writeStart(ip, 0, bytes, TTL, Ipv4Header.PROTOCOL_TCP);
            Memory.putShortBe(ip + Ipv4Header.FRAGMENT, Ipv4Header.DONT_FRAGMENT);
        }
        burst.kind[row] = ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
        burst.layer3[row] = ETHERNET;
        burst.layer4[row] = ETHERNET + ipBytes;
        burst.end[row] = ETHERNET + ipBytes + TcpHeader.BYTES;
        burst.length[row] = burst.end[row];
        burst.tailroom[row] -= burst.length[row];
        burst.protocol[row] = Ipv4Header.PROTOCOL_TCP;
        burst.sctpChunk[row] = SctpHeader.NO_CHUNK;
        return row;
    }

    private void write(int row, int rawPorts, int sequence, int acknowledged, int flags) {
        long ip = burst.data[row] + ETHERNET;
        long tcp = burst.data[row] + burst.layer4[row];
        Memory.putInt(tcp, rawPorts);
        Memory.putIntBe(tcp + TcpHeader.SEQUENCE, sequence);
        Memory.putIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT, acknowledged);
        int words = TcpHeader.BYTES << OFFSET_SHIFT;
        Memory.putIntBe(tcp + TcpHeader.DATA_OFFSET, words | flags << FLAGS_SHIFT);
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        boolean ipv6 = burst.kind[row] == PacketBurst.KIND_IPV6;
        if (!ipv6) {
            InternetChecksum.writeIpv4Header(ip);
        }
        long pseudo =
                ipv6
                        ? InternetChecksum.pseudoIpv6(ip, Ipv4Header.PROTOCOL_TCP, TcpHeader.BYTES)
                        : InternetChecksum.pseudoIpv4(ip, Ipv4Header.PROTOCOL_TCP, TcpHeader.BYTES);
        InternetChecksum.writeLayer4(pseudo, tcp, TcpHeader.BYTES, TcpHeader.CHECKSUM);
        burst.tcpFlags[row] = flags;
        burst.ports[row] = rawPorts;
    }

    private void bind(int row, int id, long record, byte direction) {
        burst.connectionId[row] = id;
        burst.connection[row] = record;
        burst.direction[row] = direction;
    }

    /** The way of the last row; without one it is taken back. */
    private boolean findWay(int row, int nowTicks) {
        long record = burst.connection[row];
        if (burst.direction[row] == PacketBurst.FROM_CLIENT) {
            int server = ConnectionLayout.serverIndex(record);
            burst.nextHop[row] = state.paths.get(server).nextHop;
            burst.mtu[row] = state.paths.mtu(server, nowTicks);
        } else {
            routeStage.routeToClient(burst, row, record);
        }
        boolean isHere = ConnectionLayout.method(record) == ConnectionLayout.METHOD_LOCAL;
        if (burst.nextHop[row] < 0 || isHere) {
            undo();
            return false;
        }
        return true;
    }

    /** xorshift64 (Marsaglia 2003). */
    private int next() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) (random >>> 16);
    }
}
