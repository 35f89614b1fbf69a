package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is believed about the ways, and for how long. */
class PathMtusTest {
    private final PathMtus mtus = new PathMtus();

    @Test
    void shouldKeepTheEndsOfManyTunnelsApart() {
        for (int i = 0; i < 1000; i++) {
            assertThat(mtus.hold(i, i % 7, true)).isEqualTo(2 * i);
            assertThat(mtus.hold(i, i % 7, false)).isEqualTo(2 * i + 1);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(mtus.hold(i, i % 7, true)).isEqualTo(2 * i);
            assertThat(mtus.find(i, i % 7, false)).isEqualTo(2 * i + 1);
            assertThat(mtus.find(i, 7, true)).isEqualTo(-1);
        }
    }

    @Test
    void shouldBelieveTheSmallestForTenMinutes() {
        int now = Integer.MAX_VALUE - 10;
        int end = mtus.hold(1, 0, false);
        assertThat(mtus.limit(end, 1500, now)).isEqualTo(1500);
        mtus.learn(end, 1400, now);
        mtus.learn(end, 1450, now + 100);
        assertThat(mtus.limit(end, 1500, now + 100)).isEqualTo(1400);
        assertThat(mtus.limit(end, 1300, now + 100)).isEqualTo(1300);
        mtus.learn(end, 1350, now + 1000);
        assertThat(mtus.limit(end, 1500, now + 60_999)).isEqualTo(1350);
        assertThat(mtus.limit(end, 1500, now + 61_000)).isEqualTo(1500);
        mtus.learn(end, 1450, now + 61_000);
        assertThat(mtus.limit(end, 1500, now + 61_000)).isEqualTo(1450);
    }

    @Test
    void shouldNotBelieveTooLittle() {
        int four = mtus.hold(1, 0, false);
        int six = mtus.hold(1, 0, true);
        mtus.learn(four, 0, 5);
        mtus.learn(six, 68, 5);
        assertThat(mtus.limit(four, 1500, 5)).isEqualTo(552);
        assertThat(mtus.limit(six, 1500, 5)).isEqualTo(1280);
    }
}
