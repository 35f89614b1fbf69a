package io.jvs.worker;

import io.jvs.service.Limits;
import org.jspecify.annotations.Nullable;

/** The limits of one virtual service or real server, as one worker draws on them. */
final class LimitState {
    /** A bucket of bytes holds one packet as long as it may be at least. */
    private static final int LEAST_BYTES = 1 << 16;

    /** Open connections on all workers, 0 for no limit. */
    final int maxConnections;

    final @Nullable RateLimit connections;
    final @Nullable RateLimit packets;
    final @Nullable RateLimit bytes;

    private LimitState(Limits limits, int workers) {
        int burst = limits.burstMillis() == 0 ? Limits.DEFAULT_BURST_MILLIS : limits.burstMillis();
        maxConnections = limits.connections();
        connections = limit(limits.connectionsPerSecond(), burst, 1, workers);
        packets = limit(limits.packetsPerSecond(), burst, 1, workers);
        bytes = limit(limits.bytesPerSecond(), burst, LEAST_BYTES, workers);
    }

    /** The state of {@code limits}, null when there are none. */
    static @Nullable LimitState of(Limits limits, int workers) {
        boolean none =
                limits.connections() == 0
                        && limits.connectionsPerSecond() == 0
                        && !limits.hasTraffic();
        return none ? null : new LimitState(limits, workers);
    }

    private static @Nullable RateLimit limit(long rate, int burst, long least, int workers) {
        return rate == 0 ? null : new RateLimit(rate, burst, least, workers);
    }

    /** Whether packets or bytes are limited. */
    boolean hasTraffic() {
        return packets != null || bytes != null;
    }
}
