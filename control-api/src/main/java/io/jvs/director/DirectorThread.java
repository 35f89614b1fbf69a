package io.jvs.director;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Director}: takes commands from its queue one by one, and ticks. The clock is read
 * here and nowhere else in this package.
 */
public final class DirectorThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorThread.class);
    private static final int QUEUE_CAPACITY = 8192;
    private static final long CLOSE_MILLIS = 15_000;

    /** One command: runs on the director's thread. */
    interface Command<T> {
        T run(Director director, long nowNs) throws RefusedException;
    }

    private record Entry<T>(Command<T> command, CompletableFuture<T> reply) {
        void run(Director director, long nowNs) {
            try {
                reply.complete(command.run(director, nowNs));
            } catch (RefusedException e) {
                reply.completeExceptionally(e);
            } catch (RuntimeException e) {
                LOG.error("a command failed", e);
                reply.completeExceptionally(e);
            }
        }
    }

    private final Director director;
    private final LongSupplier clockNs;
    private final Queue<Entry<?>> queue = new MpscVarHandleArrayQueue<>(QUEUE_CAPACITY);
    private final DirectorProxy proxy = new DirectorProxy(this);
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Applies the first rules and starts the thread.
     *
     * @param director not used by another thread
     * @param first rules to start with
     * @param clockNs for example System::nanoTime
     * @throws RefusedException when the first rules cannot be kept or applied
     */
    public static DirectorThread start(Director director, Rules first, LongSupplier clockNs)
            throws RefusedException {
        director.onStart(first, clockNs.getAsLong());
        DirectorThread started = new DirectorThread(director, clockNs);
        started.thread.start();
        return started;
    }

    private DirectorThread(Director director, LongSupplier clockNs) {
        this.director = director;
        this.clockNs = clockNs;
        this.thread = Thread.ofPlatform().name("director").unstarted(this::run);
    }

    /** The way in. */
    public DirectorProxy proxy() {
        return proxy;
    }

    /** The director, for what may be read by any thread. */
    public Director director() {
        return director;
    }

    /** Whether its thread still turns. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    <T> CompletableFuture<T> offer(Command<T> command) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        if (stopping) {
            refuse(reply, "the director stops");
        } else if (queue.offer(new Entry<>(command, reply))) {
            LockSupport.unpark(thread);
            if (stopping) {
                refuse(reply, "the director stops");
            }
        } else {
            refuse(reply, "too many changes wait already; try again later");
        }
        return reply;
    }

    private static void refuse(CompletableFuture<?> reply, String message) {
        reply.completeExceptionally(
                new RefusedException(RefusedException.Reason.UNAVAILABLE, message));
    }

    private void run() {
        while (!stopping) {
            @Nullable Entry<?> entry = queue.poll();
            long nowNs = clockNs.getAsLong();
            if (entry != null) {
                entry.run(director, nowNs);
            } else {
                LockSupport.parkNanos(this, Math.max(1, director.nextTickNs() - nowNs));
            }
            tick();
        }
        for (Entry<?> entry = queue.poll(); entry != null; entry = queue.poll()) {
            refuse(entry.reply(), "the director stops");
        }
    }

    private void tick() {
        try {
            director.onTick(clockNs.getAsLong());
        } catch (RuntimeException e) {
            LOG.error("statistics failed", e);
        }
    }

    /** Finishes the command in hand, refuses those that wait, and ends the thread. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
