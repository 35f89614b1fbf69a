package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;
import io.jvs.connection.LocalAddressPool;
import io.jvs.connection.StateTimeouts;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;

/**
 * Writes a new connection's record whole and publishes it (ip_vs_conn_new). For FULLNAT a local
 * address and port is taken first.
 */
final class ConnectionMaker {
    private static final int TCP = 6;
    private static final int SCTP = 132;
    private static final int FULLNAT = ConnectionLayout.METHOD_FULLNAT;

    /** How long a connection lasts that only an ICMP error was seen of. */
    private static final int ERROR_TICKS = 3 * ConnectionLayout.TICKS_PER_SECOND;

    /** The most local addresses of the server's family that are tried for one connection. */
    private static final int LOCAL_TRIES = 16;

    private final ConnectionTable table;
    private final LocalAddressPool pool;
    private final StateTimeouts timeouts;
    private final int[] rawFtpPorts;
    private int local;
    private int localPort;
    private int realPort;
    private boolean onePacket;

    ConnectionMaker(WorkerState state) {
        this.table = state.table;
        this.pool = state.localAddresses;
        this.timeouts = state.timeouts;
        this.rawFtpPorts = state.rawFtpPorts;
    }

    /** Sets the real server's port, host order, for the next {@link #make}. */
    void setRealPort(int port) {
        realPort = port;
    }

    /** Sets whether the next {@link #make} is for one packet only: it is not published then. */
    void setOnePacket(boolean once) {
        onePacket = once;
    }

    /** Gives the new connection's id, or 0 with a drop verdict on the row. */
    int make(PacketBurst burst, int i, ServiceState service, ServerState server, int nowTicks) {
        boolean fullNat = server.methodCode == FULLNAT;
        if (fullNat && !takeLocal(service, server)) {
            burst.verdict[i] = Verdict.DROP_NO_LOCAL_PORT;
            return 0;
        }
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        int id = allocate(ipv6, server);
        if (id == 0) {
            if (fullNat) {
                pool.release(server.pairs[local], localPort);
            }
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return 0;
        }
        long record = table.address(id);
        fillCommon(record, burst, i, server);
        fillClient(record, burst, i, ipv6);
        if (server.destination.spec.address().isIpv6()) {
            fillServer6(record, burst, i, service, server);
        } else {
            fillServer4(record, burst, i, service, server);
        }
        if (onePacket) {
            ConnectionLayout.set(record, ConnectionLayout.ONE_PACKET);
        } else if (!table.publish(id, nowTicks)) {
            undo(id, server, fullNat);
            burst.verdict[i] = Verdict.DROP_TABLE_FULL;
            return 0;
        }
        return id;
    }

    private int allocate(boolean ipv6, ServerState server) {
        boolean mixed = server.destination.spec.address().isIpv6() != ipv6;
        return mixed && server.methodCode == FULLNAT
                ? table.allocateMixed(ipv6)
                : table.allocate(ipv6);
    }

    private void undo(int id, ServerState server, boolean fullNat) {
        table.release(id);
        if (fullNat) {
            pool.release(server.pairs[local], localPort);
        }
    }

    private boolean takeLocal(ServiceState service, ServerState server) {
        int count = server.pairs.length;
        int tries = LOCAL_TRIES;
        for (int k = 0; k < count && tries > 0; k++) {
            int candidate = service.nextLocal++;
            if (service.nextLocal >= count) {
                service.nextLocal = 0;
            }
            boolean fits = candidate < count && server.pairs[candidate] >= 0;
            if (fits && acquire(server, candidate)) {
                return true;
            }
            tries -= fits ? 1 : 0;
        }
        return false;
    }

    private boolean acquire(ServerState server, int candidate) {
        int pair = server.pairs[candidate];
        int port = pair < 0 ? -1 : pool.acquire(pair);
        if (port < 0) {
            return false;
        }
        local = candidate;
        localPort = port;
        return true;
    }

    private void fillCommon(long record, PacketBurst burst, int i, ServerState server) {
        Destination destination = server.destination;
        int protocol = burst.protocol[i];
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        ConnectionLayout.setInPorts(record, burst.ports[i]);
        ConnectionLayout.setProtocol(record, protocol);
        ConnectionLayout.setMethod(record, server.methodCode);
        ConnectionLayout.setServerIndex(record, destination.serverIndex);
        ConnectionLayout.setTimeoutTicks(record, firstTimeout(burst.kind[i], protocol));
        int rawLocalPort =
                server.methodCode == FULLNAT
                        ? Short.toUnsignedInt(Short.reverseBytes((short) localPort))
                        : burst.ports[i] & 0xFFFF;
        int rawRealPort = Short.toUnsignedInt(Short.reverseBytes((short) realPort));
        ConnectionLayout.setOutPorts(record, rawRealPort | rawLocalPort << 16);
        ConnectionLayout.set(record, flags(server, ipv6));
        if (protocol == TCP && isFtp(burst.ports[i] >>> 16)) {
            readFtp(record);
        }
    }

    private boolean isFtp(int rawPort) {
        for (int k = 0; k < rawFtpPorts.length; k++) {
            if (rawFtpPorts[k] == rawPort) {
                return true;
            }
        }
        return false;
    }

    /** ip_vs_ftp binds to masqueraded connections; here to those of FULLNAT too. */
    private static void readFtp(long record) {
        if (ConnectionLayout.has(record, ConnectionLayout.OUT_INDEXED)) {
            ConnectionLayout.set(record, ConnectionLayout.READS_FTP);
        }
    }

    /**
     * The timeout that a new connection begins with; its first packet sets that of its state, an
     * ICMP error leaves it (ip_vs_conn_new).
     */
    private int firstTimeout(int kind, int protocol) {
        if (PacketBurst.isError(kind)) {
            return ERROR_TICKS;
        }
        if (protocol == TCP) {
            return timeouts.ticks(ConnectionState.SYN_RECV);
        }
        return timeouts.ticks(protocol == SCTP ? ConnectionState.SCTP_INIT1 : ConnectionState.UDP);
    }

    private int flags(ServerState server, boolean ipv6) {
        if (server.methodCode == FULLNAT) {
            return ConnectionLayout.OUT_INDEXED | ConnectionLayout.HAS_LOCAL_PORT;
        }
        boolean sameFamily = server.destination.spec.address().isIpv6() == ipv6;
        return server.hasOutput() && sameFamily
                ? ConnectionLayout.OUT_INDEXED
                : ConnectionLayout.NO_OUTPUT;
    }

    private static void fillClient(long record, PacketBurst burst, int i, boolean ipv6) {
        if (!ipv6) {
            ConnectionLayout.setInKey4(record, burst.key0[i]);
            return;
        }
        ConnectionLayout.setAddress6(record, ConnectionLayout.CLIENT, burst.key0[i], burst.key1[i]);
        ConnectionLayout.setAddress6(
                record, ConnectionLayout.VIRTUAL6, burst.key2[i], burst.key3[i]);
    }

    /** Without FULLNAT the local side is the client, which a tunnel's server may differ from. */
    private void fillServer4(
            long record, PacketBurst burst, int i, ServiceState service, ServerState server) {
        boolean fullNat = server.methodCode == FULLNAT;
        if (!fullNat && ConnectionLayout.isIpv6(record)) {
            return;
        }
        long real =
                Integer.toUnsignedLong(Integer.reverseBytes((int) server.destination.addressLow));
        long localIp = fullNat ? service.localIpv4[local] : (int) burst.key0[i];
        ConnectionLayout.setOutKey4(record, real | localIp << 32);
    }

    private void fillServer6(
            long record, PacketBurst burst, int i, ServiceState service, ServerState server) {
        boolean fullNat = server.methodCode == FULLNAT;
        if (!fullNat && !ConnectionLayout.isIpv6(record)) {
            return;
        }
        Destination destination = server.destination;
        ConnectionLayout.setAddress6(
                record,
                ConnectionLayout.REAL6,
                Long.reverseBytes(destination.addressHigh),
                Long.reverseBytes(destination.addressLow));
        ConnectionLayout.setAddress6(
                record,
                ConnectionLayout.LOCAL6,
                fullNat ? service.localHigh[local] : burst.key0[i],
                fullNat ? service.localLow[local] : burst.key1[i]);
    }
}
