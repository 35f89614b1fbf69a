package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.nio.ByteBuffer;

/**
 * A TCP segment.
 *
 * @param sourcePort 0..65535
 * @param destinationPort 0..65535
 * @param sequence first sequence number
 * @param acknowledgment what is expected next, where ACK is set
 * @param flags FIN 1, SYN 2, RST 4, PSH 8, ACK 16
 * @param optionBytes bytes of options (NOPs), a multiple of 4
 * @param dataBytes bytes of data
 */
record TcpSegment(
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgment,
        int flags,
        int optionBytes,
        int dataBytes) {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    private static final int HEADER_BYTES = 20;
    private static final String LETTERS = "FSRPA";

    static TcpSegment parse(byte[] bytes) {
        ByteBuffer tcp = ByteBuffer.wrap(bytes);
        int header = (tcp.get(12) >> 4 & 0xF) * 4;
        return new TcpSegment(
                Short.toUnsignedInt(tcp.getShort(0)),
                Short.toUnsignedInt(tcp.getShort(2)),
                tcp.getInt(4),
                tcp.getInt(8),
                tcp.get(13) & 0x3F,
                header - HEADER_BYTES,
                bytes.length - header);
    }

    /** Flags from letters: F, S, R, P and A. */
    static int flags(String letters) {
        int flags = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            int bit = LETTERS.indexOf(letter);
            if (bit < 0) {
                throw new IllegalArgumentException(
                        "TCP flag " + letter + " is not one of " + LETTERS);
            }
            flags |= 1 << bit;
        }
        return flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Sequence numbers that it takes. */
    int span() {
        return dataBytes + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** The segment in a packet. */
    IpPacket from(Address source, Address destination) {
        int header = HEADER_BYTES + optionBytes;
        ByteBuffer tcp = ByteBuffer.allocate(header + dataBytes);
        tcp.putShort((short) sourcePort).putShort((short) destinationPort);
        tcp.putInt(sequence).putInt(acknowledgment);
        tcp.put((byte) (header / 4 << 4)).put((byte) flags).putShort((short) 0xFFFF);
        for (int i = 0; i < optionBytes; i++) {
            tcp.put(HEADER_BYTES + i, (byte) 1);
        }
        IpPacket packet = new IpPacket(source, destination, IpPacket.TCP, tcp.array());
        int checksum = Checksum.of(tcp.array(), tcp.capacity(), packet.pseudoHeaderSum());
        tcp.putShort(16, (short) checksum);
        return packet;
    }
}
