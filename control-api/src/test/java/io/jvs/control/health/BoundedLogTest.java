package io.jvs.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoundedLogTest {
    @Test
    void shouldSayTwentyLinesASecond() {
        AtomicLong nowNs = new AtomicLong(5);
        BoundedLog log = new BoundedLog(nowNs::get);
        int said = 0;
        for (int i = 0; i < 1000; i++) {
            said += log.takes() ? 1 : 0;
        }
        assertThat(said).isEqualTo(20);
        nowNs.addAndGet(999_999_999L);
        assertThat(log.takes()).isFalse();
        nowNs.addAndGet(1);
        assertThat(log.takes()).isTrue();
    }

    @Test
    void shouldKnowErrorsOfTheHostItself() {
        assertThat(TcpCheck.isOurs("Too many open files")).isTrue();
        assertThat(TcpCheck.isOurs("Connection refused")).isFalse();
        assertThat(TcpCheck.isOurs("No route to host")).isFalse();
    }
}
