package io.jvs.director;

import static io.jvs.director.TestRules.SCHEDULERS;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.director.TestRules.MemoryStore;
import io.jvs.service.Sysctl;
import io.jvs.service.Sysctls;
import io.jvs.worker.Change;
import io.jvs.worker.ServerCounter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectorSysctlsTest {
    private final FakeDataplane dataplane = new FakeDataplane();
    private final MemoryStore store = new MemoryStore();
    private final Director director = new Director(dataplane, store, SCHEDULERS);

    @BeforeEach
    void start() throws Exception {
        director.onStart(Rules.EMPTY, 0);
    }

    private ApplyResult apply(Operation... operations) throws RefusedException {
        return director.onApply(new Transaction(List.of(operations), false, false), 0);
    }

    private static Operation set(String name, String value) {
        return new Operation.SetSysctls(Map.of(name, value));
    }

    @Test
    void shouldKeepSettingsAndTellTheWorkers() throws Exception {
        ApplyResult result = apply(set("net.ipv4.vs.conn_reuse_mode", "0"), set("drop_entry", "3"));
        assertThat(result.changed()).isTrue();
        Sysctls wanted = new Sysctls(Map.of(Sysctl.CONN_REUSE_MODE, "0", Sysctl.DROP_ENTRY, "3"));
        assertThat(dataplane.lastChanges()).containsExactly(new Change.SetSysctls(wanted));
        assertThat(store.saved().getLast().sysctls()).isEqualTo(wanted);
        assertThat(director.view().rules().sysctls()).isEqualTo(wanted);
    }

    @Test
    void shouldTellTheWorkersNothingThatTheyHave() throws Exception {
        apply(set("drop_entry", "3"));
        assertThat(apply(set("drop_entry", "3")).changed()).isFalse();
        apply(new Operation.AddService(rule(tcp("10.0.0.1", 80))));
        assertThat(dataplane.lastChanges()).noneMatch(each -> each instanceof Change.SetSysctls);
        apply(set("drop_entry", "0"));
        assertThat(dataplane.lastChanges()).containsExactly(new Change.SetSysctls(Sysctls.INITIAL));
    }

    @Test
    void shouldApplyNothingWhenOneSettingIsRefused() {
        assertThatThrownBy(() -> apply(set("drop_entry", "3"), set("secure_tcp", "4")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("secure_tcp: '4' is not a whole number from 0 to 3");
        assertThat(director.view().rules().sysctls()).isEqualTo(Sysctls.INITIAL);
    }

    @Test
    void shouldStartWithTheKeptSettings() throws Exception {
        Sysctls kept = Sysctls.INITIAL.with(Map.of("sloppy_tcp", "1"));
        FakeDataplane other = new FakeDataplane();
        new Director(other, store, SCHEDULERS).onStart(Rules.EMPTY.withSysctls(kept), 0);
        assertThat(other.lastChanges()).contains(new Change.SetSysctls(kept));
    }

    @Test
    void shouldLeaveSettingsAloneThatAReplacementDoesNotName() throws Exception {
        apply(set("drop_entry", "3"), set("sloppy_tcp", "1"));
        apply(
                new Operation.Replace(
                        List.of(), TimeoutsSpec.KEEP, List.of(), Map.of("drop_entry", "0")));
        assertThat(director.view().rules().sysctls().changedByName())
                .containsOnly(Map.entry("sloppy_tcp", "1"));
    }

    private long estimated(String value) throws RefusedException {
        FakeDataplane other = new FakeDataplane();
        Director one = new Director(other, store, SCHEDULERS);
        one.onStart(Rules.EMPTY, 0);
        Operation add =
                new Operation.AddService(
                        rule(tcp("10.0.0.1", 80), TestRules.nat("10.1.0.1", 8080, 1)));
        one.onApply(new Transaction(List.of(set("run_estimation", value), add), false, false), 0);
        other.count(0, ServerCounter.CONNECTIONS, 800);
        for (int second = 1; second <= 4; second++) {
            one.onTick(second * 1_000_000_000L);
        }
        return one.rates().connections();
    }

    @Test
    void shouldEstimateRatesOnlyWhileRunEstimationIsOn() throws Exception {
        assertThat(estimated("1")).isPositive();
        assertThat(estimated("0")).isZero();
    }
}
