package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes came, against a model of one flag a byte; and whose they are. */
class FragmentTableTest {
    private static final int PRESENT = 1 << 31;

    private final FragmentTable table = new FragmentTable(7);
    private final MemoryRegion packets = MemoryRegion.anonymous(4096);
    private final PacketBurst burst = new PacketBurst();

    @AfterEach
    void close() {
        table.close();
        packets.close();
    }

    private int row(boolean ipv6, long key, int id, int protocol) {
        burst.clear();
        int row = burst.add();
        burst.data[row] = packets.address();
        burst.layer3[row] = 14;
        Memory.putByte(packets.address() + 14, ipv6 ? 0x60 : 0x45);
        burst.key0[row] = key;
        burst.key1[row] = ipv6 ? 1 : 0;
        burst.key2[row] = ipv6 ? 2 : 0;
        burst.key3[row] = ipv6 ? 3 : 0;
        burst.fragmentId[row] = id;
        burst.protocol[row] = protocol;
        return row;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldAgreeWithAFlagForEachByte(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            table.beginBurst();
            int entry = table.create(burst, row(false, round, 1, 17), 0);
            play(random, entry);
            table.remove(entry);
        }
        assertThat(table.size()).isZero();
    }

    /** Random fragments of a random grid, until the datagram is complete or refused. */
    private void play(Random random, int entry) {
        int units = 1 + random.nextInt(random.nextBoolean() ? 40 : 8190);
        int total = units * 8 - random.nextInt(8);
        boolean[] came = new boolean[total];
        boolean lastCame = false;
        for (int step = 0; step < 60; step++) {
            int from = random.nextInt(units);
            int to = Math.min(units, from + 1 + random.nextInt(Math.max(1, units / 4)));
            boolean last = to == units;
            int end = last ? total : to * 8;
            int before = count(came, from * 8, end);
            int all = end - from * 8;
            byte verdict = table.mark(entry, PRESENT | from * 8 | (last ? 0 : 1), all);
            if (before == all) {
                assertThat(verdict).isEqualTo(Verdict.DROP_FRAGMENT_DUPLICATE);
            } else if (before > 0) {
                assertThat(verdict).isEqualTo(Verdict.DROP_FRAGMENT_OVERLAP);
                assertThat(table.fate(entry)).isEqualTo(Verdict.DROP_FRAGMENT_OVERLAP);
                return;
            } else {
                assertThat(verdict).isEqualTo(Verdict.NONE);
                Arrays.fill(came, from * 8, end, true);
                lastCame |= last;
            }
            boolean complete = lastCame && count(came, 0, total) == total;
            assertThat(table.isComplete(entry)).isEqualTo(complete);
        }
    }

    private static int count(boolean[] flags, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += flags[i] ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldRefuseDatagramsThatContradictTheirLength() {
        int[][][] contradictions = {
            {{80, 0, 8}, {160, 1, 8}}, {{80, 0, 8}, {96, 0, 8}}, {{160, 1, 8}, {80, 0, 8}}
        };
        for (int[][] pair : contradictions) {
            int entry = table.create(burst, row(false, 5, 1, 17), 0);
            int first = table.mark(entry, PRESENT | pair[0][0] | pair[0][1], pair[0][2]);
            assertThat(first).isEqualTo(Verdict.NONE);
            int second = table.mark(entry, PRESENT | pair[1][0] | pair[1][1], pair[1][2]);
            assertThat(second).isEqualTo(Verdict.DROP_FRAGMENT_OVERLAP);
            assertThat(table.mark(entry, PRESENT | 1, 8)).isEqualTo(Verdict.DROP_FRAGMENT_OVERLAP);
            table.remove(entry);
        }
    }

    @Test
    void shouldTellDatagramsApart() {
        int[] entries = {
            table.create(burst, row(false, 5, 1, 17), 0),
            table.create(burst, row(false, 5, 2, 17), 0),
            table.create(burst, row(false, 5, 1, 6), 0),
            table.create(burst, row(false, 6, 1, 17), 0),
            table.create(burst, row(true, 5, 1, 17), 0),
            table.create(burst, row(true, 5, 2, 17), 0)
        };
        assertThat(entries).doesNotHaveDuplicates();
        assertThat(table.find(burst, row(false, 5, 2, 17))).isEqualTo(entries[1]);
        assertThat(table.find(burst, row(false, 5, 1, 6))).isEqualTo(entries[2]);
        assertThat(table.find(burst, row(false, 6, 1, 17))).isEqualTo(entries[3]);
        // The next header of a later fragment of IPv6 need not be the transport's.
        assertThat(table.find(burst, row(true, 5, 1, 60))).isEqualTo(entries[4]);
        assertThat(table.find(burst, row(false, 7, 1, 17))).isEqualTo(-1);
        for (int entry : entries) {
            table.remove(entry);
        }
        assertThat(table.find(burst, row(false, 5, 1, 17))).isEqualTo(-1);
    }

    @Test
    void shouldGiveUpTheOldestButNoneOfThePresentBurst() {
        table.beginBurst();
        for (int i = 0; i < FragmentTable.CAPACITY; i++) {
            assertThat(table.create(burst, row(i % 2 == 0, i, 1, 17), i)).isNotNegative();
        }
        assertThat(table.create(burst, row(false, -1, 1, 17), 5000)).isEqualTo(-1);
        assertThat(table.oldest()).isEqualTo(-1);
        table.beginBurst();
        assertThat(table.oldest()).isEqualTo(table.find(burst, row(true, 0, 1, 17)));
        table.beginBurst();
        table.remove(table.oldest());
        assertThat(table.oldest()).isEqualTo(table.find(burst, row(false, 1, 1, 17)));
        assertThat(table.create(burst, row(false, -1, 1, 17), 5000)).isNotNegative();
    }

    @Test
    void shouldEndAfterThirtySecondsOrSixty() {
        int now = Integer.MAX_VALUE - 100;
        int four = table.create(burst, row(false, 1, 1, 17), now);
        int six = table.create(burst, row(true, 1, 1, 17), now);
        assertThat(table.expired(now + 2999)).isEqualTo(-1);
        assertThat(table.expired(now + 3000)).isEqualTo(four);
        table.remove(four);
        assertThat(table.expired(now + 5999)).isEqualTo(-1);
        assertThat(table.expired(now + 6000)).isEqualTo(six);
    }
}
