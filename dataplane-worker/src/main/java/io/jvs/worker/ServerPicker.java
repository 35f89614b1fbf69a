package io.jvs.worker;

import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Flow;
import io.jvs.scheduler.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service's scheduler for a real server. With several workers, schedulers that look at
 * connection counts see the sum over all workers: their own and what the others had when they were
 * last asked. Of up to {@link #REFRESH_MAX} servers that is at most a millisecond ago. Of more, so
 * many are asked about each millisecond and {@link #REFRESH_EACH} with each pick, in turn, and the
 * one that is picked at once: when its counts have changed, the scheduler is asked again. A server
 * with an upper threshold is asked about again when it is picked, so that at most one connection
 * for each other worker goes over it, all at the same moment. One thread.
 */
final class ServerPicker {
    /** Most real servers whose counts are read for one pick. */
    static final int REFRESH_MAX = 64;

    /** Servers whose counts are read with every pick from more than {@link #REFRESH_MAX}. */
    private static final int REFRESH_EACH = 2;

    /** Picks that are made again for one connection, as their counts were old. */
    private static final int REPEATS = 2;

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
        boolean isLarge = service.servers.slots() > REFRESH_MAX;
        if (service.readsCounts) {
            catchUp(service, isLarge);
        }
        stagger(service, flow);
        boolean refreshed = false;
        int repeats = isLarge && service.isCounting ? REPEATS : 0;
        for (int tries = 0; tries < PICKS; tries++) {
            Destination picked = Scheduler.pick(service.scheduler, flow);
            if (picked == null) {
                if (refreshed || !service.hasThresholds) {
                    return null;
                }
                // One of them may have got room since.
                refreshed = true;
                refresh(service, REFRESH_MAX);
            } else if (!hasThreshold(picked) && repeats == 0) {
                return picked;
            } else {
                boolean changed = refresh(picked);
                if (!(hasThreshold(picked) && picked.isOverloaded()) && !(changed && repeats > 0)) {
                    return picked;
                }
                repeats -= repeats > 0 ? 1 : 0;
            }
        }
        return null;
    }

    private static boolean hasThreshold(Destination server) {
        return server.spec.upperThreshold() != 0;
    }

    /** Reads what the others have, of all servers or of some. */
    private void catchUp(ServiceState service, boolean isLarge) {
        boolean isNewMilli = service.countsMillis != state.nowMillis;
        service.countsMillis = state.nowMillis;
        if (isNewMilli) {
            refresh(service, REFRESH_MAX);
        } else if (isLarge) {
            refresh(service, REFRESH_EACH);
        }
    }

    /** Workers begin at different servers, so that the first connections do not all meet. */
    private static void stagger(ServiceState service, Flow flow) {
        while (service.skips > 0) {
            service.skips--;
            Scheduler.pick(service.scheduler, flow);
        }
    }

    private void refresh(ServiceState service, int most) {
        DestinationList servers = service.servers;
        int slots = servers.slots();
        int next = service.countsNext;
        for (int i = 0; i < most && i < slots; i++) {
            next = next < slots ? next : 0;
            Destination server = servers.at(next++);
            if (server != null) {
                refresh(server);
            }
        }
        service.countsNext = next;
    }

    private boolean refresh(Destination server) {
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
        return server.setForeign((int) active, (int) inactive);
    }
}
