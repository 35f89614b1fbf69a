package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionListener;

/** What happens when a connection's time is up. */
final class ConnectionReaper implements ConnectionListener {
    private static final int IN_USE_TICKS = 60 * ConnectionLayout.TICKS_PER_SECOND;

    private final WorkerState state;

    ConnectionReaper(WorkerState state) {
        this.state = state;
    }

    @Override
    public boolean mayExpire(int id, long record, int nowTicks) {
        if (state.extras.controlled(record) > 0) {
            // It still controls connections: ip_vs_conn_expire() puts it off by a minute.
            ConnectionLayout.setLastSeenTicks(record, nowTicks);
            ConnectionLayout.setTimeoutTicks(record, IN_USE_TICKS);
            return false;
        }
        return !ConnectionLayout.has(record, ConnectionLayout.PROXIED)
                || !state.syns.keeps(id, record, nowTicks);
    }

    @Override
    public void onRemoved(int id, long record) {
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        if (ConnectionLayout.has(record, ConnectionLayout.TEMPLATE)) {
            ServerCounts.unbindTemplate(state, server);
            return;
        }
        if (ConnectionLayout.has(record, ConnectionLayout.HALF_KNOWN)) {
            state.expected.onRemoved(record);
        }
        int control = ConnectionLayout.control(record);
        if (control != 0) {
            state.extras.countControlled(state.table.address(control), -1);
        }
        if (ConnectionLayout.has(record, SynStage.TRACKED)) {
            state.syns.onRemoved(record, server.service);
        }
        state.extras.detach(record);
        ServerCounts.unbind(state, server, ConnectionLayout.has(record, ConnectionLayout.ACTIVE));
        if (ConnectionLayout.has(record, ConnectionLayout.HAS_LOCAL_PORT)) {
            state.localAddresses.releasePortOf(record, server.protocol, server.destination.port);
        }
    }
}
