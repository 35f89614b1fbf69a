package io.jvs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.scheduler.Scheduler;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulerBenchmarkTest {
    static Set<String> names() {
        return Scheduler.names();
    }

    /**
     * A walk over the list would cost several hundred times as much; here it is one more look for
     * each doubling, and caches that are further away. Rounds take turns: what disturbs the machine
     * disturbs both sides.
     */
    @ParameterizedTest
    @MethodSource("names")
    void shouldNotWalkOverAllServers(String name) {
        double[] nanos = SchedulerBenchmark.measure(name, new int[] {10, 10_000}, 21);
        assertThat(nanos[1]).isLessThanOrEqualTo(50 * nanos[0]);
    }
}
