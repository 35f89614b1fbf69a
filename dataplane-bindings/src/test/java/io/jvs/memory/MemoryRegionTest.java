package io.jvs.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryRegionTest {
    @TempDir Path directory;

    @Test
    void shouldMapZeroedWholePages() {
        try (MemoryRegion region = MemoryRegion.anonymous(5000)) {
            assertThat(region.bytes()).isEqualTo(8192);
            assertThat(region.address() % 4096).isZero();
            assertThat(Memory.getLong(region.address() + 8184)).isZero();
        }
    }

    @Test
    void shouldMapMoreThanThereIsWithoutTouchingIt() {
        try (MemoryRegion region = MemoryRegion.hugeAnonymous(1L << 40)) {
            Memory.putLong(region.address() + (1L << 39), 42);
            assertThat(Memory.getLong(region.address() + (1L << 39))).isEqualTo(42);
        }
    }

    @Test
    void shouldKeepWhatWasWrittenInTheFile() throws IOException {
        Path file = directory.resolve("table");
        try (MemoryRegion region = MemoryRegion.file(file, 4096)) {
            Memory.putLong(region.address() + 8, 0x0123456789abcdefL);
            region.force();
        }
        try (MemoryRegion region = MemoryRegion.file(file, 100_000)) {
            assertThat(Memory.getLong(region.address() + 8)).isEqualTo(0x0123456789abcdefL);
            assertThat(region.bytes()).isEqualTo(102_400);
            assertThat(Memory.getLong(region.address() + 102_392)).isZero();
        }
        assertThat(Files.size(file)).isEqualTo(102_400);
    }

    @Test
    void shouldRefuseSizesThatMakeNoSense() {
        assertThatThrownBy(() -> MemoryRegion.anonymous(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A memory region of 0 bytes was asked for; more than 0 is needed.");
        assertThatThrownBy(() -> MemoryRegion.file(directory.resolve("x"), -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void shouldFailForAFileThatCannotBeMade() {
        assertThatThrownBy(() -> MemoryRegion.file(directory.resolve("no/such/file"), 1))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldCloseTwiceWithoutHarm() {
        MemoryRegion region = MemoryRegion.anonymous(1);
        region.close();
        region.close();
        assertThat(region.bytes()).isEqualTo(4096);
    }
}
