package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;
import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Copies connections out of a worker in steps: a few hundred a cycle, so that no burst waits long.
 * Views are made on the worker's thread but only as many as a step has; a listing is rare.
 */
final class ConnectionListing implements WorkerCommand {
    private static final int STEP = 128;

    /** Slots that are looked at for one connection. */
    private static final int LOOK = 64;

    private final int limit;
    private final WorkerProxy proxy;
    private final List<ConnectionView> views = new ArrayList<>();
    private final CompletableFuture<List<ConnectionView>> result = new CompletableFuture<>();
    private int cursor;

    ConnectionListing(int limit, WorkerProxy proxy) {
        this.limit = limit;
        this.proxy = proxy;
    }

    CompletableFuture<List<ConnectionView>> result() {
        return result;
    }

    @Override
    public void onWorker(WorkerState state, int nowTicks) {
        ConnectionTable table = state.table;
        for (int i = 0; i < STEP && views.size() < limit; i++) {
            int found = table.next(cursor, LOOK);
            if (found == 0) {
                finish();
                return;
            }
            cursor = Math.abs(found);
            if (found > 0) {
                views.add(view(state, table.address(found), nowTicks));
            }
        }
        if (views.size() >= limit || !proxy.tryOffer(this)) {
            finish();
        }
    }

    @Override
    public void onFailed(RuntimeException failure) {
        Thread.ofVirtual().start(() -> result.completeExceptionally(failure));
    }

    private void finish() {
        List<ConnectionView> all = List.copyOf(views);
        Thread.ofVirtual().start(() -> result.complete(all));
    }

    private static ConnectionView view(WorkerState state, long record, int nowTicks) {
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        boolean ipv6 = ConnectionLayout.isIpv6(record);
        boolean hasLocal = ConnectionLayout.has(record, ConnectionLayout.HAS_LOCAL_PORT);
        int left = ConnectionLayout.deadlineTicks(record) - nowTicks;
        int inPorts = ConnectionLayout.inPorts(record);
        int outPorts = ConnectionLayout.outPorts(record);
        int virtual = ipv6 ? ConnectionLayout.VIRTUAL6 : ConnectionLayout.VIRTUAL4;
        return new ConnectionView(
                ConnectionLayout.protocol(record),
                address(record, ipv6, ConnectionLayout.CLIENT),
                port(inPorts),
                address(record, ipv6, virtual),
                port(inPorts >>> 16),
                server.destination.spec.address(),
                port(outPorts),
                hasLocal ? local(record) : address(record, ipv6, ConnectionLayout.CLIENT),
                port(hasLocal ? outPorts >>> 16 : inPorts),
                ConnectionLayout.methodOf(ConnectionLayout.method(record)),
                stateName(record),
                Math.max(0, left) * 10L,
                ConnectionLayout.has(record, ConnectionLayout.TEMPLATE));
    }

    private static Address local(long record) {
        boolean ipv6 = ConnectionLayout.isServerIpv6(record);
        int offset = ipv6 ? ConnectionLayout.LOCAL6 : ConnectionLayout.LOCAL4;
        boolean short6 = !ipv6 && ConnectionLayout.isMixed(record);
        return address(record, ipv6, short6 ? ConnectionLayout.LOCAL_MIXED4 : offset);
    }

    private static String stateName(long record) {
        if (ConnectionLayout.has(record, ConnectionLayout.TEMPLATE)) {
            return ConnectionLayout.has(record, ConnectionLayout.ASSURED) ? "ASSURED" : "NONE";
        }
        return ConnectionState.name(ConnectionLayout.state(record));
    }

    private static int port(int raw) {
        return Short.toUnsignedInt(Short.reverseBytes((short) raw));
    }

    private static Address address(long record, boolean ipv6, int offset) {
        return ipv6
                ? Address.ofIpv6(
                        Long.reverseBytes(ConnectionLayout.address6First(record, offset)),
                        Long.reverseBytes(ConnectionLayout.address6Last(record, offset)))
                : Address.ofIpv4(Integer.reverseBytes(ConnectionLayout.address4(record, offset)));
    }
}
