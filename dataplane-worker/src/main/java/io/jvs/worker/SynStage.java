package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.SequenceOffsets;
import io.jvs.memory.Memory;
import io.jvs.packet.HandshakeOptions;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SynAnswers;
import io.jvs.packet.SynCookies;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;
import io.jvs.service.ClientAddress;

/**
 * The SYN proxy (docs/design/016-syn-proxy.md). A client's SYN is answered with a cookie and
 * forgotten. Its acknowledgement opens a connection and becomes a SYN to the real server in its own
 * buffer; until that answers the client waits behind a window of 0. One thread; nothing here
 * allocates or throws after construction.
 */
final class SynStage {
    /** Connections that are looked at before their state is. */
    static final int TRACKED = ConnectionLayout.PROXIED | ConnectionLayout.HALF_OPEN;

    private static final int FROM_CLIENT = PacketBurst.FROM_CLIENT;
    private static final int FROM_SERVER = PacketBurst.FROM_SERVER;

    /** The window scale that clients are told: that of most servers (Linux with 4 to 6 MB). */
    private static final int SCALE = 7;

    private static final int MOST_WINDOW = 0xFFFF;

    /** Until the SYN goes to the server once more; each time twice as long. */
    private static final int RETRY_TICKS = ConnectionLayout.TICKS_PER_SECOND;

    private static final int RETRIES = 3;

    /** Segments of a waiting client from which on it is cut off. */
    private static final int STORM = 10;

    /** IPv6 and TCP header: what fits into the way of either family. */
    private static final int HEADERS = 60;

    /** The longest option that tells a server its client's address. */
    private static final int TOA = 20;

    private final WorkerState state;
    private final SynAnswers answers;
    private final SynCookies cookies;
    private final SynSegments segments;
    private final HandshakeOptions options = new HandshakeOptions();
    private final PacketBurst due = new PacketBurst();
    private final int[] opened = new int[PacketBurst.CAPACITY];
    private final int[] answered = new int[PacketBurst.CAPACITY];
    private final int[] answeredStamps = new int[PacketBurst.CAPACITY];
    private int openedCount;
    private int answeredCount;

    /** Live connections with a flag of TRACKED. */
    private int tracked;

    /** What the acknowledgement of a cookie said that {@link #admits} took last. */
    private boolean accepted;

    private int offer;
    private int clientSyn;

    SynStage(WorkerState state, SynAnswers answers) {
        this.state = state;
        this.answers = answers;
        this.cookies = new SynCookies(state.group.secret(0), state.group.secret(1));
        this.segments = new SynSegments(state.buffers);
    }

    /** What is to be sent since time has passed; who sends it clears it. */
    PacketBurst due() {
        return due;
    }

    /** Looks at packets of connections that it has begun, before their states change. */
    void take(PacketBurst burst, int nowTicks) {
        if (tracked == 0) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.NONE && burst.connection[i] != 0) {
                look(burst, i, nowTicks);
            }
        }
    }

    /** Looks at a row with a connection. */
    void look(PacketBurst burst, int i, int nowTicks) {
        long record = burst.connection[i];
        int kind = burst.kind[i];
        boolean segment = kind == PacketBurst.KIND_IPV4 || kind == PacketBurst.KIND_IPV6;
        if (!segment || !ConnectionLayout.has(record, TRACKED)) {
            return;
        }
        int flags = burst.tcpFlags[i];
        boolean fromClient = burst.direction[i] == FROM_CLIENT;
        if (ConnectionLayout.has(record, ConnectionLayout.HALF_OPEN)) {
            if (fromClient && (flags & (TcpHeader.SYN | TcpHeader.RST)) != TcpHeader.SYN) {
                untrack(record, state.servers[ConnectionLayout.serverIndex(record)].service);
            }
            return;
        }
        boolean waiting = ExtraLayout.has(state.extras.of(record), ExtraLayout.WAITING);
        if (!fromClient) {
            if (waiting || (flags & TcpHeader.SYN) != 0) {
                fromServer(burst, i, waiting, nowTicks);
            }
        } else if (waiting) {
            hold(burst, i);
        } else if ((flags & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN && isOver(record)) {
            forget(record);
        }
    }

    private static boolean isOver(long record) {
        int now = ConnectionLayout.state(record);
        return now == ConnectionState.TIME_WAIT || now == ConnectionState.CLOSE;
    }

    /** Both ends begin anew, without the director (conn_reuse_mode 0 keeps the record). */
    private void forget(long record) {
        long extra = state.extras.of(record);
        ExtraLayout.endWaiting(extra, 0, 0);
        SequenceOffsets.begin(record, extra, FROM_SERVER, 0, 0);
        untrack(record, state.servers[ConnectionLayout.serverIndex(record)].service);
    }

    /** A client has to wait; only its reset goes on to the server, which may know of it. */
    private void hold(PacketBurst burst, int i) {
        long extra = state.extras.of(burst.connection[i]);
        if ((burst.tcpFlags[i] & TcpHeader.RST) != 0) {
            ExtraLayout.endWaiting(extra, 0, 0);
            return;
        }
        burst.verdict[i] = Verdict.DROP_SYN_WAITING;
        learn(burst.data[i] + burst.layer4[i], extra);
        int held = ExtraLayout.held(extra) + 1;
        ExtraLayout.setHeld(extra, Math.min(held, STORM + 1));
        if (held == STORM + 1) {
            state.counters.countSyn(SynCounter.STORMS);
            ExtraLayout.setTries(extra, RETRIES);
            state.table.setTimeout(burst.connectionId[i], 1);
        }
    }

    /** The client's window and time as they are now, which its server gets to know first. */
    private void learn(long tcp, long extra) {
        int flags = TcpHeader.flags(tcp);
        int acknowledged = Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT);
        if ((flags & TcpHeader.ACK) == 0 || acknowledged != ExtraLayout.answeredSyn(extra) + 1) {
            return;
        }
        ExtraLayout.setClientWindow(extra, Memory.getUnsignedShortBe(tcp + TcpHeader.WINDOW));
        options.read(tcp);
        if (options.stamped && options.stamp - ExtraLayout.clientStamp(extra) > 0) {
            ExtraLayout.setClientStamp(extra, options.stamp);
        }
    }

    private void fromServer(PacketBurst burst, int i, boolean waiting, int nowTicks) {
        long record = burst.connection[i];
        long extra = state.extras.of(record);
        long tcp = burst.data[i] + burst.layer4[i];
        int flags = burst.tcpFlags[i];
        int sequence = Memory.getIntBe(tcp + TcpHeader.SEQUENCE);
        int acknowledged = Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT);
        boolean ours = acknowledged == ExtraLayout.firstClientByte(extra);
        boolean both = (flags & TcpHeader.SYN) != 0 && (flags & TcpHeader.ACK) != 0;
        if ((flags & TcpHeader.RST) != 0) {
            if (waiting) {
                refuse(burst, i, extra, ours);
            }
        } else if (both && ours) {
            if (waiting || sequence == SequenceOffsets.position(extra, FROM_SERVER)) {
                answered(burst, i, waiting, nowTicks);
            }
        } else if (waiting && (flags & TcpHeader.ACK) != 0) {
            // It still has an old connection of this name: a reset clears the way (RFC 9293, 3.5.1)
            state.resets.reset(burst, i, Verdict.DROP_SYN_WAITING, nowTicks);
        } else if (waiting) {
            burst.verdict[i] = Verdict.DROP_SYN_WAITING;
        }
    }

    /** The server's reset of the SYN becomes one of the connection that the client has. */
    private void refuse(PacketBurst burst, int i, long extra, boolean ours) {
        if (!ours) {
            burst.verdict[i] = Verdict.DROP_SYN_WAITING;
            return;
        }
        state.counters.countSyn(SynCounter.REFUSALS);
        ExtraLayout.endWaiting(extra, 0, 0);
        SynSegments.header(burst, i, ExtraLayout.answeredSyn(extra) + 1, 0, TcpHeader.RST, 0);
        SynSegments.finish(burst, i, TcpHeader.BYTES);
    }

    /** The server's SYN-ACK becomes the acknowledgement that opens the client's window. */
    private void answered(PacketBurst burst, int i, boolean waiting, int nowTicks) {
        long record = burst.connection[i];
        long extra = state.extras.of(record);
        long tcp = burst.data[i] + burst.layer4[i];
        int first = Memory.getIntBe(tcp + TcpHeader.SEQUENCE);
        options.read(tcp);
        if (waiting) {
            establish(record, extra, first, nowTicks);
        }
        options.stamped = ExtraLayout.has(extra, ExtraLayout.STAMPED);
        int window = Memory.getUnsignedShortBe(tcp + TcpHeader.WINDOW);
        if (options.windowScale != HandshakeOptions.NO_SCALE) {
            window >>>= options.windowScale;
        }
        int acknowledged = ExtraLayout.firstClientByte(extra);
        SynSegments.header(burst, i, first + 1, acknowledged, TcpHeader.ACK, window);
        int bytes = TcpHeader.BYTES + options.writeStamps(tcp + TcpHeader.BYTES);
        SynSegments.finish(burst, i, bytes);
        answeredStamps[answeredCount] = options.stamp + ExtraLayout.stampOffset(extra);
        answered[answeredCount++] = burst.connectionId[i];
    }

    /** From the options of the server's SYN-ACK. */
    private void establish(long record, long extra, int first, int nowTicks) {
        int clientScale = HandshakeOptions.windowScale(ExtraLayout.offer(extra));
        int serverScale = options.windowScale;
        boolean clientScales = clientScale != HandshakeOptions.NO_SCALE;
        boolean serverScales = serverScale != HandshakeOptions.NO_SCALE;
        int towardsClient = clientScales ? (serverScales ? serverScale : 0) - SCALE : 0;
        int towardsServer = clientScales && !serverScales ? clientScale : 0;
        boolean wantsStamps = ExtraLayout.has(extra, ExtraLayout.STAMPED);
        int promised = ExtraLayout.answeredSyn(extra);
        int promisedStamp = ExtraLayout.answeredStamp(extra);
        ExtraLayout.endWaiting(extra, towardsServer, towardsClient);
        SequenceOffsets.begin(record, extra, FROM_SERVER, first, promised - first);
        if (wantsStamps && options.stamped) {
            ExtraLayout.beginStamps(extra, promisedStamp - options.stamp);
        } else if (wantsStamps) {
            refuseStamps(record, nowTicks);
        }
        if (ExtraLayout.disclosure(extra) != 0) {
            ExtraLayout.setFirstServerByte(extra, first + 1);
            ExtraLayout.set(extra, ExtraLayout.SERVER_BEGAN);
        }
        if (ConnectionLayout.has(record, ConnectionLayout.READS_FTP)) {
            FtpStage.beginServer(extra, first + 1);
        }
    }

    private void refuseStamps(long record, int nowTicks) {
        SynGuard guard = state.servers[ConnectionLayout.serverIndex(record)].service.syns;
        if (guard != null) {
            guard.refuseStamps(nowTicks);
        }
    }

    /**
     * A segment of a client without a connection, for a service with a SYN proxy.
     *
     * @return whether it may open a connection; else the row has been answered or dropped
     */
    boolean admits(PacketBurst burst, int i, ServiceState service, SynGuard guard, int nowTicks) {
        accepted = false;
        int flags = burst.tcpFlags[i] & (TcpHeader.SYN | TcpHeader.RST | TcpHeader.ACK);
        if (flags == TcpHeader.SYN && guard.answers(service.halfOpen, nowTicks)) {
            if (answers.isSound(burst, i)) {
                answer(burst, i, service, guard.offersStamps(nowTicks), nowTicks);
                guard.count(1);
            }
            return false;
        }
        return flags != TcpHeader.ACK || accepts(burst, i, guard, nowTicks);
    }

    private void answer(
            PacketBurst burst, int i, ServiceState service, boolean stamps, int nowTicks) {
        long tcp = burst.data[i] + burst.layer4[i];
        options.read(tcp);
        cookies.setTime(nowTicks);
        int client = Memory.getIntBe(tcp + TcpHeader.SEQUENCE);
        int cookie = cookies.make(burst, i, client, options.pack());
        int told = service.spec.clientAddress() == ClientAddress.TOA ? TOA : 0;
        options.segmentSize = answers.mtu(burst, i) - HEADERS - told;
        if (options.windowScale != HandshakeOptions.NO_SCALE) {
            options.windowScale = SCALE;
        }
        options.stamped &= stamps;
        options.echo = options.stamp;
        options.stamp = cookies.stamp();
        answers.answer(burst, i, cookie, options);
        state.counters.countSyn(SynCounter.COOKIES_SENT);
    }

    /** Whether it acknowledges a cookie; the probe of a closed window is one byte behind. */
    private boolean accepts(PacketBurst burst, int i, SynGuard guard, int nowTicks) {
        long tcp = burst.data[i] + burst.layer4[i];
        int sequence = Memory.getIntBe(tcp + TcpHeader.SEQUENCE);
        int cookie = Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT) - 1;
        cookies.setTime(nowTicks);
        clientSyn = sequence - 1;
        offer = cookies.read(burst, i, clientSyn, cookie);
        if (offer < 0) {
            clientSyn = sequence;
            offer = cookies.read(burst, i, clientSyn, cookie);
        }
        if (offer < 0) {
            state.counters.countSyn(SynCounter.COOKIES_INVALID);
            state.responder.refuse(burst, i, Verdict.DROP_NO_CONNECTION, nowTicks);
            return false;
        }
        accepted = answers.isSound(burst, i);
        if (accepted) {
            guard.count(-1);
        }
        return accepted;
    }

    /** Whether the last row that {@link #admits} let go on has acknowledged a cookie. */
    boolean hasAccepted() {
        return accepted;
    }

    /** Nobody could take a connection that its client believes to be open. */
    void refuseAccepted(PacketBurst burst, int i, byte reason, int nowTicks) {
        state.resets.reset(burst, i, reason, nowTicks);
    }

    /** A connection was made for a row of a service with a SYN proxy. */
    void begin(PacketBurst burst, int i, int id, ServiceState service, SynGuard guard) {
        long record = burst.connection[i];
        if (accepted) {
            accepted = false;
            open(burst, i, id, record);
        } else if (guard.counts()
                && (burst.tcpFlags[i] & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN) {
            ConnectionLayout.set(record, ConnectionLayout.HALF_OPEN);
            service.halfOpen++;
            tracked++;
        }
    }

    /** The client's acknowledgement becomes its SYN to the server. */
    private void open(PacketBurst burst, int i, int id, long record) {
        long extra = state.extras.attach(record);
        if (extra == 0) {
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return;
        }
        long tcp = burst.data[i] + burst.layer4[i];
        int answeredSyn = Memory.getIntBe(tcp + TcpHeader.ACKNOWLEDGEMENT) - 1;
        ExtraLayout.setFirstClientByte(extra, clientSyn + 1);
        ExtraLayout.setAnsweredSyn(extra, answeredSyn);
        ExtraLayout.setOffer(extra, offer);
        ExtraLayout.setClientWindow(extra, Memory.getUnsignedShortBe(tcp + TcpHeader.WINDOW));
        options.read(tcp);
        ExtraLayout.setClientStamp(extra, options.stamp);
        ExtraLayout.setAnsweredStamp(extra, options.echo);
        ExtraLayout.set(extra, ExtraLayout.WAITING | (options.stamped ? ExtraLayout.STAMPED : 0));
        ConnectionLayout.set(record, ConnectionLayout.PROXIED);
        tracked++;
        writeSyn(burst, i, extra);
        opened[openedCount++] = id;
        state.counters.countSyn(SynCounter.COOKIES_VALID);
    }

    /** The client's SYN, its window as far as a SYN can tell it. */
    private void writeSyn(PacketBurst burst, int row, long extra) {
        long tcp = burst.data[row] + burst.layer4[row];
        options.unpack(ExtraLayout.offer(extra));
        options.stamped = ExtraLayout.has(extra, ExtraLayout.STAMPED);
        options.stamp = ExtraLayout.clientStamp(extra);
        options.echo = 0;
        int window = ExtraLayout.clientWindow(extra);
        if (options.windowScale != HandshakeOptions.NO_SCALE) {
            window = Math.min(MOST_WINDOW, window << options.windowScale);
        }
        int first = ExtraLayout.firstClientByte(extra) - 1;
        SynSegments.header(burst, row, first, 0, TcpHeader.SYN, window);
        int bytes = TcpHeader.BYTES + options.write(tcp + TcpHeader.BYTES);
        SynSegments.finish(burst, row, bytes);
    }

    /**
     * After states have changed: sets the clock of connections that wait from now on, and tells
     * servers that have answered that their client has, too.
     */
    void complete(PacketBurst burst) {
        while (openedCount > 0) {
            state.table.setTimeout(opened[--openedCount], RETRY_TICKS);
        }
        while (answeredCount > 0) {
            int id = answered[--answeredCount];
            if (state.table.isLive(id)) {
                acknowledge(burst, id, answeredStamps[answeredCount]);
            }
        }
    }

    /** Without a buffer for it the server's SYN-ACK comes once more. */
    private void acknowledge(PacketBurst burst, int id, int echo) {
        long record = state.table.address(id);
        int row = segments.make(burst, id, record, FROM_CLIENT);
        if (row < 0) {
            return;
        }
        long extra = state.extras.of(record);
        int first = SequenceOffsets.position(extra, FROM_SERVER);
        int acknowledged = SequenceOffsets.forward(extra, FROM_SERVER, first) + 1;
        int sequence = ExtraLayout.firstClientByte(extra);
        int window = ExtraLayout.clientWindow(extra);
        SynSegments.header(burst, row, sequence, acknowledged, TcpHeader.ACK, window);
        options.stamped = ExtraLayout.has(extra, ExtraLayout.STAMPED);
        options.stamp = ExtraLayout.clientStamp(extra);
        options.echo = echo;
        long tcp = burst.data[row] + burst.layer4[row];
        int bytes = TcpHeader.BYTES + options.writeStamps(tcp + TcpHeader.BYTES);
        SynSegments.finish(burst, row, bytes);
    }

    /** A connection's time is up: whether it lives on since its server is asked once more. */
    boolean keeps(int id, long record, int nowTicks) {
        long extra = state.extras.of(record);
        if (!ExtraLayout.has(extra, ExtraLayout.WAITING)) {
            return false;
        }
        int tries = ExtraLayout.tries(extra);
        boolean again = tries < RETRIES;
        int row = segments.make(due, id, record, again ? FROM_CLIENT : FROM_SERVER);
        ConnectionLayout.setLastSeenTicks(record, nowTicks);
        if (row < 0) {
            ConnectionLayout.setTimeoutTicks(record, 1);
        } else if (again) {
            writeSyn(due, row, extra);
            ExtraLayout.setTries(extra, tries + 1);
            ConnectionLayout.setTimeoutTicks(record, RETRY_TICKS << tries + 1);
            state.counters.countSyn(SynCounter.RETRIES);
        } else {
            giveUp(row, record, extra);
        }
        return true;
    }

    private void giveUp(int row, long record, long extra) {
        if (ExtraLayout.held(extra) <= STORM) {
            state.counters.countSyn(SynCounter.TIMEOUTS);
        }
        ExtraLayout.endWaiting(extra, 0, 0);
        int sequence = ExtraLayout.answeredSyn(extra) + 1;
        SynSegments.header(due, row, sequence, 0, TcpHeader.RST, 0);
        SynSegments.finish(due, row, TcpHeader.BYTES);
        ConnectionLayout.setTimeoutTicks(record, RETRY_TICKS);
    }

    /** A connection with a flag of TRACKED is gone. */
    void onRemoved(long record, ServiceState service) {
        untrack(record, service);
    }

    private void untrack(long record, ServiceState service) {
        if (ConnectionLayout.has(record, ConnectionLayout.HALF_OPEN)) {
            service.halfOpen--;
        }
        ConnectionLayout.clear(record, TRACKED);
        tracked--;
    }
}
