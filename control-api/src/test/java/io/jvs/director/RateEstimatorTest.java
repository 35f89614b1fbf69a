package io.jvs.director;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateEstimatorTest {
    private static Totals totals(long connections, long bytes) {
        return new Totals(connections, 0, 0, bytes, 0);
    }

    @Test
    void shouldMoveAQuarterOfTheWayEachPeriod() {
        RateEstimator estimator = new RateEstimator(Totals.ZERO);
        // 2,000 connections in 2 s are 1,000 a second; a quarter of that is 250.
        estimator.onEstimate(totals(2000, 0));
        assertThat(estimator.rates().connections()).isEqualTo(250);
        estimator.onEstimate(totals(4000, 0));
        assertThat(estimator.rates().connections()).isEqualTo(437);
    }

    @Test
    void shouldComeToTheTrueRateAndFallBackToNothing() {
        RateEstimator estimator = new RateEstimator(Totals.ZERO);
        long sum = 0;
        for (int i = 0; i < 60; i++) {
            sum += 200_000_000;
            estimator.onEstimate(totals(0, sum));
        }
        assertThat(estimator.rates().incomingBytes()).isBetween(99_999_990L, 100_000_000L);
        for (int i = 0; i < 120; i++) {
            estimator.onEstimate(totals(0, sum));
        }
        assertThat(estimator.rates()).isEqualTo(Rates.ZERO);
    }

    @Test
    void shouldForgetWhenZeroed() {
        RateEstimator estimator = new RateEstimator(Totals.ZERO);
        estimator.onEstimate(totals(2000, 0));
        estimator.onZero(totals(2000, 0));
        assertThat(estimator.rates()).isEqualTo(Rates.ZERO);
        estimator.onEstimate(totals(2000, 0));
        assertThat(estimator.rates()).isEqualTo(Rates.ZERO);
    }
}
