package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "2-5,8 | 2-5,8",
                "8,2,3,4,5 | 2-5,8",
                "3-3 | 3",
                "0-1,1-2 | 0-2",
                "'' | ''"
            })
    void shouldReadAndWriteTheKernelsLists(String text, String canonical) {
        assertThat(CpuSet.parse(text).toString()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1-", "-1", "3-2", "1,,2", "1-2-3", "8192", "99999"})
    void shouldRefuseOtherText(String text) {
        assertThatThrownBy(() -> CpuSet.parse(text))
                .hasMessage("CPU list '" + text + "' is not a list of CPU numbers like 2-5,8.");
    }

    @Test
    void shouldPinTheCallingThread() throws InterruptedException {
        int[] allowed = CpuSet.allowed().cpus();
        CpuSet last = CpuSet.of(allowed[allowed.length - 1]);
        var seen = new AtomicReference<CpuSet>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            last.pinCurrentThread();
                            seen.set(CpuSet.allowed());
                        });
        thread.join();
        assertThat(seen.get()).isEqualTo(last);
        assertThat(CpuSet.allowed().cpus()).isEqualTo(allowed);
    }

    @Test
    void shouldSayWhichCpusThereAreWhenOneDoesNotExist() {
        assertThatThrownBy(() -> CpuSet.of(8000).pinCurrentThread())
                .isInstanceOf(DpdkException.class)
                .hasMessage(
                        "A thread cannot run on CPUs '8000' (errno 22): choose from the CPUs "
                                + CpuSet.online()
                                + ".");
    }
}
