package io.jvs.director;

import static io.jvs.director.TestRules.SCHEDULERS;
import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.TestRules.MemoryStore;
import io.jvs.service.Drain;
import io.jvs.service.RealServer;
import io.jvs.service.ServerExit;
import io.jvs.service.ServiceKey;
import io.jvs.worker.Change;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectorDrainTest {
    private static final ServiceKey WEB = tcp("10.0.0.1", 80);
    private static final RealServer ONE = nat("10.1.0.1", 8080, 5);
    private static final RealServer TWO = nat("10.1.0.2", 8080, 3);
    private static final Drain DRAIN = new Drain(7, ServerExit.RESET, false);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FakeDataplane dataplane = new FakeDataplane();
    private final MemoryStore store = new MemoryStore();
    private final Director director = new Director(dataplane, store, SCHEDULERS);
    private long nowNs = 5 * SECOND;

    @BeforeEach
    void start() throws Exception {
        director.onStart(Rules.EMPTY, nowNs);
        apply(new Operation.AddService(rule(WEB, ONE, TWO)));
    }

    private void apply(Operation... operations) throws RefusedException {
        director.onApply(new Transaction(List.of(operations), false, false), nowNs);
    }

    private void drain(@Nullable Drain drain) throws RefusedException {
        apply(
                new Operation.EditServer(
                        WEB, ONE.address(), ONE.port(), old -> old.withDrain(drain)));
    }

    private ServerView one() {
        return Objects.requireNonNull(director.view().services().get(WEB)).servers().getFirst();
    }

    @Test
    void shouldGiveItNoWeightAtOnceAndAnEndAtTheDeadline() throws Exception {
        drain(DRAIN);
        RealServer draining = ONE.withWeight(0).withDrain(DRAIN);
        assertThat(dataplane.lastChanges()).containsExactly(new Change.EditServer(0, 1, draining));
        assertThat(one().effectiveWeight()).isZero();
        assertThat(one().drainOver()).isFalse();
        assertThat(one().configured().weight()).isEqualTo(5);
        int saved = store.saved().size();
        int applied = dataplane.applied().size();
        nowNs += 6 * SECOND;
        director.onTick(nowNs);
        assertThat(dataplane.applied()).hasSize(applied);
        assertThat(director.nextTickNs() - nowNs).isLessThanOrEqualTo(SECOND);
        nowNs += SECOND;
        director.onTick(nowNs);
        assertThat(dataplane.lastChanges())
                .containsExactly(new Change.EditServer(0, 1, draining.withDrain(DRAIN.ended())));
        assertThat(one().drainOver()).isTrue();
        assertThat(store.saved()).as("like health it is not kept").hasSize(saved);
        nowNs += 20 * SECOND;
        director.onTick(nowNs);
        assertThat(dataplane.applied()).hasSize(applied + 1);
    }

    @Test
    void shouldBringBackItsWeightWhenItIsToStay() throws Exception {
        drain(DRAIN);
        nowNs += 8 * SECOND;
        director.onTick(nowNs);
        drain(null);
        assertThat(dataplane.lastChanges()).containsExactly(new Change.EditServer(0, 1, ONE));
        assertThat(one().effectiveWeight()).isEqualTo(5);
        // Drained again, the time begins anew.
        drain(DRAIN);
        assertThat(one().drainOver()).isFalse();
        ServiceRule kept = Objects.requireNonNull(store.saved().getLast().services().get(WEB));
        assertThat(kept.service().servers().getFirst()).isEqualTo(ONE.withDrain(DRAIN));
    }

    @Test
    void shouldKeepTheTimeThroughOtherChanges() throws Exception {
        drain(DRAIN);
        nowNs += 6 * SECOND;
        apply(new Operation.EditServer(WEB, ONE.address(), ONE.port(), old -> old.withWeight(9)));
        assertThat(one().effectiveWeight()).isZero();
        nowNs += SECOND;
        director.onTick(nowNs);
        assertThat(one().drainOver()).isTrue();
    }
}
