package io.jvs.worker;

import org.jspecify.annotations.Nullable;

/**
 * The rates of packets and bytes for packets that go by the express lane. What the packets of one
 * service take in a burst is noted here and taken from its limits at once, when a packet of another
 * one comes or the burst ends. One thread.
 */
final class ExpressLimits {
    private static final int NOBODY = -1;

    private final WorkerState state;
    private final LimitStage limits;

    /** The service whose room is counted down here. */
    private int open = NOBODY;

    private @Nullable LimitState openLimits;
    private int openedService;
    private long packetsLeft;
    private long bytesLeft;
    private int packetsTaken;
    private int bytesTaken;

    ExpressLimits(WorkerState state) {
        this.state = state;
        this.limits = state.limits;
    }

    /** Whether packets or bytes of anybody are limited. */
    boolean isNeeded() {
        return limits.policesTraffic();
    }

    /** What {@link #passes} needs to know of a server: its service, or -1 when it has own rates. */
    static int service(ServerState server) {
        LimitState own = server.limits;
        return own != null && own.hasTraffic() ? NOBODY : server.service.index;
    }

    /**
     * Whether a packet is within the rates; if so it is taken from them.
     *
     * @param service of the server, see {@link #service}
     * @param bytes of the IP packet
     */
    boolean passes(int service, int serverIndex, int bytes, int nowTicks) {
        if (service != open || service == NOBODY || packetsLeft <= 0 || bytesLeft <= 0) {
            return passesAnew(service, serverIndex, bytes, nowTicks);
        }
        note(bytes);
        return true;
    }

    private void note(int bytes) {
        packetsLeft--;
        bytesLeft -= bytes;
        packetsTaken++;
        bytesTaken += bytes;
    }

    private boolean passesAnew(int service, int serverIndex, int bytes, int nowTicks) {
        settle();
        ServerState server = state.servers[serverIndex];
        LimitState wide = server.service.limits;
        if (wide != null && !limits.hasTrafficCredit(wide, nowTicks, true, server.service.index)) {
            return false;
        }
        LimitState own = server.limits;
        if (service == NOBODY && own != null) {
            if (!limits.hasTrafficCredit(own, nowTicks, false, serverIndex)) {
                return false;
            }
            LimitStage.take(own, 1, bytes);
        }
        open = service;
        openLimits = wide;
        packetsLeft = room(wide == null ? null : wide.packets);
        bytesLeft = room(wide == null ? null : wide.bytes);
        openedService = server.service.index;
        note(bytes);
        return true;
    }

    private static long room(@Nullable RateLimit limit) {
        return limit == null ? Long.MAX_VALUE : limit.room();
    }

    /** Takes from the limits what was noted; before anybody else looks at them. */
    void settle() {
        LimitState wide = openLimits;
        if (wide != null && packetsTaken != 0) {
            LimitStage.take(wide, packetsTaken, bytesTaken);
            state.counters.countService(openedService, ServiceCounter.PACKETS, packetsTaken);
            state.counters.countService(openedService, ServiceCounter.BYTES, bytesTaken);
        }
        open = NOBODY;
        openLimits = null;
        packetsTaken = 0;
        bytesTaken = 0;
    }
}
