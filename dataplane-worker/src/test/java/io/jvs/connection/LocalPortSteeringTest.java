package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import io.jvs.service.Address;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Local ports whose answers must come to the queue of the worker that took them. */
class LocalPortSteeringTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int ALL = LocalAddressPool.LAST_PORT - LocalAddressPool.FIRST_PORT + 1;

    private final SplittableRandom random = new SplittableRandom(17);

    private FlowSteering rss(int workers, int entries) {
        int[] table = new int[entries];
        Arrays.setAll(table, i -> i % workers);
        Toeplitz toeplitz = Toeplitz.random(entries, random);
        return FlowSteering.byRss(workers, toeplitz, table, FlowSteering.HASHED_TCP_UDP);
    }

    private Address address(boolean ipv6) {
        return ipv6
                ? Address.ofIpv6(random.nextLong(), random.nextLong())
                : Address.ofIpv4(random.nextInt());
    }

    private static int receiver(
            FlowSteering steering, Address real, int realPort, Address local, int port) {
        int ports = raw(realPort) | raw(port) << 16;
        if (!real.isIpv6()) {
            long key0 =
                    Integer.toUnsignedLong(Integer.reverseBytes((int) real.low()))
                            | (long) Integer.reverseBytes((int) local.low()) << 32;
            return steering.receiver4(key0, ports, TCP);
        }
        return steering.receiver6(
                Long.reverseBytes(real.high()),
                Long.reverseBytes(real.low()),
                Long.reverseBytes(local.high()),
                Long.reverseBytes(local.low()),
                ports,
                TCP);
    }

    private static int raw(int port) {
        return Short.reverseBytes((short) port) & 0xFFFF;
    }

    /** Must show 1: a million connections in all, none of whose answers goes astray. */
    @ParameterizedTest
    @CsvSource({
        "2, 128, false", "2, 512, true", "4, 128, false", "4, 128, true",
        "8, 512, false", "8, 64, true", "16, 128, false", "16, 2048, true"
    })
    void shouldBringEveryAnswerToTheQueueThatItsConnectionIsOf(
            int workers, int entries, boolean ipv6) {
        FlowSteering steering = rss(workers, entries);
        int pairs = 250;
        Address[] locals = new Address[pairs];
        Address[] reals = new Address[pairs];
        int[] realPorts = new int[pairs];
        Arrays.setAll(locals, i -> address(ipv6));
        Arrays.setAll(reals, i -> address(ipv6));
        Arrays.setAll(realPorts, i -> random.nextInt(1, 65_536));
        int wrong = 0;
        int given = 0;
        for (int worker = 0; worker < workers; worker++) {
            try (LocalAddressPool pool = new LocalAddressPool(pairs, worker, steering, worker)) {
                for (int i = 0; i < pairs; i++) {
                    assertThat(pool.pair(locals[i], TCP, reals[i], realPorts[i])).isEqualTo(i);
                }
                for (int i = 0; i < 125_000 / workers; i++) {
                    int pair = random.nextInt(pairs);
                    int port = pool.acquire(pair);
                    if (receiver(steering, reals[pair], realPorts[pair], locals[pair], port)
                            != worker) {
                        wrong++;
                    }
                    given++;
                }
            }
        }
        assertThat(given).isEqualTo(125_000 / workers * workers);
        assertThat(wrong).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 16})
    void shouldDivideAllPortsAndShareNone(int workers) {
        FlowSteering steering = rss(workers, 128);
        Address local = address(true);
        Address real = address(true);
        BitSet tcp = new BitSet();
        BitSet sctp = new BitSet();
        BitSet marked = new BitSet();
        for (int worker = 0; worker < workers; worker++) {
            try (LocalAddressPool pool = new LocalAddressPool(3, worker, steering, worker)) {
                int share = drain(pool, pool.pair(local, TCP, real, 443), tcp);
                assertThat(share).isBetween(ALL / workers - 1100, ALL / workers + 1100);
                drain(pool, pool.pair(local, SCTP, real, 443), sctp);
                drain(pool, pool.pair(local, 0, real, 0), marked);
            }
        }
        assertThat(tcp.cardinality()).isEqualTo(ALL);
        assertThat(sctp.cardinality()).isEqualTo(ALL);
        assertThat(marked.cardinality()).isEqualTo(ALL);
    }

    private static int drain(LocalAddressPool pool, int pair, BitSet all) {
        int count = 0;
        for (int port = pool.acquire(pair); port >= 0; port = pool.acquire(pair)) {
            assertThat(all.get(port)).isFalse();
            all.set(port);
            count++;
        }
        assertThat(pool.used(pair)).isEqualTo(count).isEqualTo(pool.capacity(pair));
        assertThat(pool.refused(pair)).isEqualTo(1);
        return count;
    }

    @Test
    void shouldOwnByArithmeticWhatIsNotHashed() {
        FlowSteering steering = rss(4, 128);
        for (int worker = 0; worker < 4; worker++) {
            try (LocalAddressPool pool = new LocalAddressPool(9, worker, steering, worker)) {
                Address real = address(false);
                Address local = address(false);
                int sctp = pool.pair(local, SCTP, real, 443);
                int marked = pool.pair(local, 0, real, 443);
                int anyPort = pool.pair(local, UDP, real, 0);
                for (int i = 0; i < 5000; i++) {
                    assertThat(steering.portOwner(pool.acquire(sctp))).isEqualTo(worker);
                    assertThat(steering.portOwner(pool.acquire(marked))).isEqualTo(worker);
                    assertThat(steering.portOwner(pool.acquire(anyPort))).isEqualTo(worker);
                }
            }
        }
    }

    @Test
    void shouldTakeAndGiveBackAtRandom() {
        FlowSteering steering = rss(3, 64);
        try (LocalAddressPool pool = new LocalAddressPool(1, 5, steering, 1)) {
            Address local = address(false);
            Address real = address(false);
            int pair = pool.pair(local, TCP, real, 80);
            BitSet held = new BitSet();
            int[] ports = new int[pool.capacity(pair)];
            int count = 0;
            for (int i = 0; i < 300_000; i++) {
                boolean take = count == 0 || count < ports.length && random.nextInt(100) < 52;
                if (take) {
                    ports[count] = pool.acquire(pair);
                    assertThat(held.get(ports[count])).isFalse();
                    assertThat(receiver(steering, real, 80, local, ports[count])).isEqualTo(1);
                    held.set(ports[count++]);
                } else {
                    int at = random.nextInt(count);
                    held.clear(ports[at]);
                    pool.release(pair, ports[at]);
                    ports[at] = ports[--count];
                }
            }
            assertThat(pool.used(pair)).isEqualTo(held.cardinality());
            for (int port = 0; port < 65_536; port++) {
                assertThat(pool.isUsed(pair, port)).isEqualTo(held.get(port));
            }
        }
    }

    /** Must show 2: one local address, ten servers, 64,000 connections to each. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldCarry64000ConnectionsToEachOfTenServersByOneAddress(int workers) {
        FlowSteering steering = workers == 1 ? FlowSteering.byPort(1) : rss(workers, 512);
        Address local = address(false);
        Address[] reals = new Address[10];
        Arrays.setAll(reals, i -> address(false));
        int given = 0;
        int refused = 0;
        for (int worker = 0; worker < workers; worker++) {
            try (LocalAddressPool pool = new LocalAddressPool(10, worker, steering, worker)) {
                for (Address real : reals) {
                    int pair = pool.pair(local, TCP, real, 80);
                    for (int i = 0; i < 65_000 / workers; i++) {
                        if (pool.acquire(pair) >= 0) {
                            given++;
                        } else {
                            refused++;
                        }
                    }
                }
                assertThat(pool.usedPorts() + pool.refusals()).isEqualTo(650_000 / workers);
            }
        }
        assertThat(given).isGreaterThanOrEqualTo(640_000);
        assertThat(given + refused).isEqualTo(650_000);
    }
}
