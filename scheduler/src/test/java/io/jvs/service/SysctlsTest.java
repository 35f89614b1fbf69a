package io.jvs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlsTest {
    /** What a kernel 6.12.95 lists below /proc/sys/net/ipv4/vs. */
    private static final List<String> KERNEL =
            List.of(
                    "am_droprate 10",
                    "amemthresh 1024",
                    "backup_only 0",
                    "cache_bypass 0",
                    "conn_reuse_mode 1",
                    "conntrack 0",
                    "drop_entry 0",
                    "drop_packet 0",
                    "est_cpulist 0",
                    "est_nice 0",
                    "expire_nodest_conn 0",
                    "expire_quiescent_template 0",
                    "ignore_tunneled 0",
                    "lblc_expiration 86400",
                    "lblcr_expiration 86400",
                    "nat_icmp_send 0",
                    "pmtu_disc 1",
                    "run_estimation 1",
                    "schedule_icmp 0",
                    "secure_tcp 0",
                    "sloppy_sctp 0",
                    "sloppy_tcp 0",
                    "snat_reroute 1",
                    "sync_persist_mode 0",
                    "sync_ports 1",
                    "sync_qlen_max 4096",
                    "sync_refresh_period 0",
                    "sync_retries 0",
                    "sync_sock_size 0",
                    "sync_threshold 3 50",
                    "sync_version 1");

    @Test
    void shouldHaveTheKernelsNamesAndDefaults() {
        List<String> all =
                Sysctls.INITIAL.all().entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .toList();
        assertThat(all).containsExactlyInAnyOrderElementsOf(KERNEL);
    }

    @Test
    void shouldTakeNamesWithAndWithoutTheirPlaceInTheTree() {
        Sysctls set =
                Sysctls.INITIAL.with(
                        Map.of("net.ipv4.vs.conn_reuse_mode", "0", "drop_packet", " 3\n"));
        assertThat(set.number(Sysctl.CONN_REUSE_MODE)).isZero();
        assertThat(set.number(Sysctl.DROP_PACKET)).isEqualTo(3);
        assertThat(set.changedByName())
                .containsOnly(Map.entry("conn_reuse_mode", "0"), Map.entry("drop_packet", "3"));
        assertThat(set.with(Map.of("conn_reuse_mode", "1", "drop_packet", "0")))
                .isEqualTo(Sysctls.INITIAL);
    }

    @ParameterizedTest
    @EnumSource(Sysctl.class)
    void shouldTakeEveryInitialValueAndNoText(Sysctl sysctl) {
        assertThat(Sysctls.INITIAL.with(Map.of(sysctl.key(), sysctl.initial())))
                .isEqualTo(Sysctls.INITIAL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sysctls.INITIAL.with(Map.of(sysctl.key(), "x")))
                .withMessageStartingWith(sysctl.key() + ": 'x' is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop_entry", "drop_packet", "secure_tcp"})
    void shouldKnowFourModesOfADefence(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sysctls.INITIAL.with(Map.of(name, "4")))
                .withMessage(name + ": '4' is not a whole number from 0 to 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sysctls.INITIAL.with(Map.of(name, "-1")));
    }

    @Test
    void shouldSayWhyAFixedSettingCannotBeChanged() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sysctls.INITIAL.with(Map.of("conntrack", "1")))
                .withMessage(
                        "conntrack: '1' is refused, it can only be 0: there is no netfilter"
                                + " beneath JVS");
        assertThat(Sysctls.INITIAL.with(Map.of("sync_threshold", "3\t50")))
                .isEqualTo(Sysctls.INITIAL);
    }

    @Test
    void shouldNotTakeUnknownNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sysctls.INITIAL.with(Map.of("net.core.somaxconn", "1")))
                .withMessageContaining("'net.core.somaxconn' is not a setting");
    }
}
