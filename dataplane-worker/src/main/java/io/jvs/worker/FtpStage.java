package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.SequenceOffsets;
import io.jvs.forwarding.PacketRoom;
import io.jvs.memory.Memory;
import io.jvs.packet.AsciiBuffer;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;

/**
 * Stage 7b: reads the commands and answers of FTP control connections, expects the data connections
 * that they agree upon, and puts the addresses in that the other side can reach (ip_vs_ftp.c,
 * nf_nat_ftp.c). Between routing, which knows the MTU, and forwarding. Packets of other connections
 * cost one look at their flags. One thread.
 */
final class FtpStage {
    private static final int TCP = 6;
    private static final int ATTENDED = ConnectionLayout.READS_FTP | ConnectionLayout.HALF_KNOWN;
    private static final int FIRST_USER_PORT = 1024;

    /** Flag of the auxiliary record: PASV was sent, 227 may come. */
    private static final int ASKED_PASSIVE = 1;

    /** Flag of the auxiliary record: EPSV was sent, 229 may come. */
    private static final int ASKED_EXTENDED = 1 << 1;

    /** Flag, shifted by the direction: lineStart is known. */
    private static final int LINE_KNOWN = 1 << 2;

    /** Flag, shifted by the direction: the last change of the numbers is a text written here. */
    private static final int WRITTEN = 1 << 4;

    /** Flag: the passive answer that was written last is a 227 made of a 229. */
    private static final int ANSWERED_OLD = 1 << 6;

    /** All flags of FTP. */
    private static final int ALL = 0xFF;

    private final WorkerState state;
    private final ExpectedConnections expected;
    private final FtpLine line = new FtpLine();
    private final AsciiBuffer buffer = new AsciiBuffer();

    // The segment that is being read.
    private long record;
    private int id;
    private long extra;
    private int direction;
    private int sequence;
    private long data;
    private int growth;
    private boolean isWritten;
    private int nowTicks;

    FtpStage(WorkerState state) {
        this.state = state;
        this.expected = state.expected;
    }

    /** Looks at the rows that have a connection and no verdict. */
    void take(PacketBurst burst, int ticks) {
        nowTicks = ticks;
        for (int i = 0; i < burst.count; i++) {
            long connection = burst.connection[i];
            if (connection != 0
                    && burst.verdict[i] == Verdict.NONE
                    && ConnectionLayout.has(connection, ATTENDED)) {
                takeRow(burst, i, connection);
            }
        }
    }

    private void takeRow(PacketBurst burst, int i, long connection) {
        if (ConnectionLayout.has(connection, ConnectionLayout.HALF_KNOWN)) {
            // From the other end than the one that is to begin.
            burst.verdict[i] = Verdict.DROP_NO_CONNECTION;
            return;
        }
        if (burst.protocol[i] != TCP
                || PacketBurst.isError(burst.kind[i])
                || burst.fragment[i] != 0) {
            return;
        }
        long header = burst.data[i] + burst.layer4[i];
        record = connection;
        id = burst.connectionId[i];
        direction = burst.direction[i];
        sequence = Memory.getIntBe(header + TcpHeader.SEQUENCE);
        data = header + TcpHeader.headerBytes(header);
        int now = ConnectionLayout.state(connection);
        if ((burst.tcpFlags[i] & TcpHeader.SYN) != 0) {
            if (now == ConnectionState.SYN_RECV) {
                begin();
            }
        } else if (now == ConnectionState.ESTABLISHED
                && data < burst.data[i] + burst.end[i]
                && isWhole(burst, i)) {
            read(burst, i);
        }
    }

    /** The first line begins behind the SYN; an older session of the same record is over. */
    private void begin() {
        extra = state.extras.attach(record);
        if (extra == 0) {
            return;
        }
        if (direction == PacketBurst.FROM_CLIENT) {
            if (ExtraLayout.has(extra, WRITTEN | WRITTEN << 1)) {
                SequenceOffsets.reset(record, extra);
            }
            ExtraLayout.clear(extra, ALL);
        }
        ExtraLayout.setLineStart(extra, direction, sequence + 1);
        ExtraLayout.set(extra, LINE_KNOWN << direction);
    }

    /** The server's first line begins there: its SYN was answered by the SYN proxy. */
    static void beginServer(long extra, int sequence) {
        ExtraLayout.setLineStart(extra, PacketBurst.FROM_SERVER, sequence);
        ExtraLayout.set(extra, LINE_KNOWN << PacketBurst.FROM_SERVER);
    }

    /** A damaged segment is not for reading: its receiver will not either. */
    private static boolean isWhole(PacketBurst burst, int i) {
        long layer4 = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        return InternetChecksum.fold(pseudo(burst, i) + InternetChecksum.sum(layer4, bytes))
                == 0xFFFF;
    }

    private static long pseudo(PacketBurst burst, int i) {
        long header = burst.data[i] + burst.layer3[i];
        int bytes = burst.end[i] - burst.layer4[i];
        return burst.kind[i] == PacketBurst.KIND_IPV4
                ? InternetChecksum.pseudoIpv4(header, TCP, bytes)
                : InternetChecksum.pseudoIpv6(header, TCP, bytes);
    }

    private void read(PacketBurst burst, int i) {
        extra = state.extras.attach(record);
        if (extra == 0) {
            state.counters.countFtpUntouched();
            return;
        }
        long end = burst.data[i] + burst.end[i];
        boolean atStart = isLineStart();
        noteLines(end);
        growth = 0;
        isWritten = false;
        long at = data;
        while (at < end && burst.verdict[i] == Verdict.NONE) {
            long feed = lineFeed(at, end);
            int before = growth;
            if (atStart) {
                readLine(burst, i, at, feed, feed < end);
            }
            atStart = true;
            at = feed + 1 + growth - before;
            end += growth - before;
        }
    }

    /** Whether the segment begins with a line, as far as is known. */
    private boolean isLineStart() {
        return ExtraLayout.has(extra, LINE_KNOWN << direction)
                        && sequence == ExtraLayout.lineStart(extra, direction)
                || isRepeated(sequence);
    }

    /** Whether the line there was changed by us before: it must be changed again, just so. */
    private boolean isRepeated(int lineSequence) {
        return ExtraLayout.has(extra, WRITTEN << direction)
                && lineSequence == SequenceOffsets.position(extra, direction);
    }

    private void noteLines(long end) {
        long at = end;
        while (at > data && Memory.getByte(at - 1) != '\n') {
            at--;
        }
        int start = sequence + (int) (at - data);
        boolean known = ExtraLayout.has(extra, LINE_KNOWN << direction);
        if (at > data && (!known || start - ExtraLayout.lineStart(extra, direction) > 0)) {
            ExtraLayout.setLineStart(extra, direction, start);
            ExtraLayout.set(extra, LINE_KNOWN << direction);
        }
    }

    /** The next line feed, or {@code end}. */
    private static long lineFeed(long from, long end) {
        long at = from;
        while (at < end && Memory.getByte(at) != '\n') {
            at++;
        }
        return at;
    }

    private void readLine(PacketBurst burst, int i, long at, long feed, boolean whole) {
        boolean fromClient = direction == PacketBurst.FROM_CLIENT;
        int kind = line.read(at, feed, fromClient);
        int lineSequence = sequence + (int) (at - data) - growth;
        if (kind == FtpLine.ASK_PASSIVE || kind == FtpLine.ASK_EXTENDED) {
            ask(burst, i, kind, lineSequence);
        } else if (kind != FtpLine.OTHER) {
            boolean done = whole && kind != FtpLine.BROKEN;
            if (done) {
                done =
                        fromClient
                                ? active(burst, i, kind, lineSequence)
                                : passive(burst, i, kind, lineSequence);
            }
            if (!done) {
                refuse(burst, i, lineSequence);
            }
        }
    }

    /** PASV or EPSV. A server of IPv6 does not know what the first one asks for. */
    private void ask(PacketBurst burst, int i, int kind, int lineSequence) {
        boolean passive = kind == FtpLine.ASK_PASSIVE;
        if (passive && ConnectionLayout.isMixed(record) && !ConnectionLayout.isIpv6(record)) {
            line.become(FtpLine.ASK_EXTENDED, kind, false);
            if (!write(burst, i, FtpLine.ASK_EXTENDED, record, 0, lineSequence)) {
                refuse(burst, i, lineSequence);
                return;
            }
        }
        if (ConnectionLayout.isMixed(record)) {
            ExtraLayout.clear(extra, ASKED_PASSIVE | ASKED_EXTENDED);
        }
        ExtraLayout.set(extra, passive ? ASKED_PASSIVE : ASKED_EXTENDED);
    }

    private void refuse(PacketBurst burst, int i, int lineSequence) {
        if (isRepeated(lineSequence)) {
            burst.verdict[i] = Verdict.DROP_FTP_REPEAT;
        } else {
            state.counters.countFtpUntouched();
        }
    }

    /** PORT or EPRT: false when it stays as it is. */
    private boolean active(PacketBurst burst, int i, int kind, int lineSequence) {
        if (!isAddress(ConnectionLayout.CLIENT, ConnectionLayout.CLIENT)) {
            return false;
        }
        int connection = expected.active(record, id, line.port, nowTicks);
        if (connection == 0) {
            return false;
        }
        if (ConnectionLayout.method(record) != ConnectionLayout.METHOD_FULLNAT) {
            return true;
        }
        long made = state.table.address(connection);
        int port = Short.reverseBytes((short) (ConnectionLayout.outPorts(made) >>> 16)) & 0xFFFF;
        int form = ConnectionLayout.isMixed(record) ? FtpLine.ACTIVE_EXTENDED : kind;
        line.become(form, kind, ConnectionLayout.isServerIpv6(record));
        return write(burst, i, form, made + local(made), port, lineSequence);
    }

    private static int local(long made) {
        if (ConnectionLayout.isServerIpv6(made)) {
            return ConnectionLayout.LOCAL6;
        }
        return ConnectionLayout.isMixed(made)
                ? ConnectionLayout.LOCAL_MIXED4
                : ConnectionLayout.LOCAL4;
    }

    /** 227 or 229: false when it stays as it is, although it was asked for. */
    private boolean passive(PacketBurst burst, int i, int kind, int lineSequence) {
        if (ConnectionLayout.isMixed(record)) {
            return passiveMixed(burst, i, kind, lineSequence);
        }
        boolean repeated = isRepeated(lineSequence);
        int asked = kind == FtpLine.PASSIVE ? ASKED_PASSIVE : ASKED_EXTENDED;
        if (!repeated && !ExtraLayout.has(extra, asked)) {
            return true;
        }
        if (line.port < FIRST_USER_PORT || kind == FtpLine.PASSIVE && !isServer()) {
            return false;
        }
        int port =
                repeated
                        ? ExtraLayout.passivePort(extra)
                        : expected.passive(record, id, line.port, nowTicks);
        if (port == 0) {
            return false;
        }
        boolean same = port == line.port && (kind == FtpLine.PASSIVE_EXTENDED || isVirtual());
        if (!same
                && !write(burst, i, kind, record + ConnectionLayout.VIRTUAL4, port, lineSequence)) {
            return false;
        }
        ExtraLayout.clear(extra, asked);
        ExtraLayout.setPassivePort(extra, port);
        return true;
    }

    /**
     * The same between IP versions: a 227 names an address that the client cannot have; a 229 is
     * for those who asked for it, and becomes a 227 for those who said PASV.
     */
    private boolean passiveMixed(PacketBurst burst, int i, int kind, int lineSequence) {
        boolean repeated = isRepeated(lineSequence);
        if (!repeated && !ExtraLayout.has(extra, ASKED_PASSIVE | ASKED_EXTENDED)) {
            return true;
        }
        if (kind == FtpLine.PASSIVE || line.port < FIRST_USER_PORT) {
            return false;
        }
        boolean old = ExtraLayout.has(extra, repeated ? ANSWERED_OLD : ASKED_PASSIVE);
        int port =
                repeated
                        ? ExtraLayout.passivePort(extra)
                        : expected.passive(record, id, line.port, nowTicks);
        int form = old ? FtpLine.PASSIVE : kind;
        boolean same = port == line.port && form == kind;
        if (port == 0) {
            return false;
        }
        line.become(form, kind, false);
        if (!same
                && !write(burst, i, form, record + ConnectionLayout.VIRTUAL4, port, lineSequence)) {
            return false;
        }
        ExtraLayout.clear(extra, ASKED_PASSIVE | ASKED_EXTENDED | ANSWERED_OLD);
        ExtraLayout.set(extra, old ? ANSWERED_OLD : 0);
        ExtraLayout.setPassivePort(extra, port);
        return true;
    }

    /** A server may also be set up to name the virtual address itself. */
    private boolean isServer() {
        return isAddress(ConnectionLayout.REAL4, ConnectionLayout.REAL6) || isVirtual();
    }

    private boolean isVirtual() {
        return isAddress(ConnectionLayout.VIRTUAL4, ConnectionLayout.VIRTUAL6);
    }

    /** Whether the line's address is one of the record: nobody opens a way to a third party. */
    private boolean isAddress(int offset4, int offset6) {
        if (line.ipv6 != ConnectionLayout.isIpv6(record)) {
            return false;
        }
        return line.ipv6
                ? line.first == ConnectionLayout.address6First(record, offset6)
                        && line.last == ConnectionLayout.address6Last(record, offset6)
                : (int) line.first == ConnectionLayout.address4(record, offset4);
    }

    /** Puts another address (raw, in memory) and port into the line; false when it cannot be. */
    private boolean write(
            PacketBurst burst, int i, int kind, long address, int port, int lineSequence) {
        boolean repeated = isRepeated(lineSequence);
        if (isWritten || !repeated && isBeforeChange(lineSequence)) {
            return false;
        }
        if (line.ipv6) {
            line.write(buffer, kind, Memory.getLong(address), Memory.getLong(address + 8), port);
        } else {
            line.write(buffer, kind, Memory.getInt(address), 0, port);
        }
        int more = buffer.length() - (int) (line.to - line.from);
        if (repeated && more != SequenceOffsets.growth(extra, direction)
                || !replace(burst, i, more)) {
            return false;
        }
        SequenceOffsets.change(record, extra, direction, lineSequence, more);
        ExtraLayout.set(extra, WRITTEN << direction);
        isWritten = true;
        growth += more;
        return true;
    }

    /** Only the last change is remembered, so nothing in front of it can change any more. */
    private boolean isBeforeChange(int lineSequence) {
        return SequenceOffsets.growth(extra, direction) != 0
                && lineSequence - SequenceOffsets.position(extra, direction) <= 0;
    }

    private boolean replace(PacketBurst burst, int i, int more) {
        int end = burst.end[i] + more;
        int room = burst.length[i] + burst.tailroom[i];
        if (PacketRoom.bytes(burst, i) < more || end > room) {
            return false;
        }
        Memory.copy(line.to, line.to + more, burst.data[i] + burst.end[i] - line.to);
        buffer.copyTo(line.from);
        burst.end[i] = end;
        if (end > burst.length[i]) {
            burst.length[i] = end;
            burst.tailroom[i] = room - end;
        }
        writeLengths(burst, i);
        return true;
    }

    private static void writeLengths(PacketBurst burst, int i) {
        long header = burst.data[i] + burst.layer3[i];
        int bytes = burst.end[i] - burst.layer3[i];
        if (burst.kind[i] == PacketBurst.KIND_IPV4) {
            Memory.putShortBe(header + Ipv4Header.TOTAL_LENGTH, bytes);
            InternetChecksum.writeIpv4Header(header);
        } else {
            Memory.putShortBe(header + Ipv6Header.PAYLOAD_LENGTH, bytes - Ipv6Header.BYTES);
        }
        InternetChecksum.writeLayer4(
                pseudo(burst, i),
                burst.data[i] + burst.layer4[i],
                burst.end[i] - burst.layer4[i],
                TcpHeader.CHECKSUM);
    }
}
