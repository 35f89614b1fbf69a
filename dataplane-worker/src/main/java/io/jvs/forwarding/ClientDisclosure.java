package io.jvs.forwarding;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.SequenceOffsets;
import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.service.ClientAddress;

/**
 * Tells real servers their client's address, for connections with {@link
 * ConnectionLayout#TELLS_CLIENT}; docs/design/014-client-address.md. TOA and UOA ride in the
 * client's own packets. A PROXY header is data that the client never sent: it goes out with every
 * segment that begins at the client's first byte until the server has acknowledged it, so that the
 * client's own retransmission repairs its loss; everything behind it is shifted ({@link
 * SequenceOffsets}). One thread; nothing here allocates or throws after construction.
 */
final class ClientDisclosure implements AutoCloseable {
    private static final int TOA = ClientAddress.TOA.code();
    private static final int UOA = ClientAddress.UOA.code();
    private static final int UOA_DATAGRAMS = 3;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_MSS = 2;
    private static final int MSS_BYTES = 4;
    private static final int PUSH = 0x08;
    private static final int FROM_CLIENT = PacketBurst.FROM_CLIENT;

    private final ConnectionExtras extras;
    private final ServerPaths paths;
    private final PacketBuffers buffers;
    private final ProxyHeader proxyHeader = new ProxyHeader();
    private long missed;

    ClientDisclosure(ConnectionExtras extras, ServerPaths paths, PacketBuffers buffers) {
        this.extras = extras;
        this.paths = paths;
        this.buffers = buffers;
    }

    /** Packets that had no room for what should have been told. */
    long missed() {
        return missed;
    }

    /** What has to be seen in the numbers that the row's sender uses. */
    void before(PacketBurst burst, int row, int nowTicks) {
        long record = burst.connection[row];
        long extra = extras.of(record);
        int kind = ExtraLayout.disclosure(extra);
        if (kind == 0 || kind == UOA || burst.protocol[row] != Ipv4Header.PROTOCOL_TCP) {
            return;
        }
        long tcp = burst.data[row] + burst.layer4[row];
        int flags = TcpHeader.flags(tcp);
        int sequence = Memory.getIntBe(tcp + TcpHeader.SEQUENCE);
        if (burst.direction[row] == FROM_CLIENT) {
            // In the middle of a connection a SYN changes nothing, whoever sent it
            if ((flags & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN
                    && ConnectionLayout.state(record) == ConnectionState.SYN_RECV) {
                begin(record, extra, kind, sequence + 1);
            }
        } else if ((flags & TcpHeader.SYN) != 0) {
            ExtraLayout.setFirstServerByte(extra, sequence + 1);
            ExtraLayout.set(extra, ExtraLayout.SERVER_BEGAN);
            if (kind == TOA) {
                clampMss(burst, row, tcp, nowTicks);
            }
        } else if (kind != TOA && (flags & TcpHeader.ACK) != 0) {
            hear(record, extra, Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT));
        }
    }

    /** A SYN: of a new connection, or once more. */
    private void begin(long record, long extra, int kind, int first) {
        boolean again =
                ExtraLayout.has(extra, ExtraLayout.CLIENT_BEGAN)
                        && ExtraLayout.firstClientByte(extra) == first;
        if (again) {
            return;
        }
        ExtraLayout.setFirstClientByte(extra, first);
        ExtraLayout.clear(extra, ExtraLayout.SERVER_BEGAN | ExtraLayout.CLIENT_TOLD);
        ExtraLayout.set(extra, ExtraLayout.CLIENT_BEGAN);
        ConnectionLayout.set(record, ConnectionLayout.TELLS_CLIENT);
        if (kind != TOA) {
            SequenceOffsets.begin(record, extra, FROM_CLIENT, first, 0);
            int bytes = proxyHeader.write(record, kind);
            SequenceOffsets.change(record, extra, FROM_CLIENT, first, bytes);
        }
    }

    /** Once the server has the PROXY header only the shift is left. */
    private static void hear(long record, long extra, int acknowledgement) {
        int bytes = SequenceOffsets.growth(extra, FROM_CLIENT);
        int first = ExtraLayout.firstClientByte(extra);
        if (ExtraLayout.has(extra, ExtraLayout.CLIENT_TOLD)
                && ConnectionLayout.has(record, ConnectionLayout.TELLS_CLIENT)
                && acknowledgement - first - bytes >= 0) {
            SequenceOffsets.begin(record, extra, FROM_CLIENT, first, bytes);
            ConnectionLayout.clear(record, ConnectionLayout.TELLS_CLIENT);
        }
    }

    /**
     * A packet of the client whose numbers are the server's already.
     *
     * @return the row of a packet that must follow it, or -1
     */
    int tell(PacketBurst burst, int row) {
        long record = burst.connection[row];
        long extra = extras.of(record);
        int kind = ExtraLayout.disclosure(extra);
        int protocol = burst.protocol[row];
        if (kind == UOA) {
            if (isDue(burst, row) && !ConnectionLayout.isMixed(record)) {
                count(ClientOption.insertUoa(burst, row));
            }
            return -1;
        }
        if (protocol != Ipv4Header.PROTOCOL_TCP
                || !ExtraLayout.has(extra, ExtraLayout.CLIENT_BEGAN)) {
            return -1;
        }
        if (kind == TOA) {
            tellByOption(burst, row, extra);
            return -1;
        }
        return tellByHeader(burst, row, extra, kind);
    }

    /** A packet of the client that has the server's IP version already. */
    void tellTranslated(PacketBurst burst, int row) {
        if (ExtraLayout.disclosure(extras.of(burst.connection[row])) == UOA && isDue(burst, row)) {
            count(ClientOption.insertTranslatedUoa(burst, row));
        }
    }

    /** Whether it is one of the datagrams that UOA is for. */
    private static boolean isDue(PacketBurst burst, int row) {
        return burst.protocol[row] == Ipv4Header.PROTOCOL_UDP
                && ConnectionLayout.packets(burst.connection[row]) <= UOA_DATAGRAMS;
    }

    private void count(boolean told) {
        missed += told ? 0 : 1;
    }

    private void tellByOption(PacketBurst burst, int row, long extra) {
        long tcp = burst.data[row] + burst.layer4[row];
        int flags = TcpHeader.flags(tcp);
        boolean first =
                (flags & (TcpHeader.SYN | TcpHeader.RST | TcpHeader.ACK)) == TcpHeader.ACK
                        && ExtraLayout.has(extra, ExtraLayout.SERVER_BEGAN)
                        && Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT)
                                == ExtraLayout.firstServerByte(extra);
        if (first) {
            count(burst.fragment[row] == 0 && ClientOption.insertToa(burst, row));
        }
    }

    private int tellByHeader(PacketBurst burst, int row, long extra, int kind) {
        long tcp = burst.data[row] + burst.layer4[row];
        int first = ExtraLayout.firstClientByte(extra);
        int flags = TcpHeader.flags(tcp);
        if (Memory.getIntBe(tcp + TcpHeader.SEQUENCE) != first || (flags & TcpHeader.SYN) != 0) {
            return -1;
        }
        if ((flags & TcpHeader.RST) != 0 || (flags & TcpHeader.ACK) == 0) {
            if (ExtraLayout.has(extra, ExtraLayout.CLIENT_TOLD)) {
                shift(burst, row, SequenceOffsets.growth(extra, FROM_CLIENT));
            }
            return -1;
        }
        int bytes = proxyHeader.write(burst.connection[row], kind);
        int data = burst.end[row] - burst.layer4[row] - TcpHeader.headerBytes(tcp);
        if (data == 0 && (flags & TcpHeader.FIN) == 0) {
            if (append(burst, row, bytes)) {
                ExtraLayout.set(extra, ExtraLayout.CLIENT_TOLD);
            }
            return -1;
        }
        int made = putInFront(burst, row, bytes);
        if (made >= 0) {
            ExtraLayout.set(extra, ExtraLayout.CLIENT_TOLD);
        }
        return made;
    }

    /** The data that follows an unsent header: the header's place must stay free. */
    private static void shift(PacketBurst burst, int row, int bytes) {
        long tcp = burst.data[row] + burst.layer4[row];
        int before = Memory.getInt(tcp + TcpHeader.SEQUENCE);
        int after = Integer.reverseBytes(Integer.reverseBytes(before) + bytes);
        Memory.putInt(tcp + TcpHeader.SEQUENCE, after);
        long difference = ChecksumDifference.ofInt(before, after);
        ClientOption.updateTcpChecksum(burst, row, 0, difference);
    }

    /** An acknowledgement without data carries the header itself. */
    private boolean append(PacketBurst burst, int row, int bytes) {
        int room = burst.tailroom[row] + burst.length[row] - burst.end[row];
        if (room < bytes || PacketRoom.bytes(burst, row) < bytes || burst.fragment[row] != 0) {
            missed++;
            return false;
        }
        long tcp = burst.data[row] + burst.layer4[row];
        long target = burst.data[row] + burst.end[row];
        Memory.copy(proxyHeader.address(), target, bytes);
        long difference = InternetChecksum.sum(target, bytes) + push(tcp);
        burst.end[row] += bytes;
        burst.tailroom[row] += burst.length[row] - burst.end[row];
        burst.length[row] = burst.end[row];
        ClientOption.lengthen(burst, row, bytes);
        ClientOption.updateTcpChecksum(burst, row, bytes, difference);
        return true;
    }

    /** Sets PSH; gives the difference to the checksum. */
    private static long push(long tcp) {
        int before = Memory.getUnsignedShort(tcp + TcpHeader.DATA_OFFSET);
        int after = before | PUSH << 8;
        Memory.putShort(tcp + TcpHeader.DATA_OFFSET, after);
        return ChecksumDifference.ofShort(before, after);
    }

    /**
     * Gives a header a packet of its own in front of the client's data: the row becomes the
     * header's, a new one the data's.
     *
     * @return the new row; -1 when there is no buffer, and then the row is the data's
     */
    private int putInFront(PacketBurst burst, int row, int bytes) {
        // A fragment's header would make the packet that is put in front of it one, too.
        boolean can = burst.count < PacketBurst.CAPACITY && burst.fragment[row] == 0;
        int made = can ? buffers.allocate(burst) : -1;
        long tcp = burst.data[row] + burst.layer4[row];
        int front = burst.layer4[row] + TcpHeader.headerBytes(tcp);
        if (made >= 0 && burst.tailroom[made] < front + bytes) {
            burst.count--;
            buffers.free(burst.handle[burst.count]);
            made = -1;
        }
        if (made < 0) {
            missed++;
            shift(burst, row, bytes);
            return -1;
        }
        Fragmenter.copyColumns(burst, row, made);
        burst.connection[made] = burst.connection[row];
        long target = burst.data[made];
        Memory.copy(burst.data[row], target, front);
        Memory.copy(proxyHeader.address(), target + front, bytes);
        burst.end[made] = front + bytes;
        burst.length[made] = front + bytes;
        burst.tailroom[made] -= front + bytes;
        finishHeader(burst, made);
        shift(burst, row, bytes);
        swapBuffers(burst, row, made);
        return made;
    }

    private static void finishHeader(PacketBurst burst, int made) {
        long tcp = burst.data[made] + burst.layer4[made];
        int flags = TcpHeader.flags(tcp) & ~TcpHeader.FIN | PUSH;
        Memory.putByte(tcp + TcpHeader.FLAGS, flags);
        long header = burst.data[made] + burst.layer3[made];
        int bytes = burst.end[made] - burst.layer3[made];
        int length = burst.end[made] - burst.layer4[made];
        long pseudo;
        if (ConnectionLayout.isIpv6(burst.connection[made])) {
            Memory.putShortBe(header + Ipv6Header.PAYLOAD_LENGTH, bytes - Ipv6Header.BYTES);
            pseudo = InternetChecksum.pseudoIpv6(header, Ipv4Header.PROTOCOL_TCP, length);
        } else {
            Memory.putShortBe(header + Ipv4Header.TOTAL_LENGTH, bytes);
            InternetChecksum.writeIpv4Header(header);
            pseudo = InternetChecksum.pseudoIpv4(header, Ipv4Header.PROTOCOL_TCP, length);
        }
        InternetChecksum.writeLayer4(pseudo, tcp, length, TcpHeader.CHECKSUM);
    }

    /** So that the header leaves first. */
    private static void swapBuffers(PacketBurst burst, int a, int b) {
        long handle = burst.handle[a];
        long data = burst.data[a];
        int length = burst.length[a];
        int headroom = burst.headroom[a];
        int tailroom = burst.tailroom[a];
        int end = burst.end[a];
        burst.handle[a] = burst.handle[b];
        burst.data[a] = burst.data[b];
        burst.length[a] = burst.length[b];
        burst.headroom[a] = burst.headroom[b];
        burst.tailroom[a] = burst.tailroom[b];
        burst.end[a] = burst.end[b];
        burst.handle[b] = handle;
        burst.data[b] = data;
        burst.length[b] = length;
        burst.headroom[b] = headroom;
        burst.tailroom[b] = tailroom;
        burst.end[b] = end;
    }

    /** So that the client's segments have room for the option on the way to the server. */
    private void clampMss(PacketBurst burst, int row, long tcp, int nowTicks) {
        long record = burst.connection[row];
        int ip = ConnectionLayout.isServerIpv6(record) ? Ipv6Header.BYTES : Ipv4Header.BYTES;
        int mtu = paths.mtu(ConnectionLayout.serverIndex(record), nowTicks);
        int most = mtu - ip - TcpHeader.BYTES - ClientOption.bytes(record);
        int headerBytes = TcpHeader.headerBytes(tcp);
        int at = TcpHeader.BYTES;
        while (at + 1 < headerBytes) {
            int kind = Memory.getUnsignedByte(tcp + at);
            int bytes = kind == OPTION_NOTHING ? 1 : Memory.getUnsignedByte(tcp + at + 1);
            if (kind == OPTION_END || bytes < 1 || at + bytes > headerBytes) {
                return;
            }
            if (kind == OPTION_MSS && bytes == MSS_BYTES) {
                lower(burst, row, tcp + at + 2, most, at & 1);
                return;
            }
            at += bytes;
        }
    }

    private static void lower(PacketBurst burst, int row, long at, int most, int odd) {
        int before = Memory.getUnsignedShortBe(at);
        if (before <= most) {
            return;
        }
        Memory.putShortBe(at, most);
        // A word that begins at an odd place adds its bytes swapped (RFC 1071, section 2).
        long difference =
                odd == 0
                        ? ChecksumDifference.ofShort(swap(before), swap(most))
                        : ChecksumDifference.ofShort(before, most);
        ClientOption.updateTcpChecksum(burst, row, 0, difference);
    }

    private static int swap(int number) {
        return Short.toUnsignedInt(Short.reverseBytes((short) number));
    }

    @Override
    public void close() {
        proxyHeader.close();
    }
}
