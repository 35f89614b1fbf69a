package io.jvs.director;

import io.jvs.worker.CountersView;
import io.jvs.worker.ServiceCounter;

/**
 * What connection ids of QUIC did for a virtual service.
 *
 * @param routed connections that began at the real server that the id names
 * @param unknown packets that began a connection and whose id names no real server
 */
public record QuicCounts(long routed, long unknown) {
    static QuicCounts read(CountersView counters, int index) {
        return new QuicCounts(
                counters.service(index, ServiceCounter.QUIC_ROUTED),
                counters.service(index, ServiceCounter.QUIC_UNKNOWN));
    }

    QuicCounts minus(QuicCounts base) {
        return new QuicCounts(routed - base.routed, unknown - base.unknown);
    }
}
