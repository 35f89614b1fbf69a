package io.jvs.director;

import static io.jvs.director.TestRules.SCHEDULERS;
import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.jvs.director.RefusedException.Reason;
import io.jvs.director.TestRules.MemoryStore;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.worker.Change;
import io.jvs.worker.ServerCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectorTest {
    private static final ServiceKey WEB = tcp("10.0.0.1", 80);
    private static final RealServer ONE = nat("10.1.0.1", 8080, 1);
    private static final RealServer TWO = nat("10.1.0.2", 8080, 3);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FakeDataplane dataplane = new FakeDataplane();
    private final MemoryStore store = new MemoryStore();
    private final Director director = new Director(dataplane, store, SCHEDULERS);
    private long nowNs = 5 * SECOND;

    @BeforeEach
    void start() throws Exception {
        director.onStart(Rules.EMPTY, nowNs);
    }

    private ApplyResult apply(Operation... operations) throws RefusedException {
        return director.onApply(new Transaction(List.of(operations), false, false), nowNs);
    }

    private void tick(long seconds) {
        for (long i = 0; i < seconds; i++) {
            nowNs += SECOND;
            director.onTick(nowNs);
        }
    }

    private ServiceView view() {
        return Objects.requireNonNull(director.view().services().get(WEB));
    }

    private Totals service() {
        return view().slot().totals(dataplane.counters());
    }

    @Test
    void shouldApplyTheFirstRulesBeforeItStartsTheDataplane() throws Exception {
        FakeDataplane other = new FakeDataplane();
        Rules kept = Rules.of(41, List.of(rule(WEB, TWO, ONE)), new TimeoutsSpec(7, 8, 9));
        Director restarted = new Director(other, store, SCHEDULERS);
        restarted.onStart(kept, 0);
        assertThat(other.isStarted()).isTrue();
        assertThat(other.applied()).hasSize(1);
        assertThat(other.applied().getFirst().generation()).isEqualTo(42);
        assertThat(other.lastChanges())
                .containsExactly(
                        new Change.AddService(0, rule(WEB, TWO, ONE).service()),
                        new Change.AddServer(0, 0, ONE),
                        new Change.AddServer(0, 1, TWO),
                        new Change.SetTimeouts(7, 8, 9));
    }

    @Test
    void shouldKeepThenApplyThenPublishAChange() throws Exception {
        ApplyResult result =
                apply(new Operation.AddService(rule(WEB)), new Operation.AddServer(WEB, ONE));
        assertThat(result).isEqualTo(new ApplyResult(2, true, 2, 0, 0));
        assertThat(store.saved().getLast().services()).containsOnlyKeys(WEB);
        assertThat(store.saved().getLast().generation()).isEqualTo(2);
        assertThat(dataplane.lastChanges())
                .containsExactly(
                        new Change.AddService(0, rule(WEB, ONE).service()),
                        new Change.AddServer(0, 0, ONE));
        assertThat(view().servers().getFirst().configured()).isEqualTo(ONE);
        assertThat(director.view().generation()).isEqualTo(2);
    }

    @Test
    void shouldDoNothingForAChangeThatChangesNothing() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        int saved = store.saved().size();
        ApplyResult result =
                apply(new Operation.EditServer(WEB, ONE.address(), ONE.port(), old -> old));
        assertThat(result).isEqualTo(new ApplyResult(2, false, 0, 0, 0));
        assertThat(store.saved()).hasSize(saved);
        assertThat(dataplane.applied()).hasSize(2);
    }

    @Test
    void shouldDoNothingOfATransactionWithARefusedStep() throws Exception {
        assertThatThrownBy(() ->
                        apply(
                                new Operation.AddService(rule(WEB)),
                                new Operation.AddServer(tcp("10.9.9.9", 1), ONE)))
                .asInstanceOf(type(RefusedException.class))
                .satisfies(e -> {
                    assertThat(e.sentence()).isEqualTo("Service not defined");
                    assertThat(e.operation()).isEqualTo(2);
                });
        assertThat(director.view().services()).isEmpty();
        assertThat(dataplane.applied()).hasSize(1);
    }

    @Test
    void shouldApplyNothingThatCannotBeKept() {
        store.setFull(true);
        assertThatThrownBy(() -> apply(new Operation.AddService(rule(WEB))))
                .hasMessageContaining("No space left")
                .asInstanceOf(type(RefusedException.class))
                .returns(Reason.UNAVAILABLE, RefusedException::reason);
        assertThat(director.view().services()).isEmpty();
        assertThat(dataplane.applied()).hasSize(1);
    }

    @Test
    void shouldOnlySayWhatWouldHappenWhenValidating() throws Exception {
        Operation add = new Operation.AddService(rule(WEB, ONE));
        ApplyResult result = director.onApply(new Transaction(List.of(add), true, false), nowNs);
        assertThat(result).isEqualTo(new ApplyResult(1, true, 2, 0, 0));
        assertThat(director.view().services()).isEmpty();
        assertThat(store.saved()).hasSize(1);
    }

    @Test
    void shouldNotReplaceMostServicesUnlessAllowed() throws Exception {
        for (int port = 1; port <= 4; port++) {
            apply(new Operation.AddService(rule(tcp("10.0.0.1", port))));
        }
        Operation half =
                new Operation.Replace(
                        List.of(rule(tcp("10.0.0.1", 1)), rule(tcp("10.0.0.1", 2))),
                        TimeoutsSpec.KEEP);
        Operation most =
                new Operation.Replace(List.of(rule(tcp("10.0.0.1", 1))), TimeoutsSpec.KEEP);
        assertThatThrownBy(() -> apply(most)).hasMessageContaining("remove 3 of 4 services");
        assertThat(apply(half).removed()).isEqualTo(2);
        assertThat(director.onApply(new Transaction(List.of(most), false, true), nowNs).removed())
                .isEqualTo(1);
    }

    @Test
    void shouldInhibitADownServerAndGiveItsWeightBack() throws Exception {
        apply(new Operation.AddService(rule(WEB, TWO)));
        ServerId id = ServerId.of(WEB, TWO);
        int saved = store.saved().size();
        director.onHealth(Map.of(id, Health.DOWN), nowNs);
        assertThat(dataplane.lastChanges())
                .containsExactly(new Change.EditServer(0, 0, TWO.withWeight(0)));
        ServerView down = view().servers().getFirst();
        assertThat(down.effectiveWeight()).isZero();
        assertThat(down.configured().weight()).isEqualTo(3);
        apply(new Operation.EditServer(WEB, TWO.address(), TWO.port(), old -> old.withWeight(9)));
        assertThat(view().servers().getFirst().effectiveWeight()).isZero();
        director.onHealth(Map.of(id, Health.UP), nowNs);
        assertThat(dataplane.lastChanges())
                .containsExactly(new Change.EditServer(0, 0, TWO.withWeight(9)));
        assertThat(store.saved()).hasSize(saved + 1);
    }

    @Test
    void shouldStartAServerThatCameBackWithoutItsOldHealth() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        director.onHealth(Map.of(ServerId.of(WEB, ONE), Health.DOWN), nowNs);
        apply(new Operation.RemoveServer(WEB, ONE.address(), ONE.port()));
        apply(new Operation.AddServer(WEB, ONE));
        assertThat(dataplane.lastChanges()).containsExactly(new Change.AddServer(0, 0, ONE));
    }

    @Test
    void shouldGiveARemovedServerItsNumberBackWhileInTheTrash() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        apply(new Operation.RemoveServer(WEB, ONE.address(), ONE.port()));
        tick(119);
        apply(new Operation.AddServer(WEB, TWO));
        assertThat(dataplane.serverIndex("10.1.0.2")).isEqualTo(1);
        apply(new Operation.AddServer(WEB, ONE));
        assertThat(dataplane.serverIndex("10.1.0.1")).isZero();
    }

    @Test
    void shouldGiveANumberToAnotherServerOnlyAfterTheTrashTimeAndWithoutConnections()
            throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        dataplane.count(0, ServerCounter.ACTIVE, 1);
        apply(new Operation.RemoveServer(WEB, ONE.address(), ONE.port()));
        tick(300);
        apply(new Operation.AddServer(WEB, TWO));
        assertThat(dataplane.serverIndex("10.1.0.2")).isEqualTo(1);
        dataplane.count(0, ServerCounter.ACTIVE, 0);
        tick(3);
        apply(new Operation.AddServer(WEB, nat("10.1.0.3", 80, 1)));
        assertThat(dataplane.serverIndex("10.1.0.3")).isZero();
    }

    @Test
    void shouldSumAServiceOverLivingAndRemovedServers() throws Exception {
        apply(new Operation.AddService(rule(WEB, TWO, ONE)));
        dataplane.count(0, ServerCounter.CONNECTIONS, 10);
        dataplane.count(1, ServerCounter.CONNECTIONS, 5);
        assertThat(service().connections()).isEqualTo(15);
        apply(new Operation.RemoveServer(WEB, ONE.address(), ONE.port()));
        assertThat(service().connections()).isEqualTo(15);
        tick(130);
        assertThat(service().connections()).isEqualTo(15);
        // Number 0 is free now; what it counted before is not the new server's.
        apply(new Operation.AddServer(WEB, nat("10.1.0.3", 80, 1)));
        assertThat(dataplane.serverIndex("10.1.0.3")).isZero();
        dataplane.count(0, ServerCounter.CONNECTIONS, 12);
        ServerView third = view().servers().getFirst();
        assertThat(third.slot().totals(dataplane.counters()).connections()).isEqualTo(2);
        assertThat(service().connections()).isEqualTo(17);
        assertThat(director.totals(dataplane.counters()).connections()).isEqualTo(17);
    }

    @Test
    void shouldZeroByBaselines() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        dataplane.count(0, ServerCounter.INCOMING_PACKETS, 10);
        apply(new Operation.ZeroStatistics(null));
        assertThat(service()).isEqualTo(Totals.ZERO);
        assertThat(director.totals(dataplane.counters())).isEqualTo(Totals.ZERO);
        dataplane.count(0, ServerCounter.INCOMING_PACKETS, 14);
        assertThat(service().incomingPackets()).isEqualTo(4);
        apply(new Operation.ZeroStatistics(WEB));
        assertThat(service().incomingPackets()).isZero();
        assertThat(director.totals(dataplane.counters()).incomingPackets()).isEqualTo(4);
    }

    @Test
    void shouldEstimateRatesEveryTwoSeconds() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        dataplane.count(0, ServerCounter.CONNECTIONS, 800);
        tick(2);
        ServiceView view = view();
        assertThat(view.slot().rates().connections()).isEqualTo(100);
        assertThat(view.servers().getFirst().slot().rates().connections()).isEqualTo(100);
        assertThat(director.rates().connections()).isEqualTo(100);
    }

    @Test
    void shouldPutAServerThatIsAddedAloneAtTheHead() throws Exception {
        apply(new Operation.AddService(rule(WEB, ONE)));
        apply(new Operation.AddServer(WEB, TWO));
        assertThat(view().rule().service().servers()).containsExactly(TWO, ONE);
    }

    @Test
    void shouldSayWhenTheDataplaneFails() {
        dataplane.failWith(new IllegalStateException("a worker died"));
        assertThatThrownBy(() -> apply(new Operation.AddService(rule(WEB))))
                .hasMessageContaining("a worker died")
                .asInstanceOf(type(RefusedException.class))
                .returns(Reason.INTERNAL, RefusedException::reason);
    }

    @Test
    void shouldApplyTenThousandServicesOfTenServersInTime() throws Exception {
        List<ServiceRule> rules = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            RealServer[] servers = new RealServer[10];
            for (int j = 0; j < 10; j++) {
                servers[j] = nat("10.1." + j + ".1", 8080, 1);
            }
            rules.add(rule(tcp("10.0." + (i >> 8) + "." + (i & 255), 80), servers));
        }
        long start = System.nanoTime();
        ApplyResult result = apply(new Operation.Replace(rules, TimeoutsSpec.KEEP));
        apply(new Operation.Flush());
        assertThat(result.added()).isEqualTo(110_000);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
}
