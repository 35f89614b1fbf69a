package io.jvs.worker;

import io.jvs.worker.LocalEndpoints.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the flow rules of all ports that take some in step with the local addresses: an address has
 * its rules before a worker hears of it, and keeps them until no worker uses it any more
 * (docs/design/009-steering-and-local-ports.md). Any thread but the workers'.
 */
final class FlowRules implements AutoCloseable {
    private final List<@Nullable PortFlowRules> ports;
    private final LocalEndpoints endpoints = new LocalEndpoints();
    private volatile List<State> states = List.of();
    private long newest;
    private boolean closed;

    /** How a port stood after the last change. */
    private record State(Steering steering, int rules, String refusal) {}

    /**
     * Rules of the ports of a data plane.
     *
     * @param ports in the order of the specification; null for those that are not asked for rules
     */
    FlowRules(List<@Nullable PortFlowRules> ports) {
        this.ports = new ArrayList<>(ports);
        publish();
    }

    /** No port has rules. */
    static FlowRules none() {
        return new FlowRules(List.of());
    }

    /** Before a generation is handed to the workers: rules for the addresses that it brings. */
    synchronized void prepare(long generation, List<Change> changes) {
        newest = generation;
        if (ports.stream().allMatch(Objects::isNull)) {
            return;
        }
        if (endpoints.take(changes) && !closed) {
            Set<Endpoint> wanted = endpoints.all();
            for (PortFlowRules port : ports) {
                if (port != null) {
                    port.require(wanted);
                }
            }
            publish();
        }
    }

    /** All workers have applied a generation: the rules of addresses that are gone end. */
    synchronized void applied(long generation) {
        if (generation != newest || closed || ports.stream().allMatch(Objects::isNull)) {
            return;
        }
        Set<Endpoint> wanted = endpoints.all();
        for (PortFlowRules port : ports) {
            if (port != null && port.retain(wanted)) {
                // Now there may be room for those that were refused.
                port.require(wanted);
            }
        }
        publish();
    }

    /** The ports as they stand now. */
    List<PortView> refresh(List<PortView> views) {
        List<State> now = states;
        List<PortView> refreshed = new ArrayList<>(views);
        for (int i = 0; i < now.size(); i++) {
            State state = now.get(i);
            if (ports.get(i) != null) {
                PortView view = views.get(i);
                refreshed.set(i, view.steered(state.steering, state.rules, state.refusal));
            }
        }
        return refreshed;
    }

    private void publish() {
        List<State> now = new ArrayList<>();
        for (PortFlowRules port : ports) {
            now.add(
                    port == null
                            ? new State(Steering.HAND_OVER, 0, "")
                            : new State(port.steering(), port.count(), port.refusal()));
        }
        states = List.copyOf(now);
    }

    /** Ends all rules; the ports are still open. */
    @Override
    public synchronized void close() {
        closed = true;
        for (PortFlowRules port : ports) {
            if (port != null) {
                port.retain(Set.of());
            }
        }
        publish();
    }
}
