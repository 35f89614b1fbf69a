package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Must show 1: a million random FULLNAT connections in all, through the whole packet path over
 * model adapters whose RSS is the only thing that brings packets to workers. Each is answered by
 * its server, and no packet is for another worker than the one that its queue is of.
 */
class SteeredConnectionsTest {
    private static final int CONNECTIONS = 125_000;
    private static final int BATCH = 250;

    @ParameterizedTest
    @CsvSource({
        "2, false",
        "2, true",
        "4, false",
        "4, true",
        "8, false",
        "8, true",
        "16, false",
        "16, true"
    })
    void shouldNeverNeedAnotherWorker(int workers, boolean ipv6) {
        DataplaneSpec spec = SteeredTraffic.spec(workers, MemoryPorts.RSS, MemoryPorts.RSS);
        SteeredTraffic traffic = new SteeredTraffic(ipv6);
        try (MemoryDataplane dataplane = MemoryDataplane.open(spec, 1_000_000_000L)) {
            assertThat(dataplane.ports()).extracting(PortView::steering).containsOnly(Steering.RSS);
            assertThat(dataplane.apply(1, traffic.changes()).join()).isEqualTo(1);
            for (int done = 0; done < CONNECTIONS; done += BATCH) {
                assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            }
            CountersView counters = dataplane.counters();
            assertThat(counters.connections()).isEqualTo(CONNECTIONS);
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(2 * CONNECTIONS);
            assertThat(dataplane.workers())
                    .allSatisfy(worker -> {
                        assertThat(worker.handedOver()).isZero();
                        assertThat(worker.takenOver()).isZero();
                        assertThat(worker.misdirected()).isZero();
                        assertThat(worker.receivedPackets()).isGreaterThan(CONNECTIONS / workers);
                    });
            assertThat(dataplane.buffersInUse()).isZero();
        }
    }
}
