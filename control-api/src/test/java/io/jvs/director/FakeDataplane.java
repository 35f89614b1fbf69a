package io.jvs.director;

import io.jvs.service.Address;
import io.jvs.worker.Change;
import io.jvs.worker.ConnectionView;
import io.jvs.worker.CountersView;
import io.jvs.worker.Dataplane;
import io.jvs.worker.LocalPortCounter;
import io.jvs.worker.LocalPortView;
import io.jvs.worker.PortCounter;
import io.jvs.worker.PortView;
import io.jvs.worker.ServerCounter;
import io.jvs.worker.ServiceCounter;
import io.jvs.worker.Steering;
import io.jvs.worker.SynCounter;
import io.jvs.worker.WorkerView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A data plane that keeps what it is told; counters are set by the test. */
public final class FakeDataplane implements Dataplane {
    /** What was applied: generation and its changes. */
    public record Applied(long generation, List<Change> changes) {}

    private volatile PortView port =
            new PortView("lan", "memory", "net_fake", 0x020000000001L, 1500, true, Steering.SINGLE);

    private record Key(int server, ServerCounter counter) {}

    private final List<Applied> applied = new ArrayList<>();
    private final Map<Key, Long> counters = new ConcurrentHashMap<>();
    private final Map<Integer, Long> verdicts = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private List<ConnectionView> connections = List.of();
    private boolean started;
    private boolean closed;
    private @Nullable Throwable failure;

    public synchronized List<Applied> applied() {
        return List.copyOf(applied);
    }

    public synchronized List<Change> lastChanges() {
        return applied.getLast().changes();
    }

    public void count(int server, ServerCounter counter, long value) {
        counters.put(new Key(server, counter), value);
    }

    public void countVerdict(int code, long value) {
        verdicts.put(code, value);
    }

    public synchronized void setConnections(List<ConnectionView> now) {
        connections = now;
    }

    public synchronized void failWith(Throwable cause) {
        failure = cause;
    }

    public synchronized boolean isStarted() {
        return started;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** The server number that a change of the last generations gave to an address. */
    public synchronized int serverIndex(String address) {
        Map<String, Integer> byAddress = new HashMap<>();
        for (Applied one : applied) {
            for (Change change : one.changes()) {
                if (change instanceof Change.AddServer add) {
                    byAddress.put(add.spec().address().toString(), add.serverIndex());
                }
            }
        }
        return Objects.requireNonNull(byAddress.get(address));
    }

    @Override
    public synchronized void start() {
        started = true;
    }

    @Override
    public CompletableFuture<Void> finished() {
        return finished;
    }

    @Override
    public synchronized CompletableFuture<Long> apply(long generation, List<Change> changes) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        applied.add(new Applied(generation, List.copyOf(changes)));
        return CompletableFuture.completedFuture(generation);
    }

    @Override
    public CountersView counters() {
        return new CountersView() {
            @Override
            public long syn(SynCounter counter) {
                return 0;
            }

            @Override
            public long server(int serverIndex, ServerCounter counter) {
                return counters.getOrDefault(new Key(serverIndex, counter), 0L);
            }

            @Override
            public long service(int serviceIndex, ServiceCounter counter) {
                return serviceIndex * 100L + counter.name().length();
            }

            @Override
            public long verdict(int code) {
                return verdicts.getOrDefault(code, 0L);
            }

            @Override
            public long port(int port, PortCounter counter) {
                return counter == PortCounter.RECEIVED_PACKETS ? 100 : 7;
            }

            @Override
            public long localPorts(LocalPortCounter counter) {
                return counter == LocalPortCounter.PORTS_USED ? 64_511 : 1;
            }

            @Override
            public long connections() {
                return connections.size();
            }

            @Override
            public long undisclosed() {
                return 0;
            }

            @Override
            public long ftpExpected() {
                return 0;
            }

            @Override
            public long ftpUntouched() {
                return 0;
            }

            @Override
            public long droppedConnections() {
                return 0;
            }

            @Override
            public long resetConnections() {
                return 0;
            }

            @Override
            public long rescheduledConnections() {
                return 0;
            }
        };
    }

    @Override
    public synchronized CompletableFuture<List<ConnectionView>> connections(int limit) {
        return CompletableFuture.completedFuture(
                connections.subList(0, Math.min(limit, connections.size())));
    }

    @Override
    public CompletableFuture<List<LocalPortView>> localPorts(int limit) {
        LocalPortView full =
                new LocalPortView(
                        Address.parse("10.2.0.1"),
                        6,
                        Address.parse("10.1.0.1"),
                        80,
                        64_511,
                        1,
                        64_511,
                        9);
        return CompletableFuture.completedFuture(List.of(full).subList(0, Math.min(limit, 1)));
    }

    @Override
    public List<PortView> ports() {
        return List.of(port);
    }

    /** The only port, from now on. */
    public void setPort(PortView now) {
        port = now;
    }

    @Override
    public synchronized List<WorkerView> workers() {
        long generation = applied.isEmpty() ? 0 : applied.getLast().generation();
        return List.of(new WorkerView(0, 1000, 10, generation, 4096, 200, 30, 40, 7, 5));
    }

    @Override
    public synchronized void close() {
        closed = true;
        finished.complete(null);
    }
}
