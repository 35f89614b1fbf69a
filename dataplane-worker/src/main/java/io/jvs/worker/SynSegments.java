package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.HandshakeOptions;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;

/**
 * TCP segments that the SYN proxy makes: a row as it would have come in from one end of a
 * connection, so that the forwarding stage takes it to the other end. One thread.
 */
final class SynSegments {
    private static final int ETHERNET = 14;
    private static final int TTL = 64;

    /** Bytes of two IPv6 addresses. */
    private static final int ADDRESSES6 = 32;

    private final PacketBuffers buffers;

    SynSegments(PacketBuffers buffers) {
        this.buffers = buffers;
    }

    /**
     * Adds a row with a segment of {@code direction}, without options so far.
     *
     * @return the row, or -1 when there is no room
     */
    int make(PacketBurst burst, int id, long record, int direction) {
        int row = burst.count == PacketBurst.CAPACITY ? -1 : buffers.allocate(burst);
        if (row < 0) {
            return -1;
        }
        boolean ipv6 =
                direction == PacketBurst.FROM_CLIENT
                        ? ConnectionLayout.isIpv6(record)
                        : ConnectionLayout.isServerIpv6(record);
        int ipBytes = ipv6 ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        int most = ETHERNET + ipBytes + TcpHeader.BYTES + HandshakeOptions.MOST_BYTES;
        if (burst.tailroom[row] < most) {
            burst.count--;
            buffers.free(burst.handle[row]);
            return -1;
        }
        burst.port[row] = 0;
        burst.ingress[row] = 0;
        burst.connection[row] = record;
        burst.connectionId[row] = id;
        burst.direction[row] = (byte) direction;
        burst.kind[row] = ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
        burst.protocol[row] = Ipv4Header.PROTOCOL_TCP;
        burst.layer3[row] = ETHERNET;
        burst.layer4[row] = ETHERNET + ipBytes;
        writeIp(burst.data[row] + ETHERNET, record, direction, ipv6);
        writePorts(burst, row, record, direction);
        return row;
    }

    private static void writePorts(PacketBurst burst, int row, long record, int direction) {
        boolean fromClient = direction == PacketBurst.FROM_CLIENT;
        int ports =
                fromClient ? ConnectionLayout.inPorts(record) : ConnectionLayout.outPorts(record);
        burst.ports[row] = ports;
        Memory.putInt(burst.data[row] + burst.layer4[row], ports);
    }

    private static void writeIp(long ip, long record, int direction, boolean ipv6) {
        boolean fromClient = direction == PacketBurst.FROM_CLIENT;
        if (!ipv6) {
            long addresses =
                    fromClient ? ConnectionLayout.inKey4(record) : ConnectionLayout.outKey4(record);
            Ipv4Header.writeStart(ip, 0, 0, TTL, Ipv4Header.PROTOCOL_TCP);
            Memory.putShortBe(ip + Ipv4Header.FRAGMENT, Ipv4Header.DONT_FRAGMENT);
            Memory.putLong(ip + Ipv4Header.SOURCE, addresses);
            return;
        }
        Ipv6Header.writeStart(ip, 0, Ipv4Header.PROTOCOL_TCP, TTL);
        int from = fromClient ? ConnectionLayout.CLIENT : ConnectionLayout.REAL6;
        Memory.copy(record + from, ip + Ipv6Header.SOURCE, ADDRESSES6);
    }

    /** Writes everything behind the ports of a row's TCP header without options. */
    static void header(
            PacketBurst burst, int row, int sequence, int acknowledged, int flags, int window) {
        long tcp = burst.data[row] + burst.layer4[row];
        Memory.putIntBe(tcp + TcpHeader.SEQUENCE, sequence);
        Memory.putIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT, acknowledged);
        Memory.putIntBe(tcp + TcpHeader.DATA_OFFSET, TcpHeader.BYTES << 26 | flags << 16 | window);
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        burst.tcpFlags[row] = flags;
    }

    /**
     * Ends a row behind a TCP header that is {@code bytes} long: lengths and checksums. What lies
     * between IP and TCP header stays.
     */
    static void finish(PacketBurst burst, int row, int bytes) {
        long ip = burst.data[row] + burst.layer3[row];
        long tcp = burst.data[row] + burst.layer4[row];
        int end = burst.layer4[row] + bytes;
        Memory.putByte(tcp + TcpHeader.DATA_OFFSET, bytes << 2);
        burst.tailroom[row] += burst.length[row] - end;
        burst.length[row] = end;
        burst.end[row] = end;
        int ipBytes = end - burst.layer3[row];
        long pseudo;
        if (Ipv4Header.version(ip) == 6) {
            Memory.putShortBe(ip + Ipv6Header.PAYLOAD_LENGTH, ipBytes - Ipv6Header.BYTES);
            pseudo = InternetChecksum.pseudoIpv6(ip, Ipv4Header.PROTOCOL_TCP, bytes);
        } else {
            Memory.putShortBe(ip + Ipv4Header.TOTAL_LENGTH, ipBytes);
            InternetChecksum.writeIpv4Header(ip);
            pseudo = InternetChecksum.pseudoIpv4(ip, Ipv4Header.PROTOCOL_TCP, bytes);
        }
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        InternetChecksum.writeLayer4(pseudo, tcp, bytes, TcpHeader.CHECKSUM);
    }
}
