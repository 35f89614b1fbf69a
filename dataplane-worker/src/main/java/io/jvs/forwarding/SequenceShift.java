package io.jvs.forwarding;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.SequenceOffsets;
import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;

/**
 * Brings sequence and acknowledgement numbers of connections with the flag {@link
 * ConnectionLayout#SHIFTED} to what their receiver counts (nf_ct_seq_adjust), SACK blocks included
 * (RFC 2018), time stamps whose clock is not the one that the client was shown first
 * (synproxy_tstamp_adjust), the window where the ends were told other scales, and the checksum with
 * them. Constant work for a packet; one thread.
 */
final class SequenceShift {
    private static final int TCP = 6;
    private static final int MOST_WINDOW = 0xFFFF;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_SACK = 5;
    private static final int SACK_BLOCK_BYTES = 8;
    private static final int OPTION_STAMPS = 8;
    private static final int STAMPS_BYTES = 10;

    private final ConnectionExtras extras;

    SequenceShift(ConnectionExtras extras) {
        this.extras = extras;
    }

    /**
     * Changes the numbers of a row's TCP header; other protocols stay. The parser has seen to it
     * that the header is whole.
     */
    void apply(PacketBurst burst, int row) {
        if (burst.protocol[row] != TCP) {
            return;
        }
        long header = burst.data[row] + burst.layer4[row];
        long extra = extras.of(burst.connection[row]);
        int direction = burst.direction[row];
        long difference = sequence(header + TcpHeader.SEQUENCE, extra, direction);
        boolean acknowledges = (TcpHeader.flags(header) & TcpHeader.ACK) != 0;
        if (acknowledges) {
            int other = direction ^ 1;
            difference += acknowledgement(header + TcpHeader.ACKNOWLEDGEMENT, extra, other, 0);
        }
        if (TcpHeader.headerBytes(header) > TcpHeader.BYTES) {
            difference += options(header, extra, direction, acknowledges);
        }
        int scale = ExtraLayout.windowShift(extra, direction);
        if (scale != 0 && (TcpHeader.flags(header) & TcpHeader.SYN) == 0) {
            difference += window(header + TcpHeader.WINDOW, scale);
        }
        int checksum = Memory.getUnsignedShort(header + TcpHeader.CHECKSUM);
        Memory.putShort(
                header + TcpHeader.CHECKSUM, ChecksumDifference.apply(checksum, difference));
    }

    /** To the scale that the receiver was told, rounded down; gives the checksum's difference. */
    private static long window(long at, int scale) {
        int before = Memory.getUnsignedShort(at);
        int told = Memory.getUnsignedShortBe(at);
        int scaled = scale > 0 ? Math.min(MOST_WINDOW, told << scale) : told >>> -scale;
        Memory.putShortBe(at, scaled);
        return ChecksumDifference.ofShort(before, Memory.getUnsignedShort(at));
    }

    /** Gives the difference to the checksum. */
    private static long sequence(long at, long extra, int direction) {
        int before = Memory.getInt(at);
        int after =
                Integer.reverseBytes(
                        SequenceOffsets.forward(extra, direction, Integer.reverseBytes(before)));
        Memory.putInt(at, after);
        return ChecksumDifference.ofInt(before, after);
    }

    /** {@code odd}: 1 where the number begins in the second half of a 16-bit word, else 0. */
    private static long acknowledgement(long at, long extra, int direction, int odd) {
        int before = Memory.getInt(at);
        int after =
                Integer.reverseBytes(
                        SequenceOffsets.back(extra, direction, Integer.reverseBytes(before)));
        Memory.putInt(at, after);
        int turn = odd << 3;
        return ChecksumDifference.ofInt(
                Integer.rotateLeft(before, turn), Integer.rotateLeft(after, turn));
    }

    /** SACK blocks and the echoed time stamp only say something where something is acknowledged. */
    private static long options(long header, long extra, int direction, boolean acknowledges) {
        int headerBytes = TcpHeader.headerBytes(header);
        long difference = 0;
        int at = TcpHeader.BYTES;
        while (at + 1 < headerBytes) {
            int kind = Memory.getUnsignedByte(header + at);
            int bytes = kind == OPTION_NOTHING ? 1 : Memory.getUnsignedByte(header + at + 1);
            if (kind == OPTION_END || bytes < 1 || at + bytes > headerBytes) {
                return difference;
            }
            if (kind == OPTION_SACK && acknowledges) {
                difference += blocks(header, at + 2, at + bytes, extra, direction ^ 1);
            } else if (kind == OPTION_STAMPS && bytes == STAMPS_BYTES) {
                difference += stamps(header, at, extra, direction, acknowledges);
            }
            at += bytes;
        }
        return difference;
    }

    /** The server's stamps are shown to the client, and the client's echoes to the server. */
    private static long stamps(
            long header, int at, long extra, int direction, boolean acknowledges) {
        int offset = ExtraLayout.stampOffset(extra);
        if (offset == 0) {
            return 0;
        }
        if (direction == PacketBurst.FROM_SERVER) {
            return stamp(header + at + 2, offset, at & 1);
        }
        return acknowledges ? stamp(header + at + 6, -offset, at & 1) : 0;
    }

    private static long stamp(long at, int offset, int odd) {
        int before = Memory.getInt(at);
        int after = Integer.reverseBytes(Integer.reverseBytes(before) + offset);
        Memory.putInt(at, after);
        int turn = odd << 3;
        return ChecksumDifference.ofInt(
                Integer.rotateLeft(before, turn), Integer.rotateLeft(after, turn));
    }

    private static long blocks(long header, int from, int end, long extra, int direction) {
        long difference = 0;
        for (int at = from; at + SACK_BLOCK_BYTES <= end; at += SACK_BLOCK_BYTES) {
            difference += acknowledgement(header + at, extra, direction, at & 1);
            difference += acknowledgement(header + at + 4, extra, direction, at & 1);
        }
        return difference;
    }

    /**
     * Changes the sequence number of a TCP header embedded in an ICMP error back to what the sender
     * of that packet counts; the embedded checksum is that of the packet as it was sent, so it
     * changes with it.
     *
     * @param header address of the embedded TCP header, 8 bytes at least
     * @param sender direction of the embedded packet: the opposite of the row's
     * @return the difference to checksums
     */
    long embedded(long connection, long header, int sender) {
        return acknowledgement(header + TcpHeader.SEQUENCE, extras.of(connection), sender, 0);
    }
}
