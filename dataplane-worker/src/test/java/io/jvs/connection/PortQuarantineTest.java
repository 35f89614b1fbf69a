package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.Address;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortQuarantineTest {
    private static final Address LOCAL = Address.parse("10.0.0.9");
    private static final Address REAL = Address.parse("192.168.77.1");
    private static final int SECOND = ConnectionLayout.TICKS_PER_SECOND;

    private final LocalAddressPool pool = new LocalAddressPool(4, 11);
    private final MemoryRegion region = MemoryRegion.anonymous(4096);
    private int now;

    @AfterEach
    void close() {
        pool.close();
        region.close();
    }

    private void at(int ticks) {
        now = ticks;
        pool.setTime(ticks);
    }

    private long record(int protocol, int port, int lastSeen) {
        long record = region.address();
        ConnectionLayout.setProtocol(record, protocol);
        Memory.putByte(record + 5, 4);
        ConnectionLayout.setAddress4(
                record, ConnectionLayout.REAL4, Integer.reverseBytes((int) REAL.low()));
        ConnectionLayout.setAddress4(
                record, ConnectionLayout.LOCAL4, Integer.reverseBytes((int) LOCAL.low()));
        ConnectionLayout.setOutPorts(record, raw(80) | raw(port) << 16);
        ConnectionLayout.setLastSeenTicks(record, lastSeen);
        return record;
    }

    private static int raw(int port) {
        return Short.reverseBytes((short) port) & 0xFFFF;
    }

    private int exhaust(int pair) {
        int last = -1;
        for (int port = pool.acquire(pair); port >= 0; port = pool.acquire(pair)) {
            last = port;
        }
        return last;
    }

    @Test
    void shouldKeepThePortOfATcpConnectionThatJustEnded() {
        at(Integer.MAX_VALUE - 20 * SECOND); // the clock wraps on the way
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int port = exhaust(pair);
        pool.releasePortOf(record(6, port, now));
        assertThat(pool.waiting(pair)).isEqualTo(1);
        assertThat(pool.waitingPorts()).isEqualTo(1);
        int end = now + LocalAddressPool.QUARANTINE_TICKS;
        while (now - end < 0) {
            assertThat(pool.acquire(pair)).isEqualTo(-1);
            at(now + SECOND);
        }
        at(now + 31 * SECOND);
        assertThat(pool.acquire(pair)).isEqualTo(port);
        assertThat(pool.waiting(pair)).isZero();
        assertThat(pool.waitingPorts()).isZero();
        assertThat(pool.used(pair)).isEqualTo(pool.capacity());
    }

    @Test
    void shouldGiveAPortAtOnceThatTheServerHasForgotten() {
        at(100 * SECOND);
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int port = exhaust(pair);
        pool.releasePortOf(record(6, port, now - LocalAddressPool.QUARANTINE_TICKS));
        assertThat(pool.acquire(pair)).isEqualTo(port);
    }

    @Test
    void shouldGiveAPortOfUdpAtOnce() {
        int pair = pool.pair(LOCAL, 17, REAL, 80);
        int port = exhaust(pair);
        pool.releasePortOf(record(17, port, now));
        assertThat(pool.acquire(pair)).isEqualTo(port);
    }

    @Test
    void shouldNeverGiveAPortTooEarlyNorKeepItForever() {
        SplittableRandom random = new SplittableRandom(3);
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        ArrayDeque<Integer> open = new ArrayDeque<>();
        Map<Integer, Integer> ended = new HashMap<>();
        for (int i = 0; i < 400_000; i++) {
            at(now + random.nextInt(2));
            int port = random.nextInt(2) == 0 ? pool.acquire(pair) : -1;
            if (port >= 0) {
                Integer before = ended.remove(port);
                if (before != null) {
                    assertThat(now - before)
                            .isGreaterThanOrEqualTo(LocalAddressPool.QUARANTINE_TICKS);
                }
                open.add(port);
            } else if (!open.isEmpty()) {
                int old = open.remove();
                pool.releasePortOf(record(6, old, now));
                ended.put(old, now);
            }
        }
        int waiting = pool.waiting(pair);
        assertThat(waiting).isPositive();
        assertThat(pool.used(pair)).isEqualTo(open.size() + waiting);
        int since = now;
        ended.values().removeIf(end -> since - end > 90 * SECOND);
        assertThat(waiting).isLessThanOrEqualTo(ended.size());
        at(now + 500 * SECOND);
        assertThat(pool.waiting(pair)).isZero();
        assertThat(pool.used(pair)).isEqualTo(open.size());
    }

    @Test
    void shouldEndAPairWhenItsPortsHaveWaited() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int port = pool.acquire(pair);
        pool.unpair(pair);
        pool.releasePortOf(record(6, port, now));
        for (int i = 1; i < 4; i++) {
            pool.pair(LOCAL, 6, REAL, 80 + i);
        }
        assertThat(pool.pair(LOCAL, 6, REAL, 90)).isEqualTo(-1);
        at(now + 100 * SECOND);
        assertThat(pool.pair(LOCAL, 6, REAL, 90)).isEqualTo(pair);
        assertThat(pool.waitingPorts()).isZero();
    }
}
