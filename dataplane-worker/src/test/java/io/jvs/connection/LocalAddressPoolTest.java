package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.Address;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalAddressPoolTest {
    private static final Address LOCAL = Address.parse("10.0.0.9");
    private static final Address REAL = Address.parse("192.168.77.1");
    private static final int ALL = 64_511;

    private final LocalAddressPool pool = new LocalAddressPool(100, 11);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldGiveEveryPortOnceAndThenSayThatThereIsNone() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < ALL; i++) {
            int port = pool.acquire(pair);
            assertThat(port).isBetween(LocalAddressPool.FIRST_PORT, LocalAddressPool.LAST_PORT);
            ports.add(port);
        }
        assertThat(ports).hasSize(ALL);
        assertThat(pool.used(pair)).isEqualTo(pool.capacity());
        assertThat(pool.acquire(pair)).isEqualTo(-1);
        pool.release(pair, 4711);
        assertThat(pool.acquire(pair)).isEqualTo(4711);
        assertThat(pool.acquire(pair)).isEqualTo(-1);
    }

    @Test
    void shouldReuseAPortOnlyAfterAllOthers() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int first = pool.acquire(pair);
        pool.release(pair, first);
        for (int i = 1; i < ALL; i++) {
            int port = pool.acquire(pair);
            assertThat(port).isNotEqualTo(first);
            pool.release(pair, port);
        }
        assertThat(pool.acquire(pair)).isEqualTo(first);
    }

    @Test
    void shouldKeepPairsApart() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int otherPort = pool.pair(LOCAL, 6, REAL, 81);
        int otherProtocol = pool.pair(LOCAL, 17, REAL, 80);
        int otherLocal = pool.pair(Address.parse("10.0.0.10"), 6, REAL, 80);
        int otherReal = pool.pair(LOCAL, 6, Address.parse("192.168.77.2"), 80);
        int ipv6 = pool.pair(Address.parse("2001:db8::1"), 6, Address.parse("2001:db8::2"), 80);
        assertThat(Set.of(pair, otherPort, otherProtocol, otherLocal, otherReal, ipv6)).hasSize(6);
        assertThat(pool.pair(LOCAL, 6, REAL, 80)).isEqualTo(pair);
        for (int i = 0; i < ALL; i++) {
            pool.acquire(pair);
        }
        assertThat(pool.acquire(otherPort)).isPositive();
        assertThat(pool.used(otherProtocol)).isZero();
        assertThatThrownBy(() -> pool.pair(LOCAL, 6, Address.parse("::1"), 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.9");
    }

    @Test
    void shouldDoWhatABitSetDoes() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        SplittableRandom random = new SplittableRandom(3);
        BitSet model = new BitSet();
        ArrayDeque<Integer> held = new ArrayDeque<>();
        int target = 0;
        for (int i = 0; i < 600_000; i++) {
            if (i % 50_000 == 0) {
                target = random.nextInt(ALL + 1);
            }
            if (held.size() < target) {
                int port = pool.acquire(pair);
                assertThat(model.get(port)).isFalse();
                model.set(port);
                held.add(port);
            } else if (!held.isEmpty()) {
                int port = random.nextBoolean() ? held.removeFirst() : held.removeLast();
                model.clear(port);
                pool.release(pair, port);
            }
        }
        assertThat(pool.used(pair)).isEqualTo(model.cardinality());
        for (int port = 0; port < 65_536; port++) {
            assertThat(pool.isUsed(pair, port)).isEqualTo(model.get(port));
        }
    }

    @Test
    void shouldIgnoreAReleaseOfAFreeOrForeignPort() {
        int pair = pool.pair(LOCAL, 6, REAL, 80);
        int port = pool.acquire(pair);
        pool.release(pair, port);
        pool.release(pair, port);
        pool.release(pair, 80);
        pool.release(pair, 70_000);
        assertThat(pool.used(pair)).isZero();
    }

    @Test
    void shouldFindThePairOfARecord() {
        try (MemoryRegion region = MemoryRegion.anonymous(4096)) {
            long record = region.address();
            int pair = pool.pair(LOCAL, 17, REAL, 8080);
            int port = pool.acquire(pair);
            ConnectionLayout.setProtocol(record, 17);
            Memory.putByte(record + 5, 4);
            ConnectionLayout.setAddress4(
                    record, ConnectionLayout.REAL4, Integer.reverseBytes((int) REAL.low()));
            ConnectionLayout.setAddress4(
                    record, ConnectionLayout.LOCAL4, Integer.reverseBytes((int) LOCAL.low()));
            ConnectionLayout.setOutPorts(record, raw(8080) | raw(port) << 16);
            assertThat(pool.find(record)).isEqualTo(pair);
            pool.releasePortOf(record);
            assertThat(pool.isUsed(pair, port)).isFalse();
            ConnectionLayout.setProtocol(record, 6);
            assertThat(pool.find(record)).isEqualTo(-1);
        }
    }

    @Test
    void shouldFindThePairOfAnIpv6Record() {
        try (MemoryRegion region = MemoryRegion.anonymous(4096)) {
            long record = region.address();
            Address local = Address.parse("2001:db8:9::7");
            Address real = Address.parse("2001:db8:77::1");
            int pair = pool.pair(local, 6, real, 443);
            ConnectionLayout.setProtocol(record, 6);
            Memory.putByte(record + 5, 6);
            put(record, ConnectionLayout.REAL6, real);
            put(record, ConnectionLayout.LOCAL6, local);
            ConnectionLayout.setOutPorts(record, raw(443));
            assertThat(pool.find(record)).isEqualTo(pair);
        }
    }

    private static void put(long record, int offset, Address address) {
        ConnectionLayout.setAddress6(
                record,
                offset,
                Long.reverseBytes(address.high()),
                Long.reverseBytes(address.low()));
    }

    private static int raw(int port) {
        return Short.reverseBytes((short) port) & 0xFFFF;
    }

    @Test
    void shouldEndAPairOnlyWhenNobodyHoldsItAndItsPortsAreBack() {
        int[] pairs = new int[100];
        for (int i = 0; i < 100; i++) {
            pairs[i] = pool.pair(LOCAL, 6, REAL, i);
        }
        assertThat(pool.pair(LOCAL, 6, REAL, 100)).isEqualTo(-1);
        int port = pool.acquire(pairs[40]);
        pool.unpair(pairs[40]);
        assertThat(pool.pair(LOCAL, 6, REAL, 100)).isEqualTo(-1);
        pool.release(pairs[40], port);
        assertThat(pool.pair(LOCAL, 6, REAL, 100)).isEqualTo(pairs[40]);
        assertThat(pool.pair(LOCAL, 6, REAL, 41)).isEqualTo(pairs[41]);
        assertThat(pool.pair(LOCAL, 6, REAL, 40)).isEqualTo(-1);
    }

    @Test
    void shouldBeginAnywhereSoThatARestartDoesNotMeetTheSamePorts() {
        Set<Integer> firsts = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            try (LocalAddressPool fresh = new LocalAddressPool(1, seed)) {
                firsts.add(fresh.acquire(fresh.pair(LOCAL, 6, REAL, 80)));
            }
        }
        assertThat(firsts).hasSizeGreaterThan(45);
    }

    @Test
    void shouldGrowBeyondTheFirstArrays() {
        try (LocalAddressPool many = new LocalAddressPool(5000, 1)) {
            for (int i = 0; i < 5000; i++) {
                assertThat(many.pair(LOCAL, 6, REAL, i)).isEqualTo(i);
                assertThat(many.acquire(i)).isPositive();
            }
            for (int i = 0; i < 5000; i++) {
                assertThat(many.pair(LOCAL, 6, REAL, i)).isEqualTo(i);
            }
        }
    }
}
