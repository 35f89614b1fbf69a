package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionTable;

/**
 * expire_nodest_conn: when a real server is removed, all connections of removed servers end, also
 * those that have no more packets (ip_vs_expire_nodest_conn_flush in ip_vs_conn.c). The table is
 * walked in bounded steps. One thread.
 */
final class OrphanSweep {
    /** The most places that are looked at in one turn of the worker. */
    private static final int STEPS_MAX = 64;

    private static final int IDLE = -1;

    private final WorkerState state;
    private final ConnectionTable table;
    private int cursor = IDLE;
    private boolean again;

    OrphanSweep(WorkerState state) {
        this.state = state;
        this.table = state.table;
    }

    /** A real server has been removed. */
    void onServerRemoved() {
        if (!state.settings.expireNodestConn) {
            return;
        }
        if (cursor == IDLE) {
            cursor = 0;
        } else {
            again = true;
        }
    }

    /** Goes on for a bit; true when there is nothing more to do. */
    boolean passTime() {
        int steps = 0;
        while (cursor != IDLE && steps < STEPS_MAX) {
            int id = table.next(cursor, STEPS_MAX - steps);
            steps += Math.max(1, Math.abs(id) - cursor);
            if (id > 0) {
                cursor = id;
                look(id);
            } else if (id < 0) {
                cursor = -id;
            } else {
                cursor = again ? 0 : IDLE;
                again = false;
            }
        }
        return cursor == IDLE;
    }

    private void look(int id) {
        long record = table.address(id);
        ServerState server = state.servers[ConnectionLayout.serverIndex(record)];
        if (server.present
                || server.exit != ServerState.EXIT_KEEP
                || state.extras.controlled(record) > 0) {
            return;
        }
        int control = ConnectionLayout.control(record);
        table.remove(id);
        if (control != 0 && state.extras.controlled(table.address(control)) == 0) {
            table.remove(control);
        }
    }
}
