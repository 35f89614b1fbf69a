package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static int taken(TokenBucket bucket, int nowTicks, int tries) {
        int count = 0;
        for (int i = 0; i < tries; i++) {
            count += bucket.take(nowTicks) ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldAllowABurstThenTheRate() {
        TokenBucket bucket = new TokenBucket(1000, 50);
        int start = 12_345;
        assertThat(taken(bucket, start, 100)).isEqualTo(50);
        assertThat(taken(bucket, start + 1, 100)).isEqualTo(10);
        assertThat(taken(bucket, start + 3, 100)).isEqualTo(20);
        assertThat(taken(bucket, start + 1000, 100)).isEqualTo(50);
    }

    @Test
    void shouldKeepFractionsOfAToken() {
        TokenBucket bucket = new TokenBucket(30, 1);
        assertThat(taken(bucket, 0, 5)).isEqualTo(1);
        int count = 0;
        for (int tick = 1; tick <= 1000; tick++) {
            count += taken(bucket, tick, 5);
        }
        assertThat(count).isBetween(240, 300);
    }

    @Test
    void shouldSurviveTheWrapOfTime() {
        TokenBucket bucket = new TokenBucket(100, 2);
        assertThat(taken(bucket, Integer.MAX_VALUE, 5)).isEqualTo(2);
        assertThat(taken(bucket, Integer.MIN_VALUE, 5)).isEqualTo(1);
        assertThat(taken(bucket, -5, 5)).isEqualTo(2);
    }
}
