package io.jvs.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The only door to the packet path. All methods may be called from any thread. Opened by {@code
 * DataplaneHost.open}; the workers take no packet before {@link #start}, so that the first
 * generation is in force when the first packet comes.
 */
public interface Dataplane extends AutoCloseable {

    /** Lets the workers poll; generations that were handed over before are applied first. */
    void start();

    /**
     * Completes when ports that have an end (pcap files) are read to it and all is written; never
     * for others. Completes exceptionally when a worker died.
     */
    CompletableFuture<Void> finished();

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

    /**
     * How the local ports of FULLNAT stand, for each local address and real server.
     *
     * @param limit the most that are wanted: those with the fewest free ports, and those first
     */
    CompletableFuture<List<LocalPortView>> localPorts(int limit);

    /** The ports, in the order of the specification. */
    List<PortView> ports();

    /** The workers. */
    List<WorkerView> workers();

    /** Stops the workers, then closes ports and memory; returns when all is released. */
    @Override
    void close();
}
