package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.forwarding.ServerPath;
import io.jvs.forwarding.ServerPaths;
import io.jvs.link.NeighborTable;
import io.jvs.link.RouteTable;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Stage 7a: the next hop of every packet of a connection, and its real server's counters. Towards
 * the server it is kept with the server; towards the client it is the route of the client's
 * address.
 */
final class RouteStage {
    private final WorkerState state;
    private final ServerPaths paths;
    private final RouteTable routes;
    private final NeighborTable neighbors;
    private final WorkerCounters counters;

    RouteStage(WorkerState state) {
        this.state = state;
        this.paths = state.paths;
        this.routes = state.routes;
        this.neighbors = state.neighbors;
        this.counters = state.counters;
    }

    /** Sets nextHop and mtu of rows with a connection, or a drop. */
    void route(PacketBurst burst, int nowTicks) {
        for (int i = 0; i < burst.count; i++) {
            long connection = burst.connection[i];
            if (connection != 0 && burst.verdict[i] == Verdict.NONE) {
                if (burst.direction[i] == PacketBurst.FROM_CLIENT) {
                    toServer(burst, i, connection, nowTicks);
                } else {
                    toClient(burst, i, connection);
                }
            }
        }
    }

    private void toServer(PacketBurst burst, int i, long connection, int nowTicks) {
        int index = ConnectionLayout.serverIndex(connection);
        ServerState server = state.servers[index];
        if (!server.present) {
            burst.verdict[i] = Verdict.DROP_SERVER_REMOVED;
            return;
        }
        count(burst, i, index);
        ServerPath path = paths.get(index);
        if (path.nextHop == PacketBurst.NEXT_HOP_NONE) {
            burst.verdict[i] = Verdict.DROP_NO_ROUTE;
            return;
        }
        burst.nextHop[i] = path.nextHop;
        burst.mtu[i] = paths.mtu(index, nowTicks);
    }

    /** A datagram in fragments counts as the one packet that it is to the kernel. */
    private void count(PacketBurst burst, int i, int server) {
        boolean later = FragmentWord.isLater(burst.fragment[i]);
        int bytes = later ? burst.fragmentBytes[i] : burst.end[i] - burst.layer3[i];
        counters.countServer(server, burst.direction[i], later ? 0 : 1, bytes);
    }

    private void toClient(PacketBurst burst, int i, long connection) {
        count(burst, i, ConnectionLayout.serverIndex(connection));
        routeToClient(burst, i, connection);
    }

    /** Sets next hop and MTU of the way to a connection's client, or a drop. */
    void routeToClient(PacketBurst burst, int i, long connection) {
        int route =
                ConnectionLayout.isIpv6(connection)
                        ? routes.lookup6(clientFirst(connection), clientLast(connection))
                        : routes.lookup4(client4(connection));
        if (route < 0) {
            burst.verdict[i] = Verdict.DROP_NO_ROUTE;
            return;
        }
        burst.nextHop[i] = hop(connection, route);
        burst.mtu[i] = routes.mtu(route);
    }

    private int hop(long connection, int route) {
        int gateway = routes.gateway(route);
        if (gateway >= 0) {
            return gateway;
        }
        int interfaceNumber = routes.interfaceNumber(route);
        return ConnectionLayout.isIpv6(connection)
                ? neighbors.index6(interfaceNumber, clientFirst(connection), clientLast(connection))
                : neighbors.index4(interfaceNumber, client4(connection));
    }

    private static int client4(long connection) {
        return ConnectionLayout.address4(connection, ConnectionLayout.CLIENT);
    }

    private static long clientFirst(long connection) {
        return ConnectionLayout.address6First(connection, ConnectionLayout.CLIENT);
    }

    private static long clientLast(long connection) {
        return ConnectionLayout.address6Last(connection, ConnectionLayout.CLIENT);
    }
}
