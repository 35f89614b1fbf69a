package io.jvs.director;

import io.jvs.worker.CountersView;
import io.jvs.worker.ServiceCounter;

/**
 * Packets of a virtual service that went no further.
 *
 * @param denied would have opened a connection that its access list denies
 * @param limitedConnections would have opened a connection beyond a limit
 * @param limitedPackets of connections, beyond a limit
 */
public record Refused(long denied, long limitedConnections, long limitedPackets) {
    static Refused read(CountersView counters, int index) {
        return new Refused(
                counters.service(index, ServiceCounter.DENIED),
                counters.service(index, ServiceCounter.LIMITED_CONNECTIONS),
                counters.service(index, ServiceCounter.LIMITED_PACKETS));
    }

    Refused minus(Refused base) {
        return new Refused(
                denied - base.denied,
                limitedConnections - base.limitedConnections,
                limitedPackets - base.limitedPackets);
    }
}
