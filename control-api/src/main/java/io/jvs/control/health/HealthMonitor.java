package io.jvs.control.health;

import io.jvs.control.config.HealthDefaults;
import io.jvs.director.DirectorProxy;
import io.jvs.director.DirectorView;
import io.jvs.director.Health;
import io.jvs.director.ServerId;
import io.jvs.director.ServerSlot;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@link HealthCheck} for each real server that is to be checked. A thread of its own
 * follows the director's views; checks are started and stopped there only.
 */
public final class HealthMonitor implements AutoCloseable {
    /** What was counted for one server; totals since its check began. */
    public record Counts(
            ServerId id, long successes, long failures, long untried, long toUp, long toDown) {}

    /** Checks under way at once, each with a socket; below the usual limit of 1024 open files. */
    private static final int MOST_AT_ONCE = 512;

    private record Wanted(CheckTarget target, ServerSlot slot) {}

    private final DirectorProxy proxy;
    private final HealthDefaults defaults;
    private final HealthCheck.Shared shared;
    private final Map<ServerId, HealthCheck> checks = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("health-monitor").unstarted(this::run);
    private volatile @Nullable DirectorView latest;
    private volatile boolean stopping;

    /**
     * A monitor that has to be told of views.
     *
     * @param durationNs gets how long each check took
     */
    public HealthMonitor(
            DirectorProxy proxy,
            HealthDefaults defaults,
            LongSupplier clockNs,
            LongConsumer durationNs) {
        this.proxy = proxy;
        this.defaults = defaults;
        this.shared =
                new HealthCheck.Shared(
                        proxy,
                        clockNs,
                        durationNs,
                        new Semaphore(MOST_AT_ONCE),
                        new BoundedLog(clockNs));
    }

    /** Starts to follow. */
    public void start() {
        thread.start();
    }

    /** Takes note of a view; returns at once. */
    public void onView(DirectorView view) {
        latest = view;
        LockSupport.unpark(thread);
    }

    @SuppressWarnings("ReferenceEquality") // each view is another object
    private void run() {
        DirectorView seen = null;
        while (!stopping) {
            DirectorView view = latest;
            if (view == null || view == seen) {
                LockSupport.park(this);
            } else {
                follow(view);
                seen = view;
            }
        }
        checks.values().forEach(HealthCheck::stop);
    }

    private void follow(DirectorView view) {
        Map<ServerId, Wanted> wanted = wanted(view);
        for (Iterator<HealthCheck> each = checks.values().iterator(); each.hasNext(); ) {
            HealthCheck check = each.next();
            Wanted now = wanted.get(check.target().id());
            if (now == null || !now.target.equals(check.target()) || now.slot != check.slot()) {
                check.stop();
                each.remove();
                if (now == null && isThere(view, check.target().id())) {
                    giveBack(check);
                }
            }
        }
        for (Wanted one : wanted.values()) {
            if (!checks.containsKey(one.target.id())) {
                HealthCheck check = new HealthCheck(one.target, one.slot, shared);
                checks.put(one.target.id(), check);
                check.start();
            }
        }
    }

    private Map<ServerId, Wanted> wanted(DirectorView view) {
        Map<ServerId, Wanted> wanted = new HashMap<>();
        for (ServiceView service : view.services().values()) {
            for (ServerView server : service.servers()) {
                CheckTarget target = CheckTarget.of(service, server, defaults);
                if (target != null) {
                    wanted.put(target.id(), new Wanted(target, server.slot()));
                }
            }
        }
        return wanted;
    }

    private static boolean isThere(DirectorView view, ServerId id) {
        ServiceView service = view.services().get(id.service());
        return service != null
                && service.servers().stream()
                        .anyMatch(s -> ServerId.of(id.service(), s.configured()).equals(id));
    }

    /** A server that is no longer checked is no longer held out. */
    private void giveBack(HealthCheck check) {
        CompletableFuture<DirectorView> _ = proxy.setHealth(check.target().id(), Health.UNKNOWN);
    }

    /** What was counted, one entry for each server that is checked. */
    public List<Counts> counts() {
        List<Counts> counts = new ArrayList<>();
        for (HealthCheck check : checks.values()) {
            counts.add(
                    new Counts(
                            check.target().id(),
                            check.successes(),
                            check.failures(),
                            check.untried(),
                            check.toUp(),
                            check.toDown()));
        }
        return counts;
    }

    /** Stops all checks; servers keep the weight that they have. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
