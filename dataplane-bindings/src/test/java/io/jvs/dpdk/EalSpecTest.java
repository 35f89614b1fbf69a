package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EalSpecTest {
    private static final EalSpec SPEC = EalSpec.of("jvs").withMemoryMegabytes(100);

    @Test
    void shouldStartWithoutHugepagesAndWithoutFiles() {
        List<String> arguments = EalArguments.of(SPEC, HugepageMode.NO_HUGE);
        assertThat(arguments)
                .startsWith("jvs", "--file-prefix=jvs")
                .contains("--no-huge", "--no-shconf", "--no-telemetry", "--log-level=*:notice")
                .containsSubsequence("-m", "100")
                .containsSubsequence("-a", "0000:00:00.0")
                .doesNotContain("--in-memory");
    }

    @Test
    void shouldAllowOnlyTheDevicesThatWereNamed() {
        EalSpec spec =
                SPEC.withPciDevices(List.of(DeviceArgument.parse("03:00.0,queues=2")))
                        .withExtraArguments(List.of("--iova-mode=va"));
        assertThat(EalArguments.of(spec, HugepageMode.IN_MEMORY))
                .contains("--in-memory")
                .containsSubsequence("-a", "0000:03:00.0,queues=2")
                .doesNotContain("0000:00:00.0", "--no-huge")
                .endsWith("--iova-mode=va");
    }

    @Test
    void shouldTakeOrdinaryPagesWhenTooFewHugepagesAreFree() {
        assertThat(EalArguments.resolve(SPEC.withMemoryMegabytes(Integer.MAX_VALUE)))
                .isEqualTo(HugepageMode.NO_HUGE);
        assertThat(EalArguments.resolve(SPEC.withHugepageMode(HugepageMode.IN_MEMORY)))
                .isEqualTo(HugepageMode.IN_MEMORY);
    }

    @Test
    void shouldRefuseValuesThatMakeNoSense() {
        assertThatThrownBy(() -> EalSpec.of("a/b"))
                .hasMessage(
                        "DPDK file prefix 'a/b' is not a name of 1 to 64 letters, digits, '.', '_'"
                                + " and '-'.");
        assertThatThrownBy(() -> SPEC.withMemoryMegabytes(0))
                .hasMessage("DPDK memory of 0 MB was asked for; 1 is the least.");
        assertThatThrownBy(() -> SPEC.withPciDevices(List.of(DeviceArgument.parse("null"))))
                .hasMessage("Device 'null' in the PCI allow list is no PCI address.");
    }

    @Test
    void shouldAdviseByWhatDpdkSaid() {
        assertThat(advice(HugepageMode.IN_MEMORY, 13, "No free 2048 kB hugepages reported"))
                .isEqualTo(
                        "reserve hugepages with 'sysctl -w vm.nr_hugepages=51' or start without"
                                + " hugepages");
        assertThat(advice(HugepageMode.NO_HUGE, 13, "x")).isEqualTo("start as root");
        assertThat(advice(HugepageMode.NO_HUGE, 12, ""))
                .isEqualTo("ask for less than 100 MB or free some");
        assertThat(advice(HugepageMode.NO_HUGE, 22, ""))
                .isEqualTo("'jvs doctor' tells what is missing");
        EalSpec extra = SPEC.withExtraArguments(List.of("--foo"));
        assertThat(EalArguments.advice(extra, HugepageMode.NO_HUGE, 22, ""))
                .isEqualTo("check the extra DPDK arguments --foo");
    }

    private static String advice(HugepageMode mode, int errno, String log) {
        return EalArguments.advice(SPEC, mode, errno, log);
    }

    @Test
    void shouldFindTheReasonInTheLog() {
        String log =
                """
                EAL: Detected CPU lcores: 2
                rte_pmd_memif_probe(): Failed to register mp action callback: Operation not supported
                memif_set_role(): Unknown role: bad.
                EAL: Driver cannot attach the device (net_memif97)
                """;
        assertThat(DpdkLog.reason(log)).isEqualTo("Unknown role: bad");
        assertThat(DpdkLog.reason("EAL: Driver cannot attach the device (net_null4)\n"))
                .isEqualTo("Driver cannot attach the device (net_null4)");
        assertThat(DpdkLog.reason("MEMIF_DRIVER: memif_set_role(): Unknown role: bad."))
                .isEqualTo("Unknown role: bad");
        assertThat(DpdkLog.reason("EAL: Detected CPU lcores: 2\n")).isEmpty();
    }

    @Test
    void shouldReadVersions() {
        assertThat(DpdkVersion.parse("DPDK 22.11.11")).isEqualTo(new DpdkVersion(22, 11, 11));
        assertThat(DpdkVersion.parse("DPDK 24.11.4-rc1").toString()).isEqualTo("24.11.4");
        assertThat(DpdkVersion.parse("25.7").supported()).isFalse();
        assertThatThrownBy(() -> DpdkVersion.parse("none"))
                .hasMessage("'none' holds no DPDK version like 22.11.1.");
    }

    @Test
    void shouldCheckPoolsAndPorts() {
        assertThat(MbufPoolSpec.of("p", 10).cacheSize()).isEqualTo(5);
        assertThat(MbufPoolSpec.of("p", 8191).cacheSize()).isEqualTo(256);
        assertThatThrownBy(() -> new MbufPoolSpec("p", 100, 80, 2176, -1))
                .hasMessage(
                        "Pool 'p' cannot have a cache of 80 mbufs: 0 to 512 and at most two thirds"
                                + " of its 100 mbufs are accepted.");
        assertThatThrownBy(() -> MbufPoolSpec.of("p", 100).withDataRoomBytes(128))
                .hasMessage(
                        "Pool 'p' cannot have buffers of 128 bytes: 129 to 65535 are accepted.");
        assertThatThrownBy(() -> EthPortSpec.of(0)).hasMessageContaining("1 is the least");
        assertThatThrownBy(() -> EthPortSpec.of(1).withMtu(67))
                .hasMessage("MTU 67 is not between 68 and 65535.");
        assertThat(EthPortSpec.of(2).rss()).isTrue();
    }
}
