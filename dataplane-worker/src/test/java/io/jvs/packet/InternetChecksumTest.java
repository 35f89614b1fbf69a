package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {
    private static final MemoryRegion REGION = MemoryRegion.anonymous(1 << 17);
    private static final long BASE = REGION.address();
    private final Random random = new Random(42);

    @AfterAll
    static void close() {
        REGION.close();
    }

    private static int swapped(int raw) {
        return Short.reverseBytes((short) raw) & 0xFFFF;
    }

    private static void load(byte[] data) {
        Memory.copyIn(data, 0, BASE, data.length);
    }

    @Test
    void shouldSumTheExampleOfRfc1071() {
        load(Frames.hex("0001 f203 f4f5 f6f7"));
        assertThat(swapped(InternetChecksum.fold(InternetChecksum.sum(BASE, 8)))).isEqualTo(0xddf2);
    }

    @Test
    void shouldComputeAKnownIpv4Header() {
        load(Frames.hex("4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7"));
        InternetChecksum.writeIpv4Header(BASE);
        assertThat(Memory.getUnsignedShortBe(BASE + 10)).isEqualTo(0xb861);
        assertThat(InternetChecksum.isRight(BASE, 20)).isTrue();
    }

    @Test
    void shouldUpdateTheExampleOfRfc1624() {
        int raw = InternetChecksum.update16(swapped(0xDD2F), swapped(0x5555), swapped(0x3285));
        assertThat(swapped(raw)).isEqualTo(0x0000);
    }

    @Test
    void shouldAgreeWithTheSlowSumForEveryLengthAndAlignment() {
        for (int round = 0; round < 20_000; round++) {
            byte[] data = new byte[random.nextInt(round % 100 == 0 ? 65_536 : 200)];
            random.nextBytes(data);
            if (round % 7 == 0) {
                java.util.Arrays.fill(data, (byte) (round % 2 == 0 ? 0xFF : 0));
            }
            int shift = random.nextInt(8);
            Memory.copyIn(data, 0, BASE + shift, data.length);
            assertThat(swapped(InternetChecksum.checksum(BASE + shift, data.length)))
                    .isEqualTo(Frames.slowChecksum(data, 0, data.length));
        }
    }

    @Test
    void shouldUpdateAsRecomputing() {
        for (int round = 0; round < 50_000; round++) {
            byte[] data = new byte[64];
            random.nextBytes(data);
            data[0] |= 1;
            load(data);
            int checksum = InternetChecksum.checksum(BASE, 64);
            int at = 2 * random.nextInt(1, 24);
            int bytes = 2 << random.nextInt(4);
            long before = Memory.getLong(BASE + at);
            long beforeLow = Memory.getLong(BASE + at + 8);
            byte[] change = new byte[bytes];
            random.nextBytes(change);
            Memory.copyIn(change, 0, BASE + at, bytes);
            long after = Memory.getLong(BASE + at);
            long afterLow = Memory.getLong(BASE + at + 8);
            int updated =
                    switch (bytes) {
                        case 2 ->
                                InternetChecksum.update16(
                                        checksum, (int) before & 0xFFFF, (int) after & 0xFFFF);
                        case 4 -> InternetChecksum.update32(checksum, (int) before, (int) after);
                        case 8 -> InternetChecksum.update64(checksum, before, after);
                        default ->
                                InternetChecksum.update128(
                                        checksum, before, beforeLow, after, afterLow);
                    };
            assertThat(updated).isEqualTo(InternetChecksum.checksum(BASE, 64));
        }
    }

    @Test
    void shouldCheckTransportOverBothFamilies() {
        for (int bytes = 0; bytes < 300; bytes++) {
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            byte[] v4 = Frames.udp("192.0.2.1", 1000, "198.51.100.7", 53, data);
            load(v4);
            long sum = InternetChecksum.pseudoIpv4(BASE, 17, 8 + bytes);
            int written = InternetChecksum.writeLayer4(sum, BASE + 20, 8 + bytes, 6);
            assertThat(swapped(InternetChecksum.forUdp(written))).isEqualTo(Frames.get16(v4, 26));
            byte[] v6 = Frames.tcp("2001:db8::1", 1000, "2001:db8:1::7", 53, 2, data);
            load(v6);
            long sum6 = InternetChecksum.pseudoIpv6(BASE, 6, 20 + bytes);
            assertThat(swapped(InternetChecksum.writeLayer4(sum6, BASE + 40, 20 + bytes, 16)))
                    .isEqualTo(Frames.get16(v6, 56));
        }
    }

    @Test
    void shouldSendUdpZeroAsAllOnes() {
        assertThat(InternetChecksum.forUdp(0)).isEqualTo(0xFFFF);
        assertThat(InternetChecksum.forUdp(0x1234)).isEqualTo(0x1234);
    }
}
