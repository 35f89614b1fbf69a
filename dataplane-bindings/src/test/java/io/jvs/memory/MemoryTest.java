package io.jvs.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final int BYTES = 4096;
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private MemoryRegion region;
    private long base;

    @BeforeEach
    void map() {
        region = MemoryRegion.anonymous(BYTES);
        base = region.address();
    }

    @AfterEach
    void unmap() {
        region.close();
    }

    @Test
    void shouldReadEveryWidthAndOrderAsByteBufferDoes() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Memory.copyIn(bytes, 0, base, BYTES);
        ByteBuffer big = ByteBuffer.wrap(bytes);
        ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int i = 0; i < BYTES - 8; i++) {
            long a = base + i;
            assertThat(Memory.getByte(a)).isEqualTo(bytes[i]);
            assertThat(Memory.getUnsignedByte(a)).isEqualTo(Byte.toUnsignedInt(bytes[i]));
            assertThat(Memory.getShort(a)).isEqualTo(little.getShort(i));
            assertThat(Memory.getUnsignedShort(a))
                    .isEqualTo(Short.toUnsignedInt(little.getShort(i)));
            assertThat(Memory.getInt(a)).isEqualTo(little.getInt(i));
            assertThat(Memory.getUnsignedInt(a))
                    .isEqualTo(Integer.toUnsignedLong(little.getInt(i)));
            assertThat(Memory.getLong(a)).isEqualTo(little.getLong(i));
            assertThat(Memory.getUnsignedShortBe(a))
                    .isEqualTo(Short.toUnsignedInt(big.getShort(i)));
            assertThat(Memory.getIntBe(a)).isEqualTo(big.getInt(i));
            assertThat(Memory.getUnsignedIntBe(a)).isEqualTo(Integer.toUnsignedLong(big.getInt(i)));
            assertThat(Memory.getLongBe(a)).isEqualTo(big.getLong(i));
        }
    }

    @Test
    void shouldWriteEveryWidthAndOrderAsByteBufferDoes() {
        byte[] actual = new byte[16];
        for (int i = 0; i < 1000; i++) {
            long value = random.nextLong();
            int at = random.nextInt(8);
            long a = base + at;
            ByteBuffer expected = ByteBuffer.allocate(16);
            Memory.zero(base, 16);
            switch (i % 7) {
                case 0 -> {
                    Memory.putByte(a, (int) value);
                    expected.put(at, (byte) value);
                }
                case 1 -> {
                    Memory.putShort(a, (int) value);
                    expected.order(ByteOrder.nativeOrder()).putShort(at, (short) value);
                }
                case 2 -> {
                    Memory.putInt(a, (int) value);
                    expected.order(ByteOrder.nativeOrder()).putInt(at, (int) value);
                }
                case 3 -> {
                    Memory.putLong(a, value);
                    expected.order(ByteOrder.nativeOrder()).putLong(at, value);
                }
                case 4 -> {
                    Memory.putShortBe(a, (int) value);
                    expected.putShort(at, (short) value);
                }
                case 5 -> {
                    Memory.putIntBe(a, (int) value);
                    expected.putInt(at, (int) value);
                }
                default -> {
                    Memory.putLongBe(a, value);
                    expected.putLong(at, value);
                }
            }
            Memory.copyOut(base, actual, 0, 16);
            assertThat(actual).isEqualTo(expected.array());
        }
    }

    @Test
    void shouldReadWhatOrderedWritesWrote() {
        Memory.putIntOpaque(base, 1);
        Memory.putIntRelease(base + 4, 2);
        Memory.putLongOpaque(base + 8, 3);
        Memory.putLongRelease(base + 16, -4);
        assertThat(Memory.getIntOpaque(base)).isEqualTo(1);
        assertThat(Memory.getIntAcquire(base + 4)).isEqualTo(2);
        assertThat(Memory.getLongOpaque(base + 8)).isEqualTo(3);
        assertThat(Memory.getLongAcquire(base + 16)).isEqualTo(-4);
    }

    @Test
    void shouldCompareSetAndAdd() {
        assertThat(Memory.compareAndSetInt(base, 0, 5)).isTrue();
        assertThat(Memory.compareAndSetInt(base, 0, 6)).isFalse();
        assertThat(Memory.getInt(base)).isEqualTo(5);
        assertThat(Memory.compareAndSetLong(base + 8, 0, 7)).isTrue();
        assertThat(Memory.getAndAddLong(base + 8, 3)).isEqualTo(7);
        assertThat(Memory.getLong(base + 8)).isEqualTo(10);
    }

    @Test
    void shouldCopyOverlappingRangesLikeMemmove() {
        for (int i = 0; i < 64; i++) {
            Memory.putByte(base + i, i);
        }
        Memory.copy(base, base + 3, 32);
        assertThat(Memory.getByte(base + 2)).isEqualTo((byte) 2);
        assertThat(Memory.getByte(base + 3)).isEqualTo((byte) 0);
        assertThat(Memory.getByte(base + 34)).isEqualTo((byte) 31);
        assertThat(Memory.getByte(base + 35)).isEqualTo((byte) 35);
    }

    @Test
    void shouldFillZeroAndFindTheFirstDifference() {
        Memory.fill(base, 100, 0x1ff);
        assertThat(Memory.getUnsignedByte(base + 99)).isEqualTo(0xff);
        assertThat(Memory.getByte(base + 100)).isZero();
        Memory.zero(base + 50, 50);
        assertThat(Memory.mismatch(base, base + 25, 50)).isEqualTo(25);
        assertThat(Memory.mismatch(base, base + 10, 40)).isEqualTo(-1);
    }

    @Test
    void shouldGiveViewsOfTheSameBytes() {
        Memory.putLong(base + 56, 77);
        Memory.putLong(base + 120, 78);
        MemorySegment line = Memory.line(base);
        assertThat(line.get(ValueLayout.JAVA_LONG_UNALIGNED, 56)).isEqualTo(77);
        assertThat(line.byteSize()).isEqualTo(64);
        assertThat(Memory.twoLines(base).get(ValueLayout.JAVA_LONG_UNALIGNED, 120)).isEqualTo(78);
        assertThat(Memory.view(base, 100).byteSize()).isEqualTo(100);
    }
}
