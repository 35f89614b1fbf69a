package io.jvs.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The only door to the packet path. All methods may be called from any thread. */
public interface Dataplane extends AutoCloseable {

    /**
     * Hands one generation to all workers; each applies it whole, between two bursts.
     *
     * @param generation greater than any before
     * @param changes its steps, validated
     * @return completes with {@code generation} when every worker has applied it
     */
    CompletableFuture<Long> apply(long generation, List<Change> changes);

    /** The counters. */
    CountersView counters();

    /**
     * Lists connections.
     *
     * @param limit the most that are wanted
     */
    CompletableFuture<List<ConnectionView>> connections(int limit);

    /** The ports, in the order of the specification. */
    List<PortView> ports();

    /** The workers. */
    List<WorkerView> workers();

    /** Stops the workers, then closes ports and memory; returns when all is released. */
    @Override
    void close();
}
