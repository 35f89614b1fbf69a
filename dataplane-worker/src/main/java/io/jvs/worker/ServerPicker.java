package io.jvs.worker;

import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Flow;
import io.jvs.scheduler.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service's scheduler for a real server. With several workers, schedulers that look at
 * connection counts see the sum over all workers: their own and what the others had when they were
 * last asked, at most a millisecond ago for up to {@link #REFRESH_MAX} servers. A server with an
 * upper threshold is asked about again when it is picked, so that at most one connection for each
 * other worker goes over it, all at the same moment. One thread.
 */
final class ServerPicker {
    /** Most real servers whose counts are read for one pick. */
    static final int REFRESH_MAX = 64;

    /** Most picks for one connection, as the first ones may turn out to be full. */
    private static final int PICKS = 8;

    private final WorkerState state;

    ServerPicker(WorkerState state) {
        this.state = state;
    }

    /** The real server for a new connection, or null. */
    @Nullable Destination pick(ServiceState service, Flow flow) {
        return state.handover == null
                ? Scheduler.pick(service.scheduler, flow)
                : pickAmongAll(service, flow);
    }

    private @Nullable Destination pickAmongAll(ServiceState service, Flow flow) {
        if (service.readsCounts && service.countsMillis != state.nowMillis) {
            refresh(service);
        }
        stagger(service, flow);
        boolean refreshed = false;
        for (int tries = 0; tries < PICKS; tries++) {
            Destination picked = Scheduler.pick(service.scheduler, flow);
            if (picked != null && !isFull(picked)) {
                return picked;
            }
            if (picked == null && (refreshed || !service.hasThresholds)) {
                return null;
            }
            if (picked == null) {
                // One of them may have got room since.
                refreshed = true;
                refresh(service);
            }
        }
        return null;
    }

    /** Workers begin at different servers, so that the first connections do not all meet. */
    private static void stagger(ServiceState service, Flow flow) {
        while (service.skips > 0) {
            service.skips--;
            Scheduler.pick(service.scheduler, flow);
        }
    }

    /** Whether a server with a threshold has reached it by what the others have now. */
    private boolean isFull(Destination server) {
        if (server.spec.upperThreshold() == 0) {
            return false;
        }
        refresh(server);
        return server.overloaded;
    }

    private void refresh(ServiceState service) {
        DestinationList servers = service.servers;
        int from = service.countsNext < servers.size() ? service.countsNext : 0;
        int to = Math.min(servers.size(), from + REFRESH_MAX);
        for (int i = from; i < to; i++) {
            refresh(servers.get(i));
        }
        service.countsNext = to;
        if (to == servers.size()) {
            service.countsNext = 0;
            service.countsMillis = state.nowMillis;
        }
    }

    private void refresh(Destination server) {
        WorkerGroup group = state.group;
        long active = 0;
        long inactive = 0;
        for (int worker = 0; worker < group.workers(); worker++) {
            if (worker != state.worker) {
                WorkerCounters others = group.counters(worker);
                active += others.server(server.serverIndex, ServerCounter.ACTIVE);
                inactive += others.server(server.serverIndex, ServerCounter.INACTIVE);
            }
        }
        server.onForeign((int) active, (int) inactive);
    }
}
