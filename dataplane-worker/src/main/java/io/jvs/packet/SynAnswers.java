package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Turns a SYN into the SYN-ACK that answers it, in its own buffer: with a sequence number of the
 * caller's choice and a window of 0, so that the client sends nothing before there is a server. No
 * rate limit: who sends a SYN gets one packet that is hardly longer. One thread.
 */
public final class SynAnswers {
    private final InterfaceTable interfaces;

    /** Answers from those interfaces' MAC addresses. */
    public SynAnswers(InterfaceTable interfaces) {
        this.interfaces = interfaces;
    }

    /** Largest IP packet of the interface that a row came in by, in bytes. */
    public int mtu(PacketBurst burst, int i) {
        return interfaces.mtu(burst.ingress[i]);
    }

    /**
     * Whether row {@code i} may be answered, or be believed: whole, sent to us alone, undamaged and
     * with room for what it is to become; else it is dropped.
     */
    public boolean isSound(PacketBurst burst, int i) {
        int room = burst.length[i] + burst.tailroom[i] - burst.layer4[i];
        if (TcpAnswer.isAnswerable(burst, i)
                && TcpAnswer.isChecksumRight(burst, i)
                && room >= TcpHeader.BYTES + HandshakeOptions.MOST_BYTES) {
            return true;
        }
        burst.verdict[i] = Verdict.DROP_MALFORMED_LAYER4;
        return false;
    }

    /** Answers row {@code i}, a sound SYN; options are those that the answer offers. */
    public void answer(PacketBurst burst, int i, int sequence, HandshakeOptions options) {
        long segment = burst.data[i] + burst.layer4[i];
        int ports = Integer.rotateLeft(Memory.getInt(segment), 16);
        int acknowledged = Memory.getIntBe(segment + TcpHeader.SEQUENCE) + 1;
        long ip = burst.data[i] + burst.layer3[i];
        int ipBytes = Ipv4Header.version(ip) == 6 ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        long tcp = ip + ipBytes;
        int bytes = TcpHeader.BYTES + options.write(tcp + TcpHeader.BYTES);
        TcpAnswer.turnRound(ip, bytes);
        Memory.putInt(tcp, ports);
        Memory.putIntBe(tcp + TcpHeader.SEQUENCE, sequence);
        Memory.putIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT, acknowledged);
        int flags = TcpHeader.SYN | TcpHeader.ACK;
        Memory.putIntBe(tcp + TcpHeader.DATA_OFFSET, bytes << 26 | flags << 16);
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        TcpAnswer.writeChecksum(ip, tcp, bytes);
        TcpAnswer.finish(burst, i, ipBytes, bytes, interfaces.mac(burst.ingress[i]));
    }
}
