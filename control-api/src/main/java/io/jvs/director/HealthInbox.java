package io.jvs.director;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What health checks have found and the director has not taken yet. However many there are, they
 * are one command in the director's queue, so that they never crowd out others. As long as its
 * tellers wait for the reply there is at most one entry for each of them.
 */
final class HealthInbox {
    private record Entry(ServerId id, Health health, CompletableFuture<DirectorView> reply) {}

    private final DirectorThread thread;
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    HealthInbox(DirectorThread thread) {
        this.thread = thread;
    }

    /** Puts one in, from any thread. */
    CompletableFuture<DirectorView> put(ServerId id, Health health) {
        CompletableFuture<DirectorView> reply = new CompletableFuture<>();
        entries.add(new Entry(id, health, reply));
        if (announced.compareAndSet(false, true)) {
            CompletableFuture<DirectorView> command = thread.offer(this::take);
            if (command.isCompletedExceptionally()) {
                refuse(command.exceptionNow());
            }
        }
        return reply;
    }

    /** On the director's thread: all that are there become one generation. */
    private DirectorView take(Director director, long nowNs) throws RefusedException {
        List<Entry> taken = poll();
        Map<ServerId, Health> found = new LinkedHashMap<>();
        taken.forEach(entry -> found.put(entry.id, entry.health));
        try {
            director.onHealth(found, nowNs);
            taken.forEach(entry -> entry.reply.complete(director.view()));
        } catch (RefusedException e) {
            taken.forEach(entry -> entry.reply.completeExceptionally(e));
            throw e;
        }
        return director.view();
    }

    /** Takes what is there; what comes from now on announces itself again. */
    private List<Entry> poll() {
        announced.set(false);
        List<Entry> taken = new ArrayList<>();
        for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
            taken.add(entry);
        }
        return taken;
    }

    /** The director's queue is full, or it stops. */
    private void refuse(Throwable why) {
        poll().forEach(entry -> entry.reply.completeExceptionally(why));
    }
}
