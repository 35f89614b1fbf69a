package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
    private static final int TICKS = 100;
    private static final int BURST_MILLIS = 20;

    /** Copies of one bucket, as workers have them; what each took is visible to the others. */
    private static final class Group {
        final RateLimit[] copies;
        final long[] taken;

        Group(int workers, long rate, int nowTicks) {
            copies = new RateLimit[workers];
            taken = new long[workers];
            for (int i = 0; i < workers; i++) {
                copies[i] = new RateLimit(rate, BURST_MILLIS, 1, workers);
                copies[i].begin(nowTicks, 0);
            }
        }

        long sum() {
            long sum = 0;
            for (long each : taken) {
                sum += each;
            }
            return sum;
        }

        boolean take(int worker, int nowTicks) {
            RateLimit own = copies[worker];
            if (own.isStale(nowTicks)) {
                own.look(nowTicks, sum() - taken[worker]);
            }
            if (!own.hasCredit()) {
                return false;
            }
            own.take(1);
            taken[worker]++;
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,50",
        "1,1000",
        "1,100000",
        "2,1000",
        "4,50",
        "4,1000",
        "4,100000",
        "8,20000",
        "16,100000"
    })
    void shouldKeepTheRateOverAllWorkers(int workers, long rate) {
        // Ticks that wrap.
        int now = Integer.MAX_VALUE - 150;
        Random random = new Random(rate + workers);
        Group group = new Group(workers, rate, now);
        long before = 0;
        long bucket = Math.max(1, rate * BURST_MILLIS / 1000);
        for (int second = 0; second < 6; second++) {
            for (int tick = 0; tick < TICKS; tick++, now++) {
                // Offered: three times the rate, anyhow spread over the workers.
                int busy = 1 + random.nextInt(workers);
                for (long i = 0; i < 3 * rate / TICKS + 1; i++) {
                    group.take(random.nextInt(busy), now);
                }
            }
            long passed = group.sum() - before;
            before = group.sum();
            assertThat(passed).as("second %d", second).isLessThanOrEqualTo(rate + bucket + workers);
            if (second > 0) {
                assertThat(passed)
                        .as("second %d", second)
                        .isGreaterThanOrEqualTo(rate - rate / 50 - workers);
            }
        }
        assertThat(group.sum()).isBetween(6 * rate - 1, 6 * rate + 2 * bucket + workers);
    }

    @Test
    void shouldBeFullAgainAfterALongTime() {
        Group group = new Group(1, 1000, 0);
        int before = 0;
        for (int now : new int[] {0, 200, 1_000_000, Integer.MIN_VALUE + 5}) {
            while (group.take(0, now)) {
                // to the last
            }
            assertThat(group.sum() - before).isEqualTo(20);
            before = (int) group.sum();
        }
    }
}
