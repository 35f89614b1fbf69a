package io.jvs.director;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The only way to the director's thread: each method puts one command into its queue. */
public final class DirectorProxy {
    private final DirectorThread thread;
    private final HealthInbox inbox;

    DirectorProxy(DirectorThread thread) {
        this.thread = thread;
        this.inbox = new HealthInbox(thread);
    }

    /** Asks for a transaction; the future fails with a {@link RefusedException}. */
    public CompletableFuture<ApplyResult> apply(Transaction transaction) {
        return thread.offer((director, nowNs) -> director.onApply(transaction, nowNs));
    }

    /** Does a transaction and waits until all workers have applied it. */
    public ApplyResult await(Transaction transaction) throws RefusedException {
        try {
            return apply(transaction).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw new RefusedException(
                    RefusedException.Reason.INTERNAL, "the director failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    RefusedException.Reason.UNAVAILABLE,
                    "interrupted while the change was applied");
        }
    }

    /** Tells what a health check found; what is told at once is applied at once. */
    public CompletableFuture<DirectorView> setHealth(ServerId id, Health health) {
        return inbox.put(id, health);
    }

    /** What is in force. */
    public DirectorView view() {
        return thread.director().view();
    }
}
