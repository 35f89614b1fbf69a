package io.jvs.control.health;

import io.jvs.control.health.TcpCheck.Outcome;
import io.jvs.director.DirectorProxy;
import io.jvs.director.Health;
import io.jvs.director.ServerSlot;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one real server again and again, on a virtual thread of its own, and tells the director
 * when it goes down or comes back. Counters may be read by any thread.
 */
final class HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);
    private static final long SPREAD_NS = 1_000_000_000L;

    private final CheckTarget target;
    private final ServerSlot slot;
    private final Shared shared;
    private final Thread thread;
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder untried = new LongAdder();
    private final LongAdder toUp = new LongAdder();
    private final LongAdder toDown = new LongAdder();
    private volatile boolean stopped;
    private int successesInARow;
    private int failuresInARow;
    private String lastUntried = "";

    /**
     * What all checks share.
     *
     * @param proxy the director
     * @param clockNs the time
     * @param durationNs gets how long each check took
     * @param sockets one permit for each check that may be under way at once
     * @param log where they say what they find
     */
    record Shared(
            DirectorProxy proxy,
            LongSupplier clockNs,
            LongConsumer durationNs,
            Semaphore sockets,
            BoundedLog log) {}

    HealthCheck(CheckTarget target, ServerSlot slot, Shared shared) {
        this.target = target;
        this.slot = slot;
        this.shared = shared;
        this.thread =
                Thread.ofVirtual().name("check-" + target.id().address()).unstarted(this::run);
    }

    CheckTarget target() {
        return target;
    }

    ServerSlot slot() {
        return slot;
    }

    void start() {
        thread.start();
    }

    /** When it returns, this check tells the director nothing any more. */
    void stop() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first checks of many servers are spread over a second, or over one interval. */
    private void run() {
        try {
            long spreadNs = Math.min(SPREAD_NS, target.intervalNs());
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(spreadNs / 2 + 1));
            while (!stopped) {
                Outcome outcome = check();
                if (!stopped) {
                    onOutcome(outcome);
                }
                TimeUnit.NANOSECONDS.sleep(target.intervalNs());
            }
        } catch (InterruptedException e) {
            LOG.trace("check of {} ends", target.id(), e);
        }
    }

    private Outcome check() throws InterruptedException {
        shared.sockets.acquire();
        try {
            long startNs = shared.clockNs.getAsLong();
            Outcome outcome = TcpCheck.check(target);
            shared.durationNs.accept(shared.clockNs.getAsLong() - startNs);
            return outcome;
        } finally {
            shared.sockets.release();
        }
    }

    private void onOutcome(Outcome outcome) {
        switch (outcome) {
            case Outcome.Success _ -> onSuccess();
            case Outcome.Failure failure -> onFailure(failure.why());
            case Outcome.Untried none -> onUntried(none.why());
        }
    }

    private void onSuccess() {
        successes.increment();
        lastUntried = "";
        failuresInARow = 0;
        successesInARow++;
        Health health = slot.health();
        if (health == Health.UNKNOWN || health == Health.DOWN && successesInARow >= target.rise()) {
            toUp.increment();
            if (health == Health.DOWN) {
                shared.log.info("real server {} is back", text());
            }
            tell(Health.UP);
        }
    }

    private void onFailure(String why) {
        failures.increment();
        lastUntried = "";
        successesInARow = 0;
        failuresInARow++;
        if (slot.health() != Health.DOWN && failuresInARow >= target.fall()) {
            toDown.increment();
            shared.log.warn("real server {} is down, inhibited: {}", text(), why);
            tell(Health.DOWN);
        }
    }

    private void onUntried(String why) {
        untried.increment();
        if (!why.equals(lastUntried)) {
            lastUntried = why;
            shared.log.warn(
                    "real server {} cannot be checked from here ({}) and is taken as it is; give a"
                            + " route, a host_interface, or health_check.disabled",
                    text(),
                    why);
        }
    }

    private String text() {
        return target.id().address()
                + " port "
                + target.id().port()
                + " of "
                + target.id().service();
    }

    private void tell(Health health) {
        try {
            shared.proxy.setHealth(target.id(), health).join();
        } catch (CompletionException e) {
            shared.log.warn(
                    "the director did not take that {} is {}: {}",
                    text(),
                    health,
                    String.valueOf(e.getCause()));
        }
    }

    long successes() {
        return successes.sum();
    }

    long failures() {
        return failures.sum();
    }

    long untried() {
        return untried.sum();
    }

    long toUp() {
        return toUp.sum();
    }

    long toDown() {
        return toDown.sum();
    }
}
