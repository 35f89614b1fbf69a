package io.jvs.control;

import io.jvs.control.api.DirectorFacts;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.config.Settings;
import io.jvs.control.grpc.GrpcEndpoint;
import io.jvs.control.health.HealthMonitor;
import io.jvs.control.local.LocalEndpoint;
import io.jvs.control.metrics.DirectorCollector;
import io.jvs.control.metrics.MetricsEndpoint;
import io.jvs.control.store.FileRuleStore;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.RefusedException;
import io.jvs.director.Rules;
import io.jvs.director.TimeoutsSpec;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Sysctls;
import io.jvs.worker.Dataplane;
import io.jvs.worker.DataplaneException;
import io.jvs.worker.DataplaneSpec;
import io.jvs.worker.WorkerView;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One director with everything around it, from its configuration: rules, data plane, checks and
 * doors are opened in this order and closed in the other.
 */
public final class DirectorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorProcess.class);

    /** Opens the data plane. */
    public interface DataplaneOpener {
        /** The packet path, open and not started. */
        Dataplane open(DataplaneSpec spec) throws DataplaneException;
    }

    /** Something that is closed at the end. */
    private interface Closer {
        void close() throws IOException;
    }

    private final Settings settings;
    private final Deque<Closer> closers = new ArrayDeque<>();
    private @Nullable Dataplane dataplane;
    private @Nullable DirectorThread thread;
    private @Nullable GrpcEndpoint grpc;
    private @Nullable MetricsEndpoint metrics;
    private boolean started;
    private volatile boolean closed;

    private DirectorProcess(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts a director; when it returns, the rules are in force and all doors are open.
     *
     * @throws IOException when a file or an address cannot be used
     * @throws DataplaneException when the data plane cannot be opened
     * @throws RefusedException when the rules cannot be kept or applied
     */
    public static DirectorProcess start(Settings settings, DataplaneOpener opener)
            throws IOException, DataplaneException, RefusedException {
        DirectorProcess process = new DirectorProcess(settings);
        try {
            process.open(opener);
            process.started = true;
            return process;
        } catch (IOException | DataplaneException | RefusedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private void open(DataplaneOpener opener)
            throws IOException, DataplaneException, RefusedException {
        FileRuleStore store = FileRuleStore.open(settings.stateDirectory());
        closers.push(store::close);
        Rules first = firstRules(store);
        Dataplane opened = opener.open(settings.dataplane());
        dataplane = opened;
        closers.push(opened::close);
        Director director = new Director(opened, store, Scheduler.names());
        PortLog ports = PortLog.of(opened);
        director.addListener(view -> ports.look());
        DirectorThread started = DirectorThread.start(director, first, System::nanoTime);
        thread = started;
        closers.push(started::close);
        DirectorFacts facts =
                new DirectorFacts(Version.text(), settings.maxConnections(), System.nanoTime());
        LocalPortWatch watch = LocalPortWatch.start(opened);
        closers.push(watch::close);
        openDoors(director, started, facts);
        LOG.info(
                "director {} runs with {} services, generation {}",
                facts.version(),
                director.view().services().size(),
                director.view().generation());
    }

    private void openDoors(Director director, DirectorThread started, DirectorFacts facts)
            throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        closers.push(registry::close);
        HealthMonitor monitor = monitor(director, started, registry);
        registry.getPrometheusRegistry().register(new DirectorCollector(director, monitor, facts));
        DirectorMethods methods = new DirectorMethods(director, started.proxy(), facts);
        if (settings.metrics() != null) {
            MetricsEndpoint endpoint =
                    MetricsEndpoint.open(settings.metrics(), registry, this::live, this::ready);
            metrics = endpoint;
            closers.push(endpoint::close);
        }
        if (settings.grpc() != null) {
            GrpcEndpoint endpoint = GrpcEndpoint.open(settings.grpc(), methods);
            grpc = endpoint;
            closers.push(endpoint::close);
        }
        LocalEndpoint local =
                LocalEndpoint.open(settings.controlSocket(), settings.controlGroup(), methods);
        closers.push(local::close);
    }

    private HealthMonitor monitor(
            Director director, DirectorThread started, PrometheusMeterRegistry registry) {
        Timer timer =
                Timer.builder("jvs.real.server.health.check.duration")
                        .description("How long health checks of real servers took.")
                        .serviceLevelObjectives(
                                Duration.ofMillis(1),
                                Duration.ofMillis(10),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(1))
                        .register(registry);
        HealthMonitor monitor =
                new HealthMonitor(
                        started.proxy(),
                        settings.health(),
                        System::nanoTime,
                        nanos -> timer.record(nanos, TimeUnit.NANOSECONDS));
        director.addListener(monitor::onView);
        monitor.start();
        monitor.onView(director.view());
        closers.push(monitor::close);
        return monitor;
    }

    /** The kept rules, unless the configuration's have changed since they were made. */
    private Rules firstRules(FileRuleStore store) throws IOException {
        Rules kept = store.load();
        String hash = settings.initialHash();
        if (kept != null && (hash.isEmpty() || hash.equals(kept.origin()))) {
            return kept;
        }
        if (kept != null) {
            LOG.info("the configuration's services have changed: they replace the kept ones");
        }
        return Rules.of(
                        kept == null ? 0 : kept.generation(),
                        settings.initial().rules(),
                        TimeoutsSpec.DEFAULT.with(settings.initial().timeouts()))
                .withMarks(settings.initial().marks())
                .withSysctls(Sysctls.INITIAL.with(settings.initial().sysctls()))
                .withOrigin(hash);
    }

    private String live() {
        DirectorThread now = thread;
        return now != null && now.isAlive() ? "" : "the director's thread has ended";
    }

    private String ready() {
        String trouble = live();
        Dataplane now = dataplane;
        if (!trouble.isEmpty() || thread == null || now == null) {
            return trouble;
        }
        if (now.finished().isDone()) {
            return "the data plane has ended";
        }
        long generation = thread.director().view().generation();
        for (WorkerView worker : now.workers()) {
            if (worker.generation() < generation) {
                return "worker "
                        + worker.number()
                        + " is at generation "
                        + worker.generation()
                        + ", not yet at "
                        + generation;
            }
        }
        return "";
    }

    /** Completes when the data plane ends by itself (pcap files); exceptionally when it died. */
    public CompletableFuture<Void> finished() {
        return dataplane == null ? CompletableFuture.completedFuture(null) : dataplane.finished();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** The port that gRPC listens on, -1 for a Unix socket or none. */
    public int grpcPort() {
        return grpc == null ? -1 : grpc.port();
    }

    /** The port that metrics are on, -1 for none. */
    public int metricsPort() {
        return metrics == null ? -1 : metrics.port();
    }

    /** Closes the doors, then stops checks, director and data plane; rules stay kept. */
    @Override
    public synchronized void close() {
        closed = true;
        if (started && !closers.isEmpty()) {
            LOG.info("the director stops");
        }
        while (!closers.isEmpty()) {
            try {
                closers.pop().close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("closing failed", e);
            }
        }
    }
}
