package io.jvs.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/** The only way into a worker: each method is one offer to its queue. Any thread. */
final class WorkerProxy {
    static final int QUEUE = 1024;
    private static final long RETRY_NS = 50_000;

    private final MpscVarHandleArrayQueue<WorkerCommand> commands;
    private final WorkerCounters counters;

    WorkerProxy(MpscVarHandleArrayQueue<WorkerCommand> commands, WorkerCounters counters) {
        this.commands = commands;
        this.counters = counters;
    }

    /**
     * Hands a generation over.
     *
     * @param applied fails when the worker cannot apply it; completing it is the watcher's task
     */
    void apply(long generation, List<Change> changes, CompletableFuture<Long> applied) {
        offer(new GenerationCommand(generation, changes, applied));
    }

    /** Asks for connections; completes on the worker's behalf when all are copied. */
    CompletableFuture<List<ConnectionView>> connections(int limit) {
        ConnectionListing listing = new ConnectionListing(limit, this);
        offer(listing);
        return listing.result();
    }

    /** Asks how the local ports stand; completes on the worker's behalf. */
    CompletableFuture<List<LocalPortView>> localPorts() {
        LocalPortListing listing = new LocalPortListing(this);
        offer(listing);
        return listing.result();
    }

    /** Asks several workers, each for that many; gives at most {@code limit} in all. */
    static CompletableFuture<List<ConnectionView>> connections(
            List<WorkerProxy> proxies, int limit) {
        List<CompletableFuture<List<ConnectionView>>> parts =
                proxies.stream().map(proxy -> proxy.connections(limit)).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(nothing ->
                        parts.stream().flatMap(part -> part.join().stream()).limit(limit).toList());
    }

    /** Whether the worker has applied that generation. */
    boolean hasApplied(long generation) {
        return counters.generation() >= generation;
    }

    /** Puts a command into the queue, waiting while it is full. */
    void offer(WorkerCommand command) {
        while (!commands.offer(command)) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    /** Puts a command into the queue from the worker's own thread; false when it is full. */
    boolean tryOffer(WorkerCommand command) {
        return commands.offer(command);
    }
}
