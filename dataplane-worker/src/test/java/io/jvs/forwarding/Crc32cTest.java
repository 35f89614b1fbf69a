package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class Crc32cTest {
    @Test
    void shouldGiveTheCrcOfTheJdkAtEveryLengthAndAlignment() {
        Random random = new Random(9260);
        try (MemoryRegion memory = MemoryRegion.anonymous(4096)) {
            for (int length = 12; length < 300; length++) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                long address = memory.address() + random.nextInt(8);
                Memory.copyIn(bytes, 0, address, length);
                Arrays.fill(bytes, 8, 12, (byte) 0);
                CRC32C expected = new CRC32C();
                expected.update(bytes);
                assertThat(Crc32c.ofSctp(address, length)).isEqualTo((int) expected.getValue());
            }
        }
    }

    @Test
    void shouldGiveTheCheckValueOfTheCatalogue() {
        try (MemoryRegion memory = MemoryRegion.anonymous(4096)) {
            byte[] text = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
            Memory.copyIn(text, 0, memory.address(), text.length);
            assertThat(~Crc32c.update(-1, memory.address(), text.length)).isEqualTo(0xE3069283);
        }
    }
}
