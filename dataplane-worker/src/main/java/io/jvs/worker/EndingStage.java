package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.TcpResets;
import io.jvs.packet.TokenBucket;
import io.jvs.packet.Verdict;
import io.jvs.service.ServerExit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Stage 4c: packets of connections whose real server has gone, by its {@link ServerExit}. A TCP
 * segment is answered with a reset that acknowledges it, exact for its sender; the other end gets
 * one that follows on it. Who is silent is asked: a segment outside of every window makes a TCP say
 * where it is (RFC 9293 section 3.10.7.4), and then it is reset. So no sequence numbers need be
 * kept. Without such a server it costs one comparison a burst. One thread.
 */
final class EndingStage {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int RESETS_PER_SECOND = 100_000;
    private static final int RESETS_AT_ONCE = 10_000;

    /** Silent connections that are asked in one tick, and places that are looked at in one turn. */
    private static final int ASKED_A_TICK = 64;

    private static final int LOOKED_AT = 256;

    /** A question or its answer may be lost. */
    private static final int ROUNDS = 3;

    private static final int ROUND_TICKS = ConnectionLayout.TICKS_PER_SECOND;

    private final WorkerState state;
    private final ConnectionTable table;
    private final IcmpErrors icmpErrors;
    private final TcpResets resets;
    private final MadeSegments made;

    /** Servers whose connections are to end, if they have any. */
    private final Set<ServerState> exiting = new LinkedHashSet<>();

    /** Servers whose connections are being ended. */
    private ServerState[] leaving = new ServerState[0];

    private boolean removedInBurst;
    private int round = ROUNDS;
    private int cursor;
    private int nextRoundTicks;
    private int askedTicks;
    private int asked;

    EndingStage(WorkerState state) {
        this.state = state;
        this.table = state.table;
        this.icmpErrors = state.icmpErrors;
        this.resets =
                new TcpResets(
                        state.links.interfaces, new TokenBucket(RESETS_PER_SECOND, RESETS_AT_ONCE));
        this.made = new MadeSegments(state);
    }

    /** Takes servers as they are now; once a generation, with those that it changed. */
    void commit(Collection<ServerState> changed, int nowTicks) {
        for (ServerState server : changed) {
            if (server.exit != ServerState.EXIT_KEEP) {
                exiting.add(server);
            }
        }
        exiting.removeIf(server -> server.exit == ServerState.EXIT_KEEP || !isKnown(server));
        List<ServerState> now = new ArrayList<>();
        boolean more = false;
        for (ServerState server : exiting) {
            if (server.hasConnections()) {
                now.add(server);
                more |= !server.isLeaving;
            }
        }
        for (ServerState server : leaving) {
            server.isLeaving = false;
        }
        now.forEach(server -> server.isLeaving = true);
        leaving = now.toArray(new ServerState[0]);
        if (more) {
            round = 0;
            cursor = 0;
            nextRoundTicks = nowTicks;
        }
    }

    /** Whether its number is not another's by now. */
    private boolean isKnown(ServerState server) {
        return state.server(server.destination.serverIndex) == server;
    }

    /** Whether segments were made that are to be sent. */
    boolean hasMade() {
        return made.burst.count > 0;
    }

    /** The segments that were made, with next hop and connection. */
    PacketBurst made() {
        return made.burst;
    }

    /** Takes the rows of connections that are to end. */
    void take(PacketBurst burst, int nowTicks) {
        if (leaving.length == 0) {
            return;
        }
        removedInBurst = false;
        for (int i = 0; i < burst.count; i++) {
            if (burst.connection[i] != 0 && burst.verdict[i] == Verdict.NONE) {
                takeRow(burst, i, nowTicks);
            }
        }
    }

    private void takeRow(PacketBurst burst, int i, int nowTicks) {
        if (removedInBurst && !state.lookup.find(burst, i)) {
            return;
        }
        long record = burst.connection[i];
        int exit = state.servers[ConnectionLayout.serverIndex(record)].exit;
        if (exit == ServerState.EXIT_KEEP || PacketBurst.isError(burst.kind[i])) {
            return;
        }
        if (exit == ServerState.EXIT_RESCHEDULE && isMovable(burst, i, record)) {
            if (burst.direction[i] == PacketBurst.FROM_CLIENT) {
                remove(burst, i);
                state.counters.countRescheduledConnection();
            }
        } else if (burst.protocol[i] == TCP) {
            reset(burst, i, record, nowTicks);
        } else {
            refuse(burst, i, nowTicks);
        }
    }

    /** Whether another server can take the flow from here on, or it is the server that speaks. */
    private boolean isMovable(PacketBurst burst, int i, long record) {
        if (state.extras.controlled(record) > 0) {
            return false;
        }
        int protocol = burst.protocol[i];
        return protocol == UDP
                || protocol == TCP && (burst.tcpFlags[i] & TcpHeader.SYN) != 0
                || burst.sctpChunk[i] == SctpHeader.INIT;
    }

    /** From here on the row is one without a connection. */
    private void remove(PacketBurst burst, int i) {
        table.remove(burst.connectionId[i]);
        burst.connection[i] = 0;
        removedInBurst = true;
    }

    private void refuse(PacketBurst burst, int i, int nowTicks) {
        burst.verdict[i] = Verdict.DROP_SERVER_REMOVED;
        if (state.extras.controlled(burst.connection[i]) == 0) {
            remove(burst, i);
        }
        state.counters.countResetConnection();
        icmpErrors.portUnreachable(burst, i, nowTicks);
    }

    /** A reset of an end itself goes on to the other end, if there is a way. */
    private void reset(PacketBurst burst, int i, long record, int nowTicks) {
        if ((burst.tcpFlags[i] & TcpHeader.RST) != 0) {
            return;
        }
        boolean first = !ConnectionLayout.has(record, ConnectionLayout.SERVER_REMOVED);
        boolean follows = first && made.follow(burst, i, nowTicks);
        if (!resets.reset(burst, i, Verdict.DROP_SERVER_REMOVED, nowTicks)) {
            if (follows) {
                made.undo();
            }
        } else if (first) {
            ConnectionLayout.set(record, ConnectionLayout.SERVER_REMOVED);
            state.counters.countResetConnection();
        }
    }

    /** Asks silent connections where they are; true when there is nothing more to do at once. */
    boolean passTime(int nowTicks) {
        if (leaving.length == 0 || round >= ROUNDS || nowTicks - nextRoundTicks < 0) {
            return true;
        }
        if (nowTicks != askedTicks) {
            askedTicks = nowTicks;
            asked = 0;
        }
        for (int looked = 0; looked < LOOKED_AT && made.hasRoom() && asked < ASKED_A_TICK; ) {
            int found = table.next(cursor, LOOKED_AT - looked);
            if (found == 0) {
                cursor = 0;
                round++;
                nextRoundTicks = nowTicks + ROUND_TICKS;
                return true;
            }
            looked += Math.max(1, Math.abs(found) - cursor);
            cursor = Math.abs(found);
            if (found > 0) {
                ask(found, nowTicks);
            }
        }
        return asked >= ASKED_A_TICK;
    }

    private void ask(int id, int nowTicks) {
        long record = table.address(id);
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        if (server.exit == ServerState.EXIT_KEEP
                || ConnectionLayout.protocol(record) != TCP
                || ConnectionLayout.has(
                        record, ConnectionLayout.TEMPLATE | ConnectionLayout.SERVER_REMOVED)
                || !isUnderWay(ConnectionLayout.state(record))) {
            return;
        }
        asked++;
        made.askClient(id, record, nowTicks);
        if (server.hasOutput()) {
            made.askServer(id, record, nowTicks);
        }
    }

    /** Both ends know one another's numbers. */
    private static boolean isUnderWay(int connectionState) {
        return connectionState == ConnectionState.ESTABLISHED
                || connectionState == ConnectionState.FIN_WAIT
                || connectionState == ConnectionState.CLOSE_WAIT
                || connectionState == ConnectionState.LAST_ACK;
    }
}
