package io.jvs.control;

import io.jvs.packet.Verdict;
import io.jvs.worker.Dataplane;
import io.jvs.worker.LocalPortView;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when connections are refused because local ports have run out: once when it
 * begins, then once a minute while it lasts.
 */
final class LocalPortWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPortWatch.class);
    private static final long PERIOD_MILLIS = 1000;
    private static final long QUIET_NS = 60_000_000_000L;
    private static final int NAMED = 3;

    private final Dataplane dataplane;
    private final Consumer<String> sink;
    private final Thread thread;
    private long told;
    private long toldNs;
    private boolean everTold;

    LocalPortWatch(Dataplane dataplane, Consumer<String> sink) {
        this.dataplane = dataplane;
        this.sink = sink;
        this.thread = Thread.ofVirtual().name("jvs-local-ports").unstarted(this::run);
    }

    /** Watches from now on. */
    static LocalPortWatch start(Dataplane dataplane) {
        LocalPortWatch watch = new LocalPortWatch(dataplane, LOG::warn);
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                look(System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at the counter. */
    void look(long nowNs) throws InterruptedException {
        long refused = dataplane.counters().verdict(Verdict.DROP_NO_LOCAL_PORT);
        if (refused == told || everTold && nowNs - toldNs < QUIET_NS) {
            return;
        }
        sink.accept(
                "local ports have run out: "
                        + (refused - told)
                        + " packets refused (no_local_port); "
                        + fullest()
                        + "add local addresses to the service (jvsadm -P) or real servers");
        everTold = true;
        told = refused;
        toldNs = nowNs;
    }

    private String fullest() throws InterruptedException {
        try {
            StringBuilder text = new StringBuilder();
            List<LocalPortView> views = dataplane.localPorts(NAMED).get(1, TimeUnit.SECONDS);
            for (LocalPortView view : views) {
                text.append(view.local())
                        .append(" has ")
                        .append(view.capacity() - view.used())
                        .append(" of ")
                        .append(view.capacity())
                        .append(" free towards ")
                        .append(view.real())
                        .append(" port ")
                        .append(view.realPort())
                        .append("; ");
            }
            return text.toString();
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }
}
