package io.jvs.director;

import io.jvs.service.Drain;
import io.jvs.service.RealServer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the time of drained real servers is up. Director's thread only. */
final class DrainTable {
    private static final long SECOND_NS = 1_000_000_000L;

    private record Running(Drain drain, long deadlineNs, boolean over) {}

    private Map<ServerId, Running> running = Map.of();

    /** Takes the rules that are in force from now on: the time of what is new begins. */
    void onRules(Rules rules, long nowNs) {
        Map<ServerId, Running> now = new HashMap<>();
        for (ServiceRule rule : rules.services().values()) {
            for (RealServer server : rule.service().servers()) {
                Drain drain = server.drain();
                if (drain != null) {
                    ServerId id = ServerId.of(rule.key(), server);
                    now.put(id, running(running.get(id), drain, nowNs));
                }
            }
        }
        running = now;
    }

    private static Running running(@Nullable Running before, Drain drain, long nowNs) {
        return before != null && before.drain.equals(drain)
                ? before
                : new Running(drain, nowNs + drain.deadlineSeconds() * SECOND_NS, false);
    }

    /** A server as the data plane sees it: without new connections, and with an end. */
    RealServer effective(ServerId id, RealServer server) {
        Drain drain = server.drain();
        if (drain == null) {
            return server;
        }
        Running known = running.get(id);
        boolean over = known != null && known.over && known.drain.equals(drain);
        return server.withWeight(0).withDrain(over ? drain.ended() : drain);
    }

    /** Notes whose time is up; whether there is any. */
    boolean onTick(long nowNs) {
        boolean any = false;
        for (Map.Entry<ServerId, Running> each : running.entrySet()) {
            Running drain = each.getValue();
            if (!drain.over && nowNs - drain.deadlineNs >= 0) {
                each.setValue(new Running(drain.drain, drain.deadlineNs, true));
                any = true;
            }
        }
        return any;
    }

    /** The earlier of a moment and the next deadline. */
    long nextNs(long otherwiseNs) {
        long next = otherwiseNs;
        for (Running drain : running.values()) {
            if (!drain.over && drain.deadlineNs - next < 0) {
                next = drain.deadlineNs;
            }
        }
        return next;
    }
}
