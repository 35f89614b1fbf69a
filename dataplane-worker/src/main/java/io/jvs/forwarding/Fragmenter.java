package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Cuts a packet that is larger than the way out: the row keeps the first piece, the others are rows
 * at the end of the burst with the same next hop (RFC 791 section 3.2, ip_do_fragment; RFC 8200
 * section 4.5, ip6_fragment). Only IPv6 packets that begin here (tunnels) may be cut.
 */
final class Fragmenter {
    private static final int FRAGMENT_HEADER_BYTES = 8;
    private static final int COPIED_OPTION = 0x80;
    private static final int OPTION_NO_OPERATION = 1;

    private final PacketBuffers buffers;
    private int identification;

    /** Creates it; {@code firstIdentification} is the first 32-bit IPv6 identification. */
    Fragmenter(PacketBuffers buffers, int firstIdentification) {
        this.buffers = buffers;
        this.identification = firstIdentification;
    }

    /**
     * Cuts an IPv4 packet over the MTU; the row is dropped when there is no room for the pieces.
     */
    void ipv4(PacketBurst burst, int row) {
        long header = burst.data[row] + burst.layer3[row];
        int headerBytes = Ipv4Header.headerBytes(header);
        int word = Ipv4Header.fragment(header);
        int first = split(burst, row, headerBytes);
        if (first < 0) {
            return;
        }
        int offset = word & Ipv4Header.OFFSET_MASK;
        int last = word & Ipv4Header.MORE_FRAGMENTS;
        offset += finishIpv4(burst, row, headerBytes, Ipv4Header.MORE_FRAGMENTS | offset);
        for (int piece = first; piece < burst.count; piece++) {
            int flags = piece + 1 < burst.count ? Ipv4Header.MORE_FRAGMENTS : last;
            blankOptions(burst.data[piece] + burst.layer3[piece], headerBytes);
            offset += finishIpv4(burst, piece, headerBytes, flags | offset);
        }
    }

    /** Writes length, fragment word and checksum; gives the payload in units of 8 bytes. */
    private static int finishIpv4(PacketBurst burst, int row, int headerBytes, int word) {
        long header = burst.data[row] + burst.layer3[row];
        int bytes = burst.end[row] - burst.layer3[row];
        Memory.putShortBe(header + Ipv4Header.TOTAL_LENGTH, bytes);
        Memory.putShortBe(header + Ipv4Header.FRAGMENT, word);
        InternetChecksum.writeIpv4Header(header);
        return bytes - headerBytes >>> 3;
    }

    /** Options that only the first piece carries become no-operations (ip_options_fragment). */
    private static void blankOptions(long header, int headerBytes) {
        int at = Ipv4Header.BYTES;
        while (at < headerBytes) {
            int type = Memory.getUnsignedByte(header + at);
            if (type == 0) {
                return;
            }
            int left = headerBytes - at;
            int bytes = type == OPTION_NO_OPERATION || left < 2 ? 1 : optionBytes(header + at);
            if (bytes > left) {
                return;
            }
            if ((type & COPIED_OPTION) == 0) {
                Memory.fill(header + at, bytes, OPTION_NO_OPERATION);
            }
            at += bytes;
        }
    }

    private static int optionBytes(long option) {
        return Math.max(2, Memory.getUnsignedByte(option + 1));
    }

    /** Cuts an IPv6 packet over the MTU whose first header is followed by the payload. */
    void ipv6(PacketBurst burst, int row) {
        if (burst.headroom[row] < FRAGMENT_HEADER_BYTES) {
            burst.verdict[row] = Verdict.DROP_NO_HEADROOM;
            return;
        }
        insertFragmentHeader(burst, row);
        int headerBytes = Ipv6Header.BYTES + FRAGMENT_HEADER_BYTES;
        int first = split(burst, row, headerBytes);
        if (first < 0) {
            return;
        }
        int offset = finishIpv6(burst, row, 0, true);
        for (int piece = first; piece < burst.count; piece++) {
            offset += finishIpv6(burst, piece, offset, piece + 1 < burst.count);
        }
    }

    private void insertFragmentHeader(PacketBurst burst, int row) {
        int front = burst.layer3[row] + Ipv6Header.BYTES;
        burst.moveStart(row, -FRAGMENT_HEADER_BYTES);
        burst.end[row] += FRAGMENT_HEADER_BYTES;
        long data = burst.data[row];
        Memory.copy(data + FRAGMENT_HEADER_BYTES, data, front);
        long header = data + burst.layer3[row];
        int next = Ipv6Header.nextHeader(header);
        Memory.putByte(header + Ipv6Header.NEXT_HEADER, Ipv6Header.NEXT_FRAGMENT);
        Memory.putIntBe(header + Ipv6Header.BYTES, next << 24);
        Memory.putIntBe(header + Ipv6Header.BYTES + 4, identification++);
    }

    /** Writes payload length and offset; gives the payload in bytes. */
    private static int finishIpv6(PacketBurst burst, int row, int offset, boolean more) {
        long header = burst.data[row] + burst.layer3[row];
        int payload = burst.end[row] - burst.layer3[row] - Ipv6Header.BYTES;
        Memory.putShortBe(header + Ipv6Header.PAYLOAD_LENGTH, payload);
        Memory.putShortBe(header + Ipv6Header.BYTES + 2, offset | (more ? 1 : 0));
        return payload - FRAGMENT_HEADER_BYTES;
    }

    /**
     * Copies what is over to new rows and shortens the row.
     *
     * @return the first new row, or -1 when the row was dropped
     */
    private int split(PacketBurst burst, int row, int headerBytes) {
        int front = burst.layer3[row] + headerBytes;
        int chunk = burst.mtu[row] - headerBytes & ~7;
        int payload = burst.end[row] - front;
        if (chunk <= 0) {
            burst.verdict[row] = Verdict.DROP_TOO_BIG;
            return -1;
        }
        int first = burst.count;
        for (int from = chunk; from < payload; from += chunk) {
            int piece = allocate(burst, front + chunk);
            if (piece < 0) {
                giveBack(burst, first);
                burst.verdict[row] = Verdict.DROP_NO_BUFFER;
                return -1;
            }
            copyColumns(burst, row, piece);
            fill(burst, row, piece, front, from, Math.min(chunk, payload - from));
        }
        shorten(burst, row, front + chunk);
        return first;
    }

    private int allocate(PacketBurst burst, int bytes) {
        if (burst.count == PacketBurst.CAPACITY) {
            return -1;
        }
        int piece = buffers.allocate(burst);
        if (piece >= 0 && burst.tailroom[piece] < bytes) {
            giveBack(burst, piece);
            return -1;
        }
        return piece;
    }

    private void giveBack(PacketBurst burst, int first) {
        while (burst.count > first) {
            burst.count--;
            buffers.free(burst.handle[burst.count]);
        }
    }

    /** The columns of a new row; it belongs to no connection: the packet was counted once. */
    static void copyColumns(PacketBurst burst, int row, int piece) {
        burst.port[piece] = burst.port[row];
        burst.ingress[piece] = burst.ingress[row];
        burst.kind[piece] = burst.kind[row];
        burst.layer3[piece] = burst.layer3[row];
        burst.layer4[piece] = burst.layer4[row];
        burst.protocol[piece] = burst.protocol[row];
        burst.direction[piece] = burst.direction[row];
        burst.nextHop[piece] = burst.nextHop[row];
        burst.mtu[piece] = burst.mtu[row];
        burst.connection[piece] = 0;
        burst.verdict[piece] = burst.verdict[row];
    }

    private static void fill(
            PacketBurst burst, int row, int piece, int front, int from, int bytes) {
        long source = burst.data[row];
        long target = burst.data[piece];
        Memory.copy(source, target, front);
        Memory.copy(source + front + from, target + front, bytes);
        burst.end[piece] = front + bytes;
        burst.length[piece] = front + bytes;
        burst.tailroom[piece] -= front + bytes;
    }

    private static void shorten(PacketBurst burst, int row, int end) {
        burst.tailroom[row] += burst.length[row] - end;
        burst.end[row] = end;
        burst.length[row] = end;
    }
}
