package io.jvs.bench.replay;

import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.List;

/** What the director under test says of itself, in the words of the recordings. */
final class DirectorState {
    /**
     * A connection.
     *
     * @param protocol TCP, UDP, SCTP, or IP for the template of a mark
     * @param client client endpoint
     * @param virtual virtual endpoint
     * @param real real server's endpoint
     * @param state as ipvsadm -Lnc names it
     * @param expiresMillis time left
     * @param returns whether answers pass the director
     */
    record Entry(
            String protocol,
            String client,
            String virtual,
            String real,
            String state,
            long expiresMillis,
            boolean returns) {
        /** Seconds left, as the kernel shows them. */
        int expires() {
            return (int) (expiresMillis / 1000);
        }

        /** Everything but the time left. */
        String identity() {
            return String.join(" ", protocol, client, virtual, real, state);
        }
    }

    /**
     * A real server.
     *
     * @param endpoint address and port
     * @param weight its weight in force
     * @param active active connections
     * @param inactive inactive connections
     */
    record Server(String endpoint, long weight, long active, long inactive) {
        @Override
        public String toString() {
            return endpoint + " " + weight + " " + active + " " + inactive;
        }
    }

    private static final int PAGE = 100_000;

    private final SimulatedDirector director;

    DirectorState(SimulatedDirector director) {
        this.director = director;
    }

    List<VirtualService> services() {
        return director.ask(
                        "ListVirtualServices",
                        ListVirtualServicesRequest.newBuilder().setPageSize(1000).build(),
                        ListVirtualServicesResponse.parser())
                .getVirtualServicesList();
    }

    /** The servers of each service, in list order. */
    List<List<Server>> servers() {
        List<List<Server>> all = new ArrayList<>();
        for (VirtualService service : services()) {
            List<Server> servers = new ArrayList<>();
            for (RealServer server : service.getRealServersList()) {
                servers.add(
                        new Server(
                                endpoint(server.getAddress(), server.getPort()),
                                server.getEffectiveWeight(),
                                server.getActiveConnections(),
                                server.getInactiveConnections()));
            }
            if (!servers.isEmpty()) {
                all.add(servers);
            }
        }
        return all;
    }

    List<Connection> rawConnections() {
        return director.ask(
                        "ListConnections",
                        ListConnectionsRequest.newBuilder().setPageSize(PAGE).build(),
                        ListConnectionsResponse.parser())
                .getConnectionsList();
    }

    List<Entry> connections() {
        List<Entry> entries = new ArrayList<>();
        for (Connection connection : rawConnections()) {
            entries.add(entry(connection));
        }
        return entries;
    }

    private static Entry entry(Connection connection) {
        boolean nat =
                switch (connection.getForwardingMethod()) {
                    case FORWARDING_METHOD_NAT, FORWARDING_METHOD_FULLNAT -> true;
                    default -> false;
                };
        return new Entry(
                protocol(connection.getProtocol()),
                endpoint(connection.getClientAddress(), connection.getClientPort()),
                endpoint(connection.getVirtualAddress(), connection.getVirtualPort()),
                endpoint(connection.getRealAddress(), connection.getRealPort()),
                connection.getState(),
                connection.getExpiresMillis(),
                nat);
    }

    static String protocol(int number) {
        return switch (number) {
            case 0 -> "IP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 132 -> "SCTP";
            default -> Integer.toString(number);
        };
    }

    private static String endpoint(String address, int port) {
        return TrafficCount.endpoint(Address.parse(address), port);
    }
}
