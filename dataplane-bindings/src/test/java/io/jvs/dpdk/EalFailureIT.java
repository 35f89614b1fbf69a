package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A start that cannot succeed; in a process of its own, because DPDK starts once. */
class EalFailureIT {

    @Test
    void shouldSayWhatToDoWhenThereAreTooFewHugepages() {
        CpuSet before = CpuSet.allowed();
        EalSpec spec =
                EalSpec.of("jvs-failure-it")
                        .withHugepageMode(HugepageMode.IN_MEMORY)
                        .withMemoryMegabytes(1 << 24);
        assertThatThrownBy(() -> Eal.start(spec))
                .isInstanceOf(DpdkException.class)
                .hasMessageStartingWith("rte_eal_init failed (errno ")
                .hasMessageEndingWith(
                        "): reserve hugepages with 'sysctl -w vm.nr_hugepages=8388609' or start"
                                + " without hugepages.")
                .extracting(e -> ((DpdkException) e).call())
                .isEqualTo("rte_eal_init");
        assertThat(CpuSet.allowed()).isEqualTo(before);
        assertThatThrownBy(() -> Eal.start(spec)).hasMessageContaining("start a new process");
    }
}
