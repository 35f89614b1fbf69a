package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    private static final int FLOWS = 1 << 18;
    private static final int CELLS = 256;

    @Test
    void shouldSpreadSequentialFlowsEvenlyInEveryByte() {
        FlowHash hash = new FlowHash(42);
        for (int shift = 0; shift < 64; shift += 8) {
            int[] cells4 = new int[CELLS];
            int[] cells6 = new int[CELLS];
            for (int i = 0; i < FLOWS; i++) {
                TestFlow.Key key = TestFlow.of(false, true, 6, i).in();
                cells4[(int) (hash.hash4(key.key0(), key.ports(), 6) >>> shift) & 255]++;
                TestFlow.Key key6 = TestFlow.of(true, true, 6, i).in();
                cells6[(int) (key6.toFlowKey(false).hash(hash) >>> shift) & 255]++;
            }
            // 255 degrees of freedom: the mean is 255, 400 is beyond six standard deviations
            assertThat(chiSquare(cells4)).isLessThan(400);
            assertThat(chiSquare(cells6)).isLessThan(400);
        }
    }

    private static double chiSquare(int[] cells) {
        double mean = (double) FLOWS / CELLS;
        double sum = 0;
        for (int cell : cells) {
            sum += (cell - mean) * (cell - mean) / mean;
        }
        return sum;
    }

    @Test
    void shouldChangeAboutHalfTheBitsForAnyChangedInputBit() {
        SplittableRandom random = new SplittableRandom(5);
        FlowHash hash = new FlowHash(random.nextLong());
        for (int bit = 0; bit < 64 + 32; bit++) {
            int flipped = 0;
            for (int i = 0; i < 1000; i++) {
                long key = random.nextLong();
                int ports = random.nextInt();
                long changedKey = bit < 64 ? key ^ 1L << bit : key;
                int changedPorts = bit < 64 ? ports : ports ^ 1 << (bit - 64);
                long change = hash.hash4(key, ports, 6) ^ hash.hash4(changedKey, changedPorts, 6);
                flipped += Long.bitCount(change);
            }
            assertThat(flipped / 1000.0).isBetween(30.0, 34.0);
        }
    }

    @Test
    void shouldDependOnTheSeed() {
        Set<Long> hashes = new HashSet<>();
        for (int seed = 0; seed < 10_000; seed++) {
            hashes.add(new FlowHash(seed).hash4(1, 2, 6));
            hashes.add(new FlowHash(seed).hash6(1, 2, 3, 4, 5, 6));
        }
        assertThat(hashes).hasSize(20_000);
    }

    @Test
    void shouldNotCollideForClientsOfOneService() {
        FlowHash hash = new FlowHash(77);
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < FLOWS; i++) {
            TestFlow flow = TestFlow.of(i % 2 == 0, true, 6, i);
            hashes.add(flow.in().toFlowKey(false).hash(hash));
            hashes.add(flow.out().toFlowKey(false).hash(hash));
        }
        assertThat(hashes).hasSize(2 * FLOWS);
    }
}
