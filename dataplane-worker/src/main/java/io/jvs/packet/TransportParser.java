package io.jvs.packet;

import io.jvs.memory.Memory;

/** Parses the transport header of a row: TCP, UDP and SCTP, over either IP version. */
final class TransportParser {
    /** Bytes of a transport header that an ICMP error embeds at least (RFC 792). */
    static final int EMBEDDED_BYTES = 8;

    private TransportParser() {}

    /** Whether a protocol has ports and is balanced. */
    static boolean isBalanced(int protocol) {
        return protocol == Ipv4Header.PROTOCOL_TCP
                || protocol == Ipv4Header.PROTOCOL_UDP
                || protocol == Ipv4Header.PROTOCOL_SCTP;
    }

    /**
     * Sets ports, flags and kind of a row with layer4, end and protocol; a row of another protocol
     * is left as it is.
     *
     * @param kind what a balanced one becomes
     */
    static void parse(PacketBurst burst, int i, byte kind) {
        int protocol = burst.protocol[i];
        if (!isBalanced(protocol)) {
            return;
        }
        long header = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        int claimed = burst.fragment[i] == 0 ? bytes : FragmentWord.MAX_BYTES;
        if (!isWhole(header, bytes, claimed, protocol)) {
            burst.verdict[i] = FragmentWord.truncated(burst.fragment[i]);
            return;
        }
        burst.kind[i] = kind;
        burst.ports[i] = Memory.getInt(header);
        if (protocol == Ipv4Header.PROTOCOL_TCP) {
            burst.tcpFlags[i] = TcpHeader.flags(header);
        } else if (protocol == Ipv4Header.PROTOCOL_SCTP) {
            burst.sctpChunk[i] = SctpHeader.decidingChunk(header, bytes);
        }
    }

    /** {@code most}: what the datagram may hold, with what other fragments bring. */
    private static boolean isWhole(long header, int bytes, int most, int protocol) {
        if (protocol == Ipv4Header.PROTOCOL_TCP) {
            return bytes >= TcpHeader.BYTES && isTcpWhole(TcpHeader.headerBytes(header), bytes);
        }
        if (protocol == Ipv4Header.PROTOCOL_UDP) {
            return bytes >= UdpHeader.BYTES && isUdpWhole(UdpHeader.length(header), most);
        }
        return bytes >= SctpHeader.BYTES;
    }

    private static boolean isTcpWhole(int headerBytes, int bytes) {
        return headerBytes >= TcpHeader.BYTES && headerBytes <= bytes;
    }

    private static boolean isUdpWhole(int length, int bytes) {
        return length >= UdpHeader.BYTES && length <= bytes;
    }
}
