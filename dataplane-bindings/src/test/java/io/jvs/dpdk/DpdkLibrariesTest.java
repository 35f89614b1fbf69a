package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DpdkLibrariesTest {
    @TempDir Path directory;

    @Test
    void shouldSayHowToInstallDpdkWhenThereIsNone() {
        assertThatThrownBy(() -> DpdkLibraries.load(List.of(directory.toString(), "/none")))
                .isInstanceOf(DpdkException.class)
                .hasMessage(
                        "DPDK is not installed (librte_eal.so.25 or .so.23 is in none of "
                                + directory
                                + ", /none): install Debian's package with 'apt-get install dpdk'.");
    }

    @Test
    void shouldSayWhichVersionsItRunsOnWhenThereIsAnother() throws IOException {
        Path library = Files.createFile(directory.resolve("librte_eal.so.24"));
        Files.createFile(directory.resolve("librte_eal.so.24.0"));
        assertThatThrownBy(() -> DpdkLibraries.load(List.of(directory.toString())))
                .isInstanceOf(DpdkException.class)
                .hasMessage(
                        "JVS runs on DPDK 22.11 and 24.11, not on the DPDK of "
                                + library
                                + ": install Debian 12's or 13's package with 'apt-get install"
                                + " dpdk'.");
    }

    @Test
    void shouldSayWhyALibraryCannotBeLoaded() throws IOException {
        Path library = Files.writeString(directory.resolve("librte_eal.so.23"), "no library");
        assertThatThrownBy(() -> DpdkLibraries.load(List.of(directory.toString())))
                .isInstanceOf(DpdkException.class)
                .hasMessageStartingWith("DPDK cannot be loaded (")
                .hasMessageContaining(library.toString())
                .hasMessageEndingWith(
                        "): reinstall Debian's package with 'apt-get install --reinstall dpdk'.");
    }
}
