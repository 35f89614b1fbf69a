package io.jvs.director;

import io.jvs.director.RefusedException.Reason;
import io.jvs.service.MarkRule;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Sysctl;
import io.jvs.service.Sysctls;
import io.jvs.service.VirtualService;
import io.jvs.worker.Change;
import io.jvs.worker.CountersView;
import io.jvs.worker.Dataplane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owner of the desired state. A change is drafted, compared with what is in force, kept on disk,
 * applied to all workers as one generation, and only then published and answered. All {@code onXxx}
 * methods run on the director's thread; the view may be read by any.
 */
public final class Director {
    private static final Logger LOG = LoggerFactory.getLogger(Director.class);

    /** How long workers may take for a generation before a change is answered with an error. */
    private static final long APPLY_TIMEOUT_SECONDS = 10;

    private final Dataplane dataplane;
    private final RuleStore store;
    private final RuleChecks checks;
    private final SlotTable slots = new SlotTable();
    private final DrainTable drains = new DrainTable();
    private final List<Consumer<DirectorView>> listeners = new CopyOnWriteArrayList<>();
    private final RateEstimator totalRates = new RateEstimator(Totals.ZERO);
    private Map<ServiceKey, VirtualService> inForce = Map.of();
    private @Nullable TimeoutsSpec timeoutsInForce;
    private List<MarkRule> marksInForce = List.of();
    private Sysctls sysctlsInForce = Sysctls.INITIAL;
    private long generation;
    private long nextEstimateNs;
    private volatile Totals totalBase = Totals.ZERO;
    private volatile int serverNumbers;
    private volatile DirectorView view = new DirectorView(Rules.EMPTY, Map.of(), 0);

    /**
     * A director without rules.
     *
     * @param dataplane opened, not started
     * @param store where rules are kept
     * @param schedulers names of the schedulers that there are
     */
    public Director(Dataplane dataplane, RuleStore store, Set<String> schedulers) {
        this.dataplane = dataplane;
        this.store = store;
        this.checks = new RuleChecks(schedulers);
    }

    /**
     * Checks one service by itself.
     *
     * @throws RefusedException when it would be refused
     */
    public static void check(ServiceRule rule, Set<String> schedulers) throws RefusedException {
        RuleChecks.families(rule);
        QuicChecks.servers(rule.service());
        RuleChecks.synProxy(rule);
        new RuleChecks(schedulers).service(rule);
    }

    /** What is in force. */
    public DirectorView view() {
        return view;
    }

    /** The packet path; for reading. */
    public Dataplane dataplane() {
        return dataplane;
    }

    /** Totals over all services, those that are gone too. */
    public Totals totals(CountersView counters) {
        return everything(counters).minus(totalBase);
    }

    /** Averages over all services. */
    public Rates rates() {
        return totalRates.rates();
    }

    /** Calls {@code listener} with each new view, on the director's thread. */
    public void addListener(Consumer<DirectorView> listener) {
        listeners.add(listener);
    }

    /**
     * Applies the first rules and starts the data plane, so that they are in force when the first
     * packet comes. Rules that cannot be applied any more are left out, and said so.
     */
    void onStart(Rules rules, long nowNs) throws RefusedException {
        RulesDraft draft = new RulesDraft(Rules.EMPTY, checks);
        for (ServiceRule rule : rules.services().values()) {
            try {
                draft.apply(new Operation.AddService(rule));
            } catch (RefusedException e) {
                LOG.warn("service {} is left out: {}", rule.key(), e.getMessage());
            }
        }
        draft.apply(new Operation.SetTimeouts(rules.timeouts()));
        draft.apply(new Operation.SetMarkRules(rules.marks()));
        draft.apply(new Operation.SetSysctls(rules.sysctls().changedByName()));
        generation = rules.generation();
        Rules first = draft.rules(generation + 1).withOrigin(rules.origin());
        keep(first);
        CompletableFuture<Long> applied = hand(plan(first), nowNs);
        dataplane.start();
        await(applied);
        publish(first);
        nextEstimateNs = nowNs + RateEstimator.PERIOD_NS;
    }

    /** Does a transaction. */
    ApplyResult onApply(Transaction transaction, long nowNs) throws RefusedException {
        RulesDraft draft = draft(transaction);
        Rules wanted = draft.rules(generation + 1);
        Plan plan = plan(wanted);
        boolean changed = !plan.steps.isEmpty() || !wanted.sameAs(view.rules());
        if (!transaction.validateOnly()) {
            if (changed) {
                keep(wanted);
                commit(plan, nowNs);
            }
            draft.zeroed().forEach(zero -> onZero(zero.key()));
        }
        return result(plan.steps, changed);
    }

    private RulesDraft draft(Transaction transaction) throws RefusedException {
        RulesDraft draft = new RulesDraft(view.rules(), checks);
        boolean replaces = false;
        int number = 0;
        for (Operation operation : transaction.operations()) {
            number++;
            replaces |= operation instanceof Operation.Replace;
            try {
                draft.apply(operation);
            } catch (RefusedException e) {
                throw transaction.operations().size() > 1 ? e.at(number) : e;
            }
        }
        draft.check();
        int before = view.rules().services().size();
        if (replaces && !transaction.allowRemovingMost() && draft.removedServices() * 2 > before) {
            throw new RefusedException(
                    Reason.PRECONDITION,
                    "this would remove "
                            + draft.removedServices()
                            + " of "
                            + before
                            + " services; set allow_removing_most if that is meant");
        }
        return draft;
    }

    private ApplyResult result(List<Step> steps, boolean changed) {
        int added = 0;
        int edited = 0;
        int removed = 0;
        for (Step step : steps) {
            switch (step) {
                case Step.ServiceAdded _ -> added++;
                case Step.ServerAdded _ -> added++;
                case Step.ServiceRemoved _ -> removed++;
                case Step.ServerRemoved _ -> removed++;
                case Step.ServiceEdited _ -> edited++;
                case Step.ServerEdited _ -> edited++;
                case Step.LocalAddressesSet _ -> edited++;
            }
        }
        return new ApplyResult(generation, changed, added, edited, removed);
    }

    /** The way from what is in force to a state that is wanted. */
    private record Plan(
            Rules wanted, Map<ServiceKey, VirtualService> effective, List<Step> steps) {}

    private Plan plan(Rules wanted) {
        Map<ServiceKey, VirtualService> effective = effective(wanted);
        return new Plan(wanted, effective, RulesDiff.between(inForce, effective));
    }

    /** Applies and publishes; published too when workers are late, for they will follow. */
    private void commit(Plan plan, long nowNs) throws RefusedException {
        CompletableFuture<Long> applied = hand(plan, nowNs);
        try {
            await(applied);
        } finally {
            forgetHealth(plan);
            publish(plan.wanted);
        }
    }

    private void keep(Rules rules) throws RefusedException {
        try {
            store.save(rules);
        } catch (IOException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE, "the rules could not be kept: " + e.getMessage());
        }
    }

    /** Hands a plan to the workers. */
    private CompletableFuture<Long> hand(Plan plan, long nowNs) {
        List<Change> changes = slots.number(plan.steps, dataplane.counters(), nowNs);
        TimeoutsSpec timeouts = plan.wanted.timeouts();
        if (!timeouts.equals(timeoutsInForce)) {
            changes.add(
                    new Change.SetTimeouts(
                            timeouts.tcpSeconds(),
                            timeouts.tcpFinSeconds(),
                            timeouts.udpSeconds()));
            timeoutsInForce = timeouts;
        }
        if (!plan.wanted.marks().equals(marksInForce)) {
            marksInForce = plan.wanted.marks();
            changes.add(new Change.SetMarkRules(marksInForce));
        }
        Sysctls sysctls = plan.wanted.sysctls();
        if (!sysctls.equals(sysctlsInForce)) {
            changes.add(new Change.SetSysctls(sysctls));
            sysctlsInForce = sysctls;
        }
        drains.onRules(plan.wanted, nowNs);
        inForce = plan.effective;
        serverNumbers = slots.serverNumbersUsed();
        generation++;
        return dataplane.apply(generation, changes);
    }

    /** What was found out about servers that are gone says nothing about later ones. */
    private void forgetHealth(Plan plan) {
        for (Step step : plan.steps) {
            switch (step) {
                case Step.ServerRemoved removed -> {
                    ServerId id = ServerId.of(removed.key(), removed.server());
                    if (!isThere(plan.wanted, id)) {
                        setHealth(id, Health.UNKNOWN);
                    }
                }
                case Step.ServiceRemoved removed ->
                        Objects.requireNonNull(view.services().get(removed.key()))
                                .servers()
                                .forEach(server -> server.slot().onHealth(Health.UNKNOWN));
                default -> {}
            }
        }
    }

    private void setHealth(ServerId id, Health health) {
        ServerSlot slot = slots.server(id);
        if (slot != null) {
            slot.onHealth(health);
        }
    }

    private static boolean isThere(Rules rules, ServerId id) {
        ServiceRule rule = rules.services().get(id.service());
        return rule != null
                && rule.service().servers().stream()
                        .anyMatch(server -> ServerId.of(id.service(), server).equals(id));
    }

    private void await(CompletableFuture<Long> applied) throws RefusedException {
        try {
            applied.get(APPLY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "the workers have not applied generation "
                            + generation
                            + " within "
                            + APPLY_TIMEOUT_SECONDS
                            + " s; it is kept and they will when they turn again");
        } catch (ExecutionException e) {
            LOG.error("the data plane failed to apply generation {}", generation, e.getCause());
            throw new RefusedException(
                    Reason.INTERNAL, "the data plane failed to apply: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Reason.UNAVAILABLE, "the director stops");
        }
    }

    /** The services with inhibited servers at weight 0; unchanged ones are the same objects. */
    private Map<ServiceKey, VirtualService> effective(Rules rules) {
        Map<ServiceKey, VirtualService> effective =
                LinkedHashMap.newLinkedHashMap(rules.services().size());
        for (ServiceRule rule : rules.services().values()) {
            effective.put(rule.key(), effective(rule));
        }
        return effective;
    }

    private VirtualService effective(ServiceRule rule) {
        VirtualService service = rule.service();
        List<RealServer> servers = service.servers();
        List<RealServer> changed = null;
        for (int i = 0; i < servers.size(); i++) {
            RealServer server = servers.get(i);
            boolean down = healthOf(rule.key(), server) == Health.DOWN;
            if (down || server.drain() != null) {
                changed = changed == null ? new ArrayList<>(servers) : changed;
                RealServer inhibited = down ? server.withWeight(0) : server;
                changed.set(i, drains.effective(ServerId.of(rule.key(), server), inhibited));
            }
        }
        return changed == null ? service : service.withServers(changed);
    }

    private Health healthOf(ServiceKey key, RealServer server) {
        ServerSlot slot = slots.server(ServerId.of(key, server));
        return slot == null ? Health.UNKNOWN : slot.health();
    }

    private void publish(Rules rules) {
        Map<ServiceKey, ServiceView> old = view.services();
        Map<ServiceKey, ServiceView> services =
                LinkedHashMap.newLinkedHashMap(rules.services().size());
        for (ServiceRule rule : rules.services().values()) {
            services.put(rule.key(), viewOf(rule, old.get(rule.key())));
        }
        view = new DirectorView(rules, Collections.unmodifiableMap(services), generation);
        for (Consumer<DirectorView> listener : listeners) {
            listener.accept(view);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same object is equal; spares a deep look
    private ServiceView viewOf(ServiceRule rule, @Nullable ServiceView old) {
        VirtualService effective = inForce.get(rule.key());
        if (old != null && old.rule() == rule && old.effective() == effective) {
            return old;
        }
        ServiceSlot slot = slots.service(rule.key());
        if (slot == null || effective == null) {
            throw new IllegalStateException("service " + rule.key() + " is not in force");
        }
        List<ServerView> servers = new ArrayList<>(effective.servers().size());
        for (int i = 0; i < effective.servers().size(); i++) {
            RealServer configured = rule.service().servers().get(i);
            ServerSlot server = slots.server(ServerId.of(rule.key(), configured));
            if (server == null) {
                throw new IllegalStateException("real server of " + rule.key() + " has no number");
            }
            RealServer inForce = effective.servers().get(i);
            boolean over = inForce.drain() != null && inForce.drain().over();
            servers.add(new ServerView(configured, inForce.weight(), over, server));
        }
        return new ServiceView(rule, effective, servers, slot);
    }

    /**
     * Health checks have changed their minds; nothing is kept on disk. All that is known at a
     * moment is one generation: where a whole network goes down, each by itself would keep the
     * director from everything else.
     */
    void onHealth(Map<ServerId, Health> found, long nowNs) throws RefusedException {
        boolean weightChanges = false;
        for (Map.Entry<ServerId, Health> one : found.entrySet()) {
            weightChanges |= changesWeight(one.getKey(), one.getValue());
        }
        if (weightChanges) {
            commit(plan(view.rules()), nowNs);
        }
    }

    private boolean changesWeight(ServerId id, Health now) {
        ServerSlot slot = slots.server(id);
        if (slot == null || slot.health() == now || !isThere(view.rules(), id)) {
            return false;
        }
        boolean changes = slot.health() == Health.DOWN || now == Health.DOWN;
        slot.onHealth(now);
        return changes;
    }

    /** Zeroes the statistics of one service, or of all. */
    private void onZero(@Nullable ServiceKey key) {
        CountersView counters = dataplane.counters();
        slots.onZero(key, counters);
        if (key == null) {
            totalBase = everything(counters);
            totalRates.onZero(totalBase);
        }
    }

    private Totals everything(CountersView counters) {
        Totals sum = Totals.ZERO;
        int numbers = serverNumbers;
        for (int i = 0; i < numbers; i++) {
            sum = sum.plus(Totals.read(counters, i));
        }
        return sum;
    }

    /** The connections of drained servers whose time is up come to their end. */
    private void endDrains(long nowNs) {
        if (drains.onTick(nowNs)) {
            try {
                commit(plan(view.rules()), nowNs);
            } catch (RefusedException e) {
                LOG.error("drained servers: {}", e.getMessage());
            }
        }
    }

    /** When the clock must be looked at again. */
    long nextTickNs() {
        return drains.nextNs(nextEstimateNs);
    }

    /** Rates and the trash, every two seconds. */
    void onTick(long nowNs) {
        endDrains(nowNs);
        if (nowNs - nextEstimateNs < 0) {
            return;
        }
        nextEstimateNs += RateEstimator.PERIOD_NS;
        if (nowNs - nextEstimateNs > 0) {
            nextEstimateNs = nowNs + RateEstimator.PERIOD_NS;
        }
        CountersView counters = dataplane.counters();
        if (sysctlsInForce.isOn(Sysctl.RUN_ESTIMATION)) {
            slots.onEstimate(counters);
            totalRates.onEstimate(everything(counters));
        }
        slots.onTrash(counters, nowNs);
    }
}
