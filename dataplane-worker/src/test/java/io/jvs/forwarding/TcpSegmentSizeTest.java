package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpSegmentSizeTest {
    /** What a header with these options becomes, its checksum as a sum that stays the same. */
    private static byte[] clamp(int most, byte... options) {
        byte[] header = new byte[20 + options.length];
        Arrays.fill(header, 0, 12, (byte) 0x5A);
        header[12] = (byte) (header.length / 4 << 4);
        System.arraycopy(options, 0, header, 20, options.length);
        int sum = SlowChecksum.of(header, 0, header.length);
        header[16] = (byte) (sum >>> 8);
        header[17] = (byte) sum;
        try (MemoryRegion memory = MemoryRegion.anonymous(4096)) {
            Memory.copyIn(header, 0, memory.address(), header.length);
            TcpSegmentSize.clamp(memory.address(), most);
            Memory.copyOut(memory.address(), header, 0, header.length);
        }
        assertThat(SlowChecksum.of(header, 0, header.length)).as("checksum").isZero();
        return Arrays.copyOfRange(header, 20, header.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 1220, 1439})
    void shouldLowerIt(int most) {
        byte high = (byte) (most >>> 8);
        assertThat(clamp(most, (byte) 2, (byte) 4, (byte) 5, (byte) 0xA0))
                .containsExactly(2, 4, high, (byte) most);
        assertThat(
                        clamp(
                                most,
                                (byte) 1,
                                (byte) 2,
                                (byte) 4,
                                (byte) 5,
                                (byte) 0xA0,
                                (byte) 0,
                                (byte) 0,
                                (byte) 0))
                .containsExactly(1, 2, 4, high, (byte) most, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1440, 1441, 65_000, 0, -5})
    void shouldLeaveItWhereItFits(int most) {
        assertThat(clamp(most, (byte) 2, (byte) 4, (byte) 5, (byte) 0xA0))
                .containsExactly(2, 4, 5, (byte) 0xA0);
    }

    @Test
    void shouldNotTrustLengths() {
        assertThat(clamp(9, (byte) 3, (byte) 0, (byte) 2, (byte) 4)).containsExactly(3, 0, 2, 4);
        assertThat(clamp(9, (byte) 1, (byte) 1, (byte) 1, (byte) 2)).containsExactly(1, 1, 1, 2);
        assertThat(clamp(9, (byte) 2, (byte) 3, (byte) 9, (byte) 9)).containsExactly(2, 3, 9, 9);
        assertThat(clamp(9, (byte) 1, (byte) 1, (byte) 2, (byte) 4)).containsExactly(1, 1, 2, 4);
        assertThat(clamp(9, (byte) 0, (byte) 2, (byte) 4, (byte) 9)).containsExactly(0, 2, 4, 9);
    }
}
