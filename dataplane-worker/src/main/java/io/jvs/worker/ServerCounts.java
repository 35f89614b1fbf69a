package io.jvs.worker;

import io.jvs.scheduler.Destination;

/** Keeps a real server's connection counts and makes them visible outside the worker. */
final class ServerCounts {
    private ServerCounts() {}

    /** A new connection, inactive until its state says otherwise. */
    static void bind(WorkerState state, ServerState server) {
        server.destination.addConnection();
        state.serverTable.noteChanged(server.destination);
        countOpen(state, server.service, 1);
        if (server.destination.spec.upperThreshold() != 0) {
            // The other workers look at their next pick.
            publish(state, server.destination);
        }
    }

    /** A new persistence template. */
    static void bindTemplate(WorkerState state, ServerState server) {
        server.destination.addTemplate();
        state.serverTable.noteChanged(server.destination);
    }

    /** A persistence template is gone. */
    static void unbindTemplate(WorkerState state, ServerState server) {
        server.destination.removeTemplate();
        state.serverTable.noteChanged(server.destination);
    }

    /** A connection is gone. */
    static void unbind(WorkerState state, ServerState server, boolean active) {
        Destination destination = server.destination;
        destination.removeConnection(active);
        state.serverTable.noteChanged(destination);
        countOpen(state, server.service, -1);
    }

    private static void countOpen(WorkerState state, ServiceState service, int change) {
        service.open += change;
        if (service.limits != null) {
            state.counters.publishOpen(service.index, service.open);
        }
    }

    private static void publish(WorkerState state, Destination server) {
        state.counters.publishServer(
                server.serverIndex, server.active(), server.inactive(), server.persistent());
    }

    /** Makes changed counts visible outside the worker. */
    static void publishChanged(WorkerState state) {
        Destination changed = state.serverTable.takeChanged();
        while (changed != null) {
            publish(state, changed);
            changed = state.serverTable.takeChanged();
        }
    }
}
