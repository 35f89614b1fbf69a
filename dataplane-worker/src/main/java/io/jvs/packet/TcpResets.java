package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Turns a TCP segment that nobody takes into the reset that answers it, in its own buffer (RFC 9293
 * section 3.5.2, tcp_v4_send_reset): never about a reset, a fragment or a damaged segment, and
 * never more than the rate allows. The answer goes back to the MAC that the segment came from.
 * Owned by one worker's thread.
 */
public final class TcpResets {
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
        if ((burst.tcpFlags[i] & TcpHeader.RST) != 0 || !TcpAnswer.isAnswerable(burst, i)) {
            burst.verdict[i] = otherwise;
            return false;
        }
        if (!TcpAnswer.isChecksumRight(burst, i)) {
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

    /** Options and extension headers are left out, so the TCP header may move to the front. */
    private void write(PacketBurst burst, int i) {
        long segment = burst.data[i] + burst.layer4[i];
        int ports = Integer.rotateLeft(Memory.getInt(segment), 16);
        boolean acknowledges = (burst.tcpFlags[i] & TcpHeader.ACK) != 0;
        int sequence = acknowledges ? Memory.getIntBe(segment + TcpHeader.ACKNOWLEDGEMENT) : 0;
        int acknowledged = acknowledges ? 0 : end(burst, i, segment);
        long ip = burst.data[i] + burst.layer3[i];
        int headerBytes = TcpAnswer.turnRound(ip, TcpHeader.BYTES);
        long tcp = ip + headerBytes;
        Memory.putInt(tcp, ports);
        Memory.putIntBe(tcp + TcpHeader.SEQUENCE, sequence);
        Memory.putIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT, acknowledged);
        int flags = acknowledges ? TcpHeader.RST : TcpHeader.RST | TcpHeader.ACK;
        Memory.putIntBe(tcp + TcpHeader.DATA_OFFSET, TcpHeader.BYTES << 26 | flags << 16);
        Memory.putInt(tcp + TcpHeader.CHECKSUM, 0);
        TcpAnswer.writeChecksum(ip, tcp, TcpHeader.BYTES);
        TcpAnswer.finish(burst, i, headerBytes, TcpHeader.BYTES, interfaces.mac(burst.ingress[i]));
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
}
