package io.jvs.worker;

import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * How the ports of one local address towards one real server stand, over all workers.
 *
 * @param local the local address
 * @param protocol IP protocol number; 0 for services of a firewall mark
 * @param real the real server's address
 * @param realPort its port; 0 where each connection keeps its own
 * @param used ports in use, those that wait included
 * @param waiting ports that wait until the real server has forgotten their connections
 * @param capacity ports that there are
 * @param exhausted how often a port was wanted and there was none
 */
public record LocalPortView(
        Address local,
        int protocol,
        Address real,
        int realPort,
        int used,
        int waiting,
        int capacity,
        long exhausted) {

    private record Key(Address local, int protocol, Address real, int realPort) {}

    /** The fullest first. */
    private static final Comparator<LocalPortView> ORDER =
            Comparator.comparingLong((LocalPortView view) -> (long) view.capacity - view.used)
                    .thenComparing(Comparator.comparingLong(LocalPortView::exhausted).reversed())
                    .thenComparing(view -> view.local.toString())
                    .thenComparing(view -> view.real.toString())
                    .thenComparingInt(LocalPortView::realPort)
                    .thenComparingInt(LocalPortView::protocol);

    /**
     * Asks all workers; the {@code limit} fullest come back, those with fewest free ports first.
     */
    static CompletableFuture<List<LocalPortView>> gather(List<WorkerProxy> workers, int limit) {
        List<CompletableFuture<List<LocalPortView>>> parts = new ArrayList<>();
        workers.forEach(worker -> parts.add(worker.localPorts()));
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> sum(parts, limit));
    }

    private static List<LocalPortView> sum(
            List<CompletableFuture<List<LocalPortView>>> parts, int limit) {
        Map<Key, LocalPortView> sums = new LinkedHashMap<>();
        for (CompletableFuture<List<LocalPortView>> part : parts) {
            for (LocalPortView view : part.join()) {
                Key key = new Key(view.local, view.protocol, view.real, view.realPort);
                sums.merge(key, view, LocalPortView::plus);
            }
        }
        return sums.values().stream().sorted(ORDER).limit(limit).toList();
    }

    private LocalPortView plus(LocalPortView other) {
        return new LocalPortView(
                local,
                protocol,
                real,
                realPort,
                used + other.used,
                waiting + other.waiting,
                capacity + other.capacity,
                exhausted + other.exhausted);
    }
}
