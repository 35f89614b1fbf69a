package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Turns a TCP segment that nobody takes into the reset that answers it, in its own buffer (RFC 9293
 * section 3.5.2, tcp_v4_send_reset): never about a reset, a fragment or a damaged segment, and
 * never more than the rate allows. The answer goes back to the MAC that the segment came from.
 * Owned by one worker's thread.
 */
public final class TcpResets {
    private static final int TTL = 64;

    private final InterfaceTable interfaces;
    private final TokenBucket rate;

    /** Resets from those interfaces' MAC addresses, at most at that rate. */
    public TcpResets(InterfaceTable interfaces, TokenBucket rate) {
        this.interfaces = interfaces;
        this.rate = rate;
    }

    /**
     * Answers row {@code i}, a TCP segment.
     *
     * @param otherwise its verdict when it may not be answered
     * @return true: REPLIED with {@link PacketBurst#NEXT_HOP_DONE}; false: dropped and unchanged
     */
    public boolean reset(PacketBurst burst, int i, byte otherwise, int nowTicks) {
        if ((burst.tcpFlags[i] & TcpHeader.RST) != 0
                || burst.fragment[i] != 0
                || EthernetHeader.isGroup(EthernetHeader.destination(burst.data[i]))) {
            burst.verdict[i] = otherwise;
            return false;
        }
        if (!isChecksumRight(burst, i)) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
            return false;
        }
        if (!rate.take(nowTicks)) {
            burst.verdict[i] = Verdict.DROP_RESET_RATE;
            return false;
        }
        write(burst, i);
        return true;
    }

    private static boolean isChecksumRight(PacketBurst burst, int i) {
        long tcp = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        long pseudo = pseudo(burst.data[i] + burst.layer3[i], bytes);
        return InternetChecksum.fold(pseudo + InternetChecksum.sum(tcp, bytes)) == 0xFFFF;
    }

    private static long pseudo(long ip, int bytes) {
        return Ipv4Header.version(ip) == 6
                ? InternetChecksum.pseudoIpv6(ip, Ipv4Header.PROTOCOL_TCP, bytes)
                : InternetChecksum.pseudoIpv4(ip, Ipv4Header.PROTOCOL_TCP, bytes);
    }

    /** Options and extension headers are left out, so the TCP header may move to the front. */
    private void write(PacketBurst burst, int i) {
        long segment = burst.data[i] + burst.layer4[i];
        int ports = Integer.rotateLeft(Memory.getInt(segment), 16);
        boolean acknowledges = (burst.tcpFlags[i] & TcpHeader.ACK) != 0;
        int sequence = acknowledges ? Memory.getIntBe(segment + TcpHeader.ACKNOWLEDGEMENT) : 0;
        int acknowledged = acknowledges ? 0 : end(burst, i, segment);
        long ip = burst.data[i] + burst.layer3[i];
        int headerBytes = Ipv4Header.version(ip) == 6 ? writeIpv6(ip) : writeIpv4(ip);
        long tcp = ip + headerBytes;
        Memory.putInt(tcp, ports);
        Memory.putIntBe(tcp + TcpHeader.SEQUENCE, sequence);
        Memory.putIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT, acknowledged);
        int flags = acknowledges ? TcpHeader.RST : TcpHeader.RST | TcpHeader.ACK;
        Memory.putIntBe(tcp + TcpHeader.DATA_OFFSET, TcpHeader.BYTES << 26 | flags << 16);
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        InternetChecksum.writeLayer4(
                pseudo(ip, TcpHeader.BYTES), tcp, TcpHeader.BYTES, TcpHeader.CHECKSUM);
        replied(burst, i, headerBytes);
    }

    /** The sequence number behind the segment: SYN and FIN count as one byte each. */
    private static int end(PacketBurst burst, int i, long segment) {
        int flags = burst.tcpFlags[i];
        int data = burst.end[i] - burst.layer4[i] - TcpHeader.headerBytes(segment);
        return Memory.getIntBe(segment + TcpHeader.SEQUENCE)
                + data
                + ((flags & TcpHeader.SYN) != 0 ? 1 : 0)
                + ((flags & TcpHeader.FIN) != 0 ? 1 : 0);
    }

    private static int writeIpv4(long ip) {
        long turned = Long.rotateLeft(Ipv4Header.addresses(ip), 32);
        int bytes = Ipv4Header.BYTES + TcpHeader.BYTES;
        Ipv4Header.writeStart(ip, 0, bytes, TTL, Ipv4Header.PROTOCOL_TCP);
        Memory.putShortBe(ip + Ipv4Header.FRAGMENT, Ipv4Header.DONT_FRAGMENT);
        Memory.putLong(ip + Ipv4Header.SOURCE, turned);
        InternetChecksum.writeIpv4Header(ip);
        return Ipv4Header.BYTES;
    }

    private static int writeIpv6(long ip) {
        long high = Ipv6Header.sourceHigh(ip);
        long low = Ipv6Header.sourceLow(ip);
        Ipv6Header.writeStart(ip, TcpHeader.BYTES, Ipv4Header.PROTOCOL_TCP, TTL);
        Ipv6Header.putSource(ip, Ipv6Header.destinationHigh(ip), Ipv6Header.destinationLow(ip));
        Ipv6Header.putDestination(ip, high, low);
        return Ipv6Header.BYTES;
    }

    private void replied(PacketBurst burst, int i, int headerBytes) {
        long frame = burst.data[i];
        EthernetHeader.putAddresses(
                frame, EthernetHeader.source(frame), interfaces.mac(burst.ingress[i]));
        int bytes = burst.layer3[i] + headerBytes + TcpHeader.BYTES;
        burst.tailroom[i] += burst.length[i] - bytes;
        burst.layer4[i] = burst.layer3[i] + headerBytes;
        burst.length[i] = bytes;
        burst.end[i] = bytes;
        burst.nextHop[i] = PacketBurst.NEXT_HOP_DONE;
        burst.verdict[i] = Verdict.REPLIED;
    }
}
