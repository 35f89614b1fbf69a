package io.jvs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPortBenchmarkTest {
    /**
     * The 99th percentile, median of 21 rounds that take turns: what disturbs the machine disturbs
     * both sides.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldCostTheSameHoweverFullThePoolIs(int workers) {
        double[] nanos = LocalPortBenchmark.measure(workers, new int[] {5, 95}, 99, 21);
        assertThat(nanos[1]).isLessThanOrEqualTo(3 * nanos[0]);
    }
}
