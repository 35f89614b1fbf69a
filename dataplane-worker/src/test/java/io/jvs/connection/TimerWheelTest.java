package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimerWheelTest {
    private static final int RECORDS = 3000;

    @ParameterizedTest
    @CsvSource({
        "1, 0, 300",
        "2, 0, 100000",
        "3, 2147400000, 200000",
        "4, -3000, 5000000",
        "5, 65000, 70000",
        "6, -70000, 400000000",
        "7, 255, 257",
        "8, 16777200, 40000000",
    })
    void shouldBringEachRecordUpByItsDeadlineAndNotLose(long seed, int start, int longest) {
        SplittableRandom random = new SplittableRandom(seed);
        try (MemoryRegion region = MemoryRegion.anonymous(1 << 20)) {
            long base = region.address();
            ConnectionSlab slab =
                    new ConnectionSlab(base + 8192, 64, RECORDS + 1, base + TimerWheel.BYTES);
            ConnectionRecords records = new ConnectionRecords(slab, slab, new FlowHash(1));
            TimerWheel wheel = new TimerWheel(base, records, start);
            Map<Integer, Integer> deadlines = new HashMap<>();
            int now = start;
            for (int round = 0; round < 4000; round++) {
                change(wheel, records, deadlines, random, now + 1 + random.nextInt(longest));
                now += random.nextInt(longest / 50 > 5_000 ? 5_000 : longest / 50 + 2);
                advance(wheel, records, deadlines, now);
                assertThat(wheel.armed()).isEqualTo(deadlines.size());
            }
        }
    }

    private static void change(
            TimerWheel wheel,
            ConnectionRecords records,
            Map<Integer, Integer> deadlines,
            SplittableRandom random,
            int deadline) {
        int id = 1 + random.nextInt(RECORDS);
        long record = records.address(id);
        if (!deadlines.containsKey(id)) {
            wheel.arm(id, record, deadline);
            deadlines.put(id, deadline);
        } else if (random.nextBoolean()) {
            wheel.disarm(record);
            deadlines.remove(id);
        } else if (deadline - deadlines.getOrDefault(id, 0) < 0) {
            wheel.hasten(id, record, deadline);
            deadlines.put(id, deadline);
        }
    }

    private static void advance(
            TimerWheel wheel, ConnectionRecords records, Map<Integer, Integer> deadlines, int now) {
        while (!wheel.isAt(now)) {
            int id = wheel.poll(now);
            if (id == 0) {
                continue;
            }
            Integer deadline = deadlines.get(id);
            assertThat(deadline).as("record %d came up and is not armed", id).isNotNull();
            if (deadline - now <= 0) {
                deadlines.remove(id);
            } else {
                wheel.arm(id, records.address(id), deadline);
            }
        }
        for (Map.Entry<Integer, Integer> left : deadlines.entrySet()) {
            assertThat(left.getValue() - now).as("record %d", left.getKey()).isPositive();
        }
    }
}
