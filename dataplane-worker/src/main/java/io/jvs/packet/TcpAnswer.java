package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * What turning a TCP segment into its own answer has in common: addresses swapped, options and
 * extension headers left out, back to the MAC that it came from.
 */
final class TcpAnswer {
    private static final int TTL = 64;

    private TcpAnswer() {}

    /** Whether a row may be answered at all: no fragment, and sent to us alone. */
    static boolean isAnswerable(PacketBurst burst, int i) {
        return burst.fragment[i] == 0
                && !EthernetHeader.isGroup(EthernetHeader.destination(burst.data[i]));
    }

    static boolean isChecksumRight(PacketBurst burst, int i) {
        long tcp = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        long pseudo = pseudo(burst.data[i] + burst.layer3[i], bytes);
        return InternetChecksum.fold(pseudo + InternetChecksum.sum(tcp, bytes)) == 0xFFFF;
    }

    static void writeChecksum(long ip, long tcp, int bytes) {
        InternetChecksum.writeLayer4(pseudo(ip, bytes), tcp, bytes, TcpHeader.CHECKSUM);
    }

    private static long pseudo(long ip, int bytes) {
        return Ipv4Header.version(ip) == 6
                ? InternetChecksum.pseudoIpv6(ip, Ipv4Header.PROTOCOL_TCP, bytes)
                : InternetChecksum.pseudoIpv4(ip, Ipv4Header.PROTOCOL_TCP, bytes);
    }

    /** Writes an IP header back to the sender over the one there; gives its bytes. */
    static int turnRound(long ip, int tcpBytes) {
        return Ipv4Header.version(ip) == 6 ? turnIpv6(ip, tcpBytes) : turnIpv4(ip, tcpBytes);
    }

    private static int turnIpv4(long ip, int tcpBytes) {
        long turned = Long.rotateLeft(Ipv4Header.addresses(ip), 32);
        Ipv4Header.writeStart(ip, 0, Ipv4Header.BYTES + tcpBytes, TTL, Ipv4Header.PROTOCOL_TCP);
        Memory.putShortBe(ip + Ipv4Header.FRAGMENT, Ipv4Header.DONT_FRAGMENT);
        Memory.putLong(ip + Ipv4Header.SOURCE, turned);
        InternetChecksum.writeIpv4Header(ip);
        return Ipv4Header.BYTES;
    }

    private static int turnIpv6(long ip, int tcpBytes) {
        long high = Ipv6Header.sourceHigh(ip);
        long low = Ipv6Header.sourceLow(ip);
        Ipv6Header.writeStart(ip, tcpBytes, Ipv4Header.PROTOCOL_TCP, TTL);
        Ipv6Header.putSource(ip, Ipv6Header.destinationHigh(ip), Ipv6Header.destinationLow(ip));
        Ipv6Header.putDestination(ip, high, low);
        return Ipv6Header.BYTES;
    }

    /** Sets the columns of a row that has become its answer. */
    static void finish(PacketBurst burst, int i, int headerBytes, int tcpBytes, long mac) {
        long frame = burst.data[i];
        EthernetHeader.putAddresses(frame, EthernetHeader.source(frame), mac);
        int bytes = burst.layer3[i] + headerBytes + tcpBytes;
        burst.tailroom[i] += burst.length[i] - bytes;
        burst.layer4[i] = burst.layer3[i] + headerBytes;
        burst.length[i] = bytes;
        burst.end[i] = bytes;
        burst.nextHop[i] = PacketBurst.NEXT_HOP_DONE;
        burst.verdict[i] = Verdict.REPLIED;
    }
}
