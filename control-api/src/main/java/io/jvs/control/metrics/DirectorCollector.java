package io.jvs.control.metrics;

import io.jvs.control.api.DirectorFacts;
import io.jvs.control.health.HealthMonitor;
import io.jvs.director.Director;
import io.jvs.director.DirectorView;
import io.jvs.director.Health;
import io.jvs.director.QuicCounts;
import io.jvs.director.Refused;
import io.jvs.director.ServerId;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceView;
import io.jvs.director.Totals;
import io.jvs.packet.Verdict;
import io.jvs.service.ServiceKey;
import io.jvs.worker.CountersView;
import io.jvs.worker.LocalPortCounter;
import io.jvs.worker.LocalPortView;
import io.jvs.worker.PortCounter;
import io.jvs.worker.PortView;
import io.jvs.worker.SynCounter;
import io.jvs.worker.WorkerView;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts the director's metrics together at each scrape, from the published view and the counters.
 */
public final class DirectorCollector implements MultiCollector {
    private static final Map<Integer, String> VERDICTS = VerdictNames.all();

    /** Series of single pairs of a local address and a real server. */
    private static final int MOST_PAIRS = 100;

    private final Director director;
    private final HealthMonitor monitor;
    private final DirectorFacts facts;

    /** A collector over a director. */
    public DirectorCollector(Director director, HealthMonitor monitor, DirectorFacts facts) {
        this.director = director;
        this.monitor = monitor;
        this.facts = facts;
    }

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
        return Arrays.stream(MetricName.values())
                .map(name ->
                        MetricFamilyDescriptor.of(
                                name.isCounter() ? MetricType.COUNTER : MetricType.GAUGE,
                                new MetricMetadata(name.text(), name.help())))
                .toList();
    }

    @Override
    public MetricSnapshots collect() {
        Family.Set set = new Family.Set();
        DirectorView view = director.view();
        CountersView counters = director.dataplane().counters();
        addDirector(set, view, counters);
        addVerdicts(set, counters);
        for (ServiceView service : view.services().values()) {
            addService(set, service, counters);
        }
        monitor.counts().forEach(counts -> addChecks(set, counts));
        director.dataplane().workers().forEach(worker -> addWorker(set, worker));
        addPorts(set, counters);
        addLocalPorts(set, counters);
        for (SynCounter counter : SynCounter.values()) {
            Labels labels = Labels.of("event", counter.event());
            set.add(MetricName.SYN_PROXY_EVENTS, labels, counters.syn(counter));
        }
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        for (Family family : set.all()) {
            snapshots.metricSnapshot(family.snapshot());
        }
        return snapshots.build();
    }

    private void addDirector(Family.Set set, DirectorView view, CountersView counters) {
        set.add(
                MetricName.BUILD_INFO,
                Labels.of("version", facts.version(), "java", Runtime.version().toString()),
                1);
        set.add(MetricName.CONNECTIONS, Labels.EMPTY, counters.connections());
        set.add(MetricName.DROPPED_CONNECTIONS, Labels.EMPTY, counters.droppedConnections());
        set.add(MetricName.FTP_EXPECTED, Labels.EMPTY, counters.ftpExpected());
        set.add(MetricName.FTP_UNTOUCHED, Labels.EMPTY, counters.ftpUntouched());
        set.add(MetricName.UNDISCLOSED_PACKETS, Labels.EMPTY, counters.undisclosed());
        set.add(MetricName.RESET_CONNECTIONS, Labels.EMPTY, counters.resetConnections());
        set.add(
                MetricName.RESCHEDULED_CONNECTIONS,
                Labels.EMPTY,
                counters.rescheduledConnections());
        set.add(MetricName.CONNECTIONS_MAX, Labels.EMPTY, facts.connectionTableSize());
        set.add(MetricName.CONFIG_GENERATION, Labels.EMPTY, view.generation());
        set.add(MetricName.SERVICES, Labels.EMPTY, view.services().size());
    }

    private static void addVerdicts(Family.Set set, CountersView counters) {
        VERDICTS.forEach((code, name) -> {
            boolean drop = Verdict.isDrop(code);
            set.add(
                    drop ? MetricName.DROPPED_PACKETS : MetricName.PACKETS,
                    Labels.of(drop ? "reason" : "verdict", name),
                    counters.verdict(code));
        });
    }

    private static Labels labels(ServiceKey key) {
        return switch (key) {
            case ServiceKey.Endpoint endpoint ->
                    Labels.of(
                            "vip",
                            endpoint.address().toString(),
                            "vport",
                            Integer.toString(endpoint.port()),
                            "protocol",
                            endpoint.protocol().name(),
                            "fwmark",
                            "");
            case ServiceKey.Mark mark ->
                    Labels.of(
                            "vip",
                            "",
                            "vport",
                            "",
                            "protocol",
                            "FWM",
                            "fwmark",
                            Integer.toUnsignedString(mark.mark())
                                    + (mark.family().bits() == 128 ? " IPv6" : ""));
        };
    }

    private static Labels labels(ServerId id) {
        return labels(id.service())
                .add("rip", id.address().toString())
                .add("rport", Integer.toString(id.port()));
    }

    private static void addService(Family.Set set, ServiceView service, CountersView counters) {
        Labels labels = labels(service.key());
        Totals totals = service.slot().totals(counters);
        set.add(MetricName.SERVICE_CONNECTIONS, labels, totals.connections());
        set.add(MetricName.SERVICE_INCOMING_PACKETS, labels, totals.incomingPackets());
        set.add(MetricName.SERVICE_OUTGOING_PACKETS, labels, totals.outgoingPackets());
        set.add(MetricName.SERVICE_INCOMING_BYTES, labels, totals.incomingBytes());
        set.add(MetricName.SERVICE_OUTGOING_BYTES, labels, totals.outgoingBytes());
        Refused refused = service.slot().refused(counters);
        set.add(MetricName.SERVICE_DENIED_PACKETS, labels, refused.denied());
        set.add(MetricName.SERVICE_LIMITED_CONNECTIONS, labels, refused.limitedConnections());
        set.add(MetricName.SERVICE_LIMITED_PACKETS, labels, refused.limitedPackets());
        QuicCounts quic = service.slot().quic(counters);
        set.add(MetricName.SERVICE_QUIC_ROUTED, labels, quic.routed());
        set.add(MetricName.SERVICE_QUIC_UNKNOWN, labels, quic.unknown());
        set.add(
                MetricName.SERVICE_ACCESS_ENTRIES,
                labels,
                service.rule().service().guard().access().size());
        for (ServerView server : service.servers()) {
            addServer(
                    set, labels(ServerId.of(service.key(), server.configured())), server, counters);
        }
    }

    private static void addServer(
            Family.Set set, Labels labels, ServerView server, CountersView counters) {
        Totals totals = server.slot().totals(counters);
        set.add(MetricName.SERVER_CONNECTIONS, labels, totals.connections());
        set.add(MetricName.SERVER_INCOMING_PACKETS, labels, totals.incomingPackets());
        set.add(MetricName.SERVER_OUTGOING_PACKETS, labels, totals.outgoingPackets());
        set.add(MetricName.SERVER_INCOMING_BYTES, labels, totals.incomingBytes());
        set.add(MetricName.SERVER_OUTGOING_BYTES, labels, totals.outgoingBytes());
        set.add(MetricName.SERVER_ACTIVE, labels, server.slot().active(counters));
        set.add(MetricName.SERVER_INACTIVE, labels, server.slot().inactive(counters));
        set.add(MetricName.SERVER_PERSISTENT, labels, server.slot().persistent(counters));
        set.add(MetricName.SERVER_WEIGHT, labels, server.effectiveWeight());
        set.add(MetricName.SERVER_UP, labels, server.health() == Health.DOWN ? 0 : 1);
    }

    private static void addChecks(Family.Set set, HealthMonitor.Counts counts) {
        Labels labels = labels(counts.id());
        set.add(MetricName.SERVER_CHECKS, labels.add("result", "success"), counts.successes());
        set.add(MetricName.SERVER_CHECKS, labels.add("result", "failure"), counts.failures());
        set.add(MetricName.SERVER_CHECKS, labels.add("result", "untried"), counts.untried());
        set.add(MetricName.SERVER_TRANSITIONS, labels.add("to", "up"), counts.toUp());
        set.add(MetricName.SERVER_TRANSITIONS, labels.add("to", "down"), counts.toDown());
    }

    private static void addWorker(Family.Set set, WorkerView worker) {
        Labels labels = Labels.of("worker", Integer.toString(worker.number()));
        set.add(MetricName.WORKER_LOOPS, labels, worker.cycles());
        set.add(MetricName.WORKER_BUSY_LOOPS, labels, worker.busyCycles());
        set.add(MetricName.WORKER_GENERATION, labels, worker.generation());
        set.add(MetricName.WORKER_ALLOCATED_BYTES, labels, worker.allocatedBytes());
        set.add(MetricName.WORKER_RX_PACKETS, labels, worker.receivedPackets());
        set.add(MetricName.WORKER_HANDED_OVER, labels, worker.handedOver());
        set.add(MetricName.WORKER_TAKEN_OVER, labels, worker.takenOver());
        set.add(MetricName.WORKER_MISDIRECTED, labels, worker.misdirected());
        set.add(MetricName.WORKER_HANDOVER_MISSED, labels, worker.handoverMissed());
    }

    private void addPorts(Family.Set set, CountersView counters) {
        List<PortView> ports = director.dataplane().ports();
        for (int i = 0; i < ports.size(); i++) {
            Labels labels = Labels.of("port", ports.get(i).name());
            set.add(
                    MetricName.PORT_RX_PACKETS,
                    labels,
                    counters.port(i, PortCounter.RECEIVED_PACKETS));
            set.add(MetricName.PORT_RX_BYTES, labels, counters.port(i, PortCounter.RECEIVED_BYTES));
            set.add(MetricName.PORT_TX_PACKETS, labels, counters.port(i, PortCounter.SENT_PACKETS));
            set.add(MetricName.PORT_TX_BYTES, labels, counters.port(i, PortCounter.SENT_BYTES));
            set.add(MetricName.PORT_TX_FULL, labels, counters.port(i, PortCounter.TRANSMIT_FULL));
            set.add(MetricName.PORT_LINK_UP, labels, ports.get(i).linkUp() ? 1 : 0);
            set.add(MetricName.PORT_FLOW_RULES, labels, ports.get(i).flowRules());
            String steering = ports.get(i).steering().name().toLowerCase(Locale.ROOT);
            set.add(MetricName.PORT_STEERING, labels.add("steering", steering), 1);
        }
    }

    private void addLocalPorts(Family.Set set, CountersView counters) {
        set.add(
                MetricName.LOCAL_PORTS_IN_USE,
                Labels.EMPTY,
                counters.localPorts(LocalPortCounter.PORTS_USED));
        set.add(
                MetricName.LOCAL_PORTS_WAITING,
                Labels.EMPTY,
                counters.localPorts(LocalPortCounter.PORTS_WAITING));
        set.add(
                MetricName.LOCAL_PORT_EXHAUSTIONS,
                Labels.EMPTY,
                counters.localPorts(LocalPortCounter.PORTS_EXHAUSTED));
        for (LocalPortView view : fullest()) {
            Labels labels =
                    Labels.of(
                            "lip",
                            view.local().toString(),
                            "protocol",
                            Integer.toString(view.protocol()),
                            "rip",
                            view.real().toString(),
                            "rport",
                            Integer.toString(view.realPort()));
            set.add(MetricName.LOCAL_PORTS_USED, labels, view.used());
            set.add(MetricName.LOCAL_PORTS_FREE, labels, view.capacity() - view.used());
        }
    }

    /** Nothing when the workers are busy with other commands: a scrape must not wait for them. */
    private List<LocalPortView> fullest() {
        try {
            return director.dataplane().localPorts(MOST_PAIRS).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
