package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionListener;

/** What happens when a connection's time is up. */
final class ConnectionReaper implements ConnectionListener {
    private final WorkerState state;

    ConnectionReaper(WorkerState state) {
        this.state = state;
    }

    @Override
    public boolean mayExpire(int id, long record, int nowTicks) {
        return true;
    }

    @Override
    public void onRemoved(int id, long record) {
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        ServerCounts.unbind(state, server, ConnectionLayout.has(record, ConnectionLayout.ACTIVE));
        if (ConnectionLayout.has(record, ConnectionLayout.HAS_LOCAL_PORT)) {
            state.localAddresses.releasePortOf(record);
        }
    }
}
