package io.jvs.worker;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.FlowKey;
import io.jvs.connection.LocalAddressPool;
import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;

/**
 * FTP data connections that were agreed upon in a control connection: records of the connection
 * table in state LISTEN, of which one port is not known yet and stands as 0 (ip_vs_conn_new with
 * IP_VS_CONN_F_NO_CPORT, ip_vs_conn_fill_cport). Of a passive one it is the client's port, of an
 * active one the server's, since servers do not all send from port 20. The first SYN fills it in.
 * One thread.
 */
final class ExpectedConnections {
    /** The most that one control connection may have at once; each lasts two minutes. */
    static final int MAX_EXPECTED = 32;

    private static final int TCP = 6;
    private static final int PORT_MAX = 0xFFFF;

    /** Virtual ports that are tried where two servers listen on the same port for a client. */
    private static final int PORT_TRIES = 16;

    /** Local ports that are tried; one may be taken by another service of the same server. */
    private static final int LOCAL_TRIES = 4;

    private static final int ADDRESSES = ConnectionLayout.CLIENT;

    private final WorkerState state;
    private final ConnectionTable table;
    private final ConnectionExtras extras;
    private final LocalAddressPool pool;
    private final FlowKey key = new FlowKey();
    private int waiting;
    private boolean adoptedInBurst;

    ExpectedConnections(WorkerState state) {
        this.state = state;
        this.table = state.table;
        this.extras = state.extras;
        this.pool = state.localAddresses;
    }

    /** Records that wait for their first packet. */
    int waiting() {
        return waiting;
    }

    /** Rows of another burst follow. */
    void beginBurst() {
        adoptedInBurst = false;
    }

    /**
     * Gives a row without a connection the one that waited for it.
     *
     * @return whether the row is decided, be it by a drop
     */
    boolean adopt(PacketBurst burst, int i) {
        if (waiting == 0 && !adoptedInBurst || !opens(burst, i)) {
            return false;
        }
        if (adoptedInBurst && state.lookup.find(burst, i)) {
            return true;
        }
        if (!state.lookup.findHalfKnown(burst, i)) {
            return false;
        }
        if (!fillIn(burst, i)) {
            burst.connection[i] = 0;
            return burst.verdict[i] != Verdict.NONE;
        }
        adoptedInBurst = true;
        return true;
    }

    private static boolean opens(PacketBurst burst, int i) {
        int mask = TcpHeader.SYN | TcpHeader.ACK | TcpHeader.RST;
        return burst.protocol[i] == TCP
                && !PacketBurst.isError(burst.kind[i])
                && (burst.tcpFlags[i] & mask) == TcpHeader.SYN;
    }

    /** ip_vs_conn_fill_cport(). */
    private boolean fillIn(PacketBurst burst, int i) {
        long record = burst.connection[i];
        int inPorts = ConnectionLayout.inPorts(record);
        int outPorts = ConnectionLayout.outPorts(record);
        int sourcePort = burst.ports[i] & PORT_MAX;
        if (burst.direction[i] == PacketBurst.FROM_SERVER) {
            outPorts |= sourcePort;
        } else {
            inPorts |= sourcePort;
            if (!ConnectionLayout.has(record, ConnectionLayout.HAS_LOCAL_PORT)) {
                outPorts |= sourcePort << 16;
                if (isTaken(record, outPorts)) {
                    return false;
                }
            }
        }
        if (!table.rename(burst.connectionId[i], inPorts, outPorts)) {
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return false;
        }
        forget(record);
        ConnectionLayout.clear(record, ConnectionLayout.HALF_KNOWN);
        return true;
    }

    /** Tells that a half-known record is removed. */
    void onRemoved(long record) {
        forget(record);
    }

    private void forget(long record) {
        waiting--;
        long extra = extras.of(table.address(ConnectionLayout.control(record)));
        ExtraLayout.setExpected(extra, ExtraLayout.expected(extra) - 1);
    }

    /**
     * Expects a data connection of a client to the port where its server listens.
     *
     * @param control record of the control connection, with an auxiliary record
     * @param controlId its id
     * @param port the server's port, host order
     * @return the virtual port that the client is to be told, host order; 0 when it cannot be
     */
    int passive(long control, int controlId, int port, int nowTicks) {
        for (int k = 0; k < PORT_TRIES && port + k <= PORT_MAX; k++) {
            int virtualPort = port + k;
            int inPorts = raw(virtualPort) << 16;
            int id = find(control, ADDRESSES, inPorts);
            if (id == 0) {
                return expectPassive(control, controlId, inPorts, raw(port), nowTicks)
                        ? virtualPort
                        : 0;
            }
            long found = table.address(id);
            if (isSameListener(found, control, raw(port))) {
                if (ConnectionLayout.control(found) == controlId) {
                    ConnectionLayout.setLastSeenTicks(found, nowTicks);
                    return virtualPort;
                }
                // The server listens there anew: nobody will come for the old session.
                table.remove(id);
                k--;
            }
        }
        return 0;
    }

    private static boolean isSameListener(long found, long control, int rawPort) {
        return ConnectionLayout.has(found, ConnectionLayout.HALF_KNOWN)
                && ConnectionLayout.serverIndex(found) == ConnectionLayout.serverIndex(control)
                && (ConnectionLayout.outPorts(found) & PORT_MAX) == rawPort;
    }

    private boolean expectPassive(
            long control, int controlId, int inPorts, int rawPort, int nowTicks) {
        int outPorts = rawPort;
        if (isFullNat(control)) {
            outPorts = withLocalPort(control, rawPort);
            if (outPorts == 0) {
                return false;
            }
        }
        return create(control, controlId, inPorts, outPorts, nowTicks) != 0;
    }

    /**
     * Expects a data connection of a server to the port where its client listens; with NAT it goes
     * to the client's own address, with FULLNAT to a local address and port.
     *
     * @param control record of the control connection, with an auxiliary record
     * @param controlId its id
     * @param port the client's port, host order
     * @return the connection's id, 0 when it cannot be
     */
    int active(long control, int controlId, int port, int nowTicks) {
        int virtualPort = Short.reverseBytes((short) (ConnectionLayout.inPorts(control) >>> 16));
        int inPorts = raw(port) | raw(virtualPort - 1) << 16;
        int id = find(control, ADDRESSES, inPorts);
        if (id != 0) {
            long found = table.address(id);
            if (ConnectionLayout.control(found) == controlId && !isOver(found)) {
                if (ConnectionLayout.has(found, ConnectionLayout.HALF_KNOWN)) {
                    ConnectionLayout.setLastSeenTicks(found, nowTicks);
                }
                return id;
            }
            if (!isDataConnection(found)) {
                return 0;
            }
            table.remove(id);
        }
        return expectActive(control, controlId, inPorts, nowTicks);
    }

    private int expectActive(long control, int controlId, int inPorts, int nowTicks) {
        int outPorts = inPorts << 16;
        if (isFullNat(control)) {
            outPorts = withLocalPort(control, 0);
            if (outPorts == 0) {
                return 0;
            }
        } else if (isTaken(control, outPorts)) {
            return 0;
        }
        return create(control, controlId, inPorts, outPorts, nowTicks);
    }

    /** Whether a client may listen on the same port for another data connection. */
    private static boolean isOver(long record) {
        int now = ConnectionLayout.state(record);
        return now != ConnectionState.LISTEN
                && now != ConnectionState.ESTABLISHED
                && now != ConnectionState.SYN_SENT
                && now != ConnectionState.SYN_RECV;
    }

    /** Whether a record is one of those made here, and not a client's own connection. */
    private boolean isDataConnection(long record) {
        int control = ConnectionLayout.control(record);
        return control != 0
                && ConnectionLayout.has(table.address(control), ConnectionLayout.READS_FTP);
    }

    private static boolean isFullNat(long record) {
        return ConnectionLayout.method(record) == ConnectionLayout.METHOD_FULLNAT;
    }

    private static int raw(int port) {
        return Short.reverseBytes((short) port) & PORT_MAX;
    }

    /**
     * A free port of the local address that the server knows its client by.
     *
     * @return the ports of packets from the server, raw; 0 when there is none
     */
    private int withLocalPort(long control, int rawRealPort) {
        ServerState server = state.servers[ConnectionLayout.serverIndex(control)];
        int pair = pool.pairOf(control, server.protocol, server.destination.port);
        for (int k = 0; pair >= 0 && k < LOCAL_TRIES; k++) {
            int port = pool.acquire(pair);
            if (port < 0) {
                return 0;
            }
            int outPorts = rawRealPort | raw(port) << 16;
            if (!isTaken(control, outPorts)) {
                return outPorts;
            }
            pool.release(pair, port);
        }
        return 0;
    }

    private boolean isTaken(long record, int outPorts) {
        return find(record, outKey(record), outPorts) != 0;
    }

    private static int outKey(long record) {
        return ConnectionLayout.bytes(record) == ConnectionLayout.IPV6_BYTES
                ? ConnectionLayout.REAL6
                : ConnectionLayout.REAL4;
    }

    /** Who has a record's addresses, from {@code offset} on, with these ports. */
    private int find(long record, int offset, int ports) {
        long words = record + offset;
        key.ipv6 =
                offset == ADDRESSES
                        ? ConnectionLayout.isIpv6(record)
                        : ConnectionLayout.isServerIpv6(record);
        key.key0 = Memory.getLong(words);
        if (key.ipv6) {
            key.key1 = Memory.getLong(words + 8);
            key.key2 = Memory.getLong(words + 16);
            key.key3 = Memory.getLong(words + 24);
        }
        key.ports = ports;
        key.protocol = TCP;
        return table.find(key);
    }

    private int create(long control, int controlId, int inPorts, int outPorts, int nowTicks) {
        long extra = extras.of(control);
        boolean room = ExtraLayout.expected(extra) < MAX_EXPECTED;
        int id = room ? allocate(control) : 0;
        long record = table.address(id);
        if (id != 0) {
            fill(record, control, inPorts, outPorts);
            ConnectionLayout.setControl(record, controlId);
        }
        if (id == 0 || !table.publish(id, nowTicks)) {
            giveBack(id, control, outPorts);
            return 0;
        }
        ServerCounts.bind(state, state.servers[ConnectionLayout.serverIndex(control)]);
        extras.countControlled(control, 1);
        ExtraLayout.setExpected(extra, ExtraLayout.expected(extra) + 1);
        waiting++;
        state.counters.countFtpExpected();
        return id;
    }

    /** A record of the same families. */
    private int allocate(long control) {
        boolean ipv6 = ConnectionLayout.isIpv6(control);
        return ConnectionLayout.isMixed(control) ? table.allocateMixed(ipv6) : table.allocate(ipv6);
    }

    private void fill(long record, long control, int inPorts, int outPorts) {
        int bytes = ConnectionLayout.bytes(control);
        Memory.copy(control + ADDRESSES, record + ADDRESSES, bytes - ADDRESSES);
        ConnectionLayout.setInPorts(record, inPorts);
        ConnectionLayout.setOutPorts(record, outPorts);
        ConnectionLayout.setProtocol(record, TCP);
        ConnectionLayout.setMethod(record, ConnectionLayout.method(control));
        ConnectionLayout.setServerIndex(record, ConnectionLayout.serverIndex(control));
        ConnectionLayout.setState(record, ConnectionState.LISTEN);
        ConnectionLayout.setTimeoutTicks(record, state.timeouts.ticks(ConnectionState.LISTEN));
        int local = isFullNat(control) ? ConnectionLayout.HAS_LOCAL_PORT : 0;
        ConnectionLayout.set(
                record, ConnectionLayout.OUT_INDEXED | ConnectionLayout.HALF_KNOWN | local);
    }

    private void giveBack(int id, long control, int outPorts) {
        if (id != 0) {
            table.release(id);
        }
        if (isFullNat(control)) {
            ServerState server = state.servers[ConnectionLayout.serverIndex(control)];
            int pair = pool.pairOf(control, server.protocol, server.destination.port);
            pool.release(pair, raw(outPorts >>> 16));
        }
    }
}
