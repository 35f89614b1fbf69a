package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionExtrasTest {
    private static final int CAPACITY = 100;

    private final MemoryRegion memory = MemoryRegion.anonymous(64 * 1024);
    private final ConnectionExtras extras = new ConnectionExtras(CAPACITY);

    @AfterEach
    void close() {
        extras.close();
        memory.close();
    }

    private long connection(int number) {
        return memory.address() + number * 64L;
    }

    @Test
    void shouldGiveAConnectionOneRecordOfZeros() {
        long extra = extras.attach(connection(1));
        assertThat(extra).isNotZero().isEqualTo(extras.attach(connection(1)));
        assertThat(extra).isEqualTo(extras.of(connection(1))).isEven();
        assertThat(extra & 63).isZero();
        for (int at = 0; at < ExtraLayout.BYTES; at += 8) {
            assertThat(Memory.getLong(extra + at)).isZero();
        }
        assertThat(extras.size()).isEqualTo(1);
    }

    @Test
    void shouldShowZerosForAConnectionWithout() {
        assertThat(ExtraLayout.controlled(extras.of(connection(1)))).isZero();
        extras.countControlled(connection(1), 1);
        assertThat(extras.controlled(connection(1))).isZero();
        extras.detach(connection(1));
        assertThat(extras.size()).isZero();
    }

    @Test
    void shouldKeepWhatAreTheCountsOfTemplates() {
        ConnectionLayout.set(connection(1), ConnectionLayout.TEMPLATE);
        extras.countControlled(connection(1), 3);
        assertThat(ConnectionLayout.extra(connection(1))).isEqualTo(3);
        assertThat(extras.controlled(connection(1))).isEqualTo(3);
        extras.detach(connection(1));
        assertThat(extras.controlled(connection(1))).isEqualTo(3);
    }

    @Test
    void shouldCountWhatAConnectionControls() {
        extras.attach(connection(1));
        extras.countControlled(connection(1), 1);
        extras.countControlled(connection(1), 1);
        extras.countControlled(connection(1), -1);
        assertThat(extras.controlled(connection(1))).isEqualTo(1);
    }

    @Test
    void shouldSayWhenAllAreInUse() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(extras.attach(connection(i))).isNotZero();
        }
        assertThat(extras.attach(connection(CAPACITY))).isZero();
        assertThat(ConnectionLayout.has(connection(CAPACITY), ConnectionLayout.HAS_EXTRA))
                .isFalse();
        extras.detach(connection(7));
        assertThat(extras.attach(connection(CAPACITY))).isNotZero();
    }

    @Test
    void shouldNeverGiveARecordToTwo() {
        SplittableRandom random = new SplittableRandom(17);
        Set<Integer> holders = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            int number = random.nextInt(200);
            if (holders.remove(number)) {
                extras.detach(connection(number));
            } else {
                long extra = extras.attach(connection(number));
                assertThat(extra == 0).isEqualTo(holders.size() == CAPACITY);
                if (extra != 0) {
                    assertThat(Memory.getLong(extra)).isZero();
                    Memory.putLong(extra, number + 1L);
                    holders.add(number);
                }
            }
            assertThat(extras.size()).isEqualTo(holders.size());
        }
        Set<Long> addresses = new HashSet<>();
        for (int number : holders) {
            long extra = extras.of(connection(number));
            assertThat(Memory.getLong(extra)).isEqualTo(number + 1L);
            addresses.add(extra);
        }
        assertThat(addresses).hasSameSizeAs(holders);
        assertThat(extras.highest()).isLessThanOrEqualTo(CAPACITY);
    }
}
