package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChecksumDifferenceTest {
    private final Random random = new Random(1624);

    @Test
    void shouldGiveWhatAFullSumGivesForAnyWordsThatChange() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[26];
            TestPacket.fill(random, bytes);
            bytes[0] = 0;
            bytes[1] = 1;
            putChecksum(bytes);
            int checksum = word(bytes).getShort(24) & 0xFFFF;
            byte[] changed = bytes.clone();
            TestPacket.fill(random, changed);
            changed[0] = 0;
            changed[1] = 1;
            ByteBuffer before = word(bytes);
            ByteBuffer after = word(changed);
            long difference =
                    ChecksumDifference.ofLong(before.getLong(0), after.getLong(0))
                            + ChecksumDifference.ofLong(before.getLong(8), after.getLong(8))
                            + ChecksumDifference.ofInt(before.getInt(16), after.getInt(16))
                            + ChecksumDifference.ofShort(
                                    before.getShort(20) & 0xFFFF, after.getShort(20) & 0xFFFF)
                            + ChecksumDifference.ofShort(
                                    before.getShort(22) & 0xFFFF, after.getShort(22) & 0xFFFF);
            putChecksum(changed);
            assertThat(ChecksumDifference.apply(checksum, difference))
                    .as("round %d", round)
                    .isEqualTo(word(changed).getShort(24) & 0xFFFF);
        }
    }

    private static ByteBuffer word(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static void putChecksum(byte[] bytes) {
        ByteBuffer.wrap(bytes).putShort(24, (short) SlowChecksum.of(bytes, 0, 24));
    }

    @Test
    void shouldKeepUdpWithoutChecksum() {
        assertThat(ChecksumDifference.applyUdp(0, 0x1234)).isZero();
    }

    @Test
    void shouldSendAComputedZeroOfUdpAsAllOnes() {
        for (int checksum = 1; checksum <= 0xFFFF; checksum++) {
            long difference = ChecksumDifference.ofShort(0, checksum);
            assertThat(ChecksumDifference.applyUdp(checksum, difference)).isEqualTo(0xFFFF);
        }
    }
}
