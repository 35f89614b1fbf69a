package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowSequence;
import io.jvs.bench.traffic.Recording;
import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.worker.Dataplane;
import io.jvs.worker.DataplaneHost;
import io.jvs.worker.PortCounter;
import io.jvs.worker.WorkerView;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One measurement of JVS in a process of its own (DPDK starts once a process): the real data plane
 * over DPDK's pcap driver, connections opened by real handshakes, then what the scenario says.
 * Prints one RESULT line.
 */
final class DirectorUnderTest {
    private static final long PATIENCE_NS = 500_000_000_000L;
    private static final long LOOK_MS = 2;
    private static final long CURVE_MS = 10;
    private static final int MOST_WARM_UPS = 12;
    private static final int WARM_UP_PARTS = 4;
    private static final int QUIET_MS = 5;
    private static final int MANY_FLOWS = 100_000;

    private final Dataplane dataplane;
    private final DirectorSetup setup;
    private final Scenario scenario;
    private final Ports ports;
    private final FlowSequence sequence;
    private final Accounts accounts;
    private final Extras extras = new Extras();
    private final List<Long> threads = Sample.workerThreads();

    private DirectorUnderTest(
            Dataplane dataplane, DirectorSetup setup, Ports ports, FlowSequence sequence) {
        this.dataplane = dataplane;
        this.setup = setup;
        this.scenario = setup.scenario();
        this.ports = ports;
        this.sequence = sequence;
        this.accounts = new Accounts(dataplane.counters());
    }

    /** Measures and prints. */
    static void run(Scenario scenario, Path pcap, Timing timing) throws Exception {
        with(scenario, pcap, timing.cpu(), director -> director.measure(timing));
    }

    /**
     * Opens the flows of a scenario and writes their established packets into files.
     *
     * @param flows for the C reference
     * @param packets to replay
     */
    static void record(Scenario scenario, Path pcap, int cpu, Path flows, Path packets)
            throws Exception {
        with(scenario, pcap, cpu, director -> director.record(flows, packets));
    }

    private interface Work {
        void accept(DirectorUnderTest director) throws Exception;
    }

    private static void with(Scenario scenario, Path pcap, int cpu, Work work) throws Exception {
        DirectorSetup setup = DirectorSetup.of(scenario);
        try (FlowSequence sequence = new FlowSequence(setup.plan())) {
            sequence.writeClients();
            Ports ports = new Ports(sequence, scenario);
            try (Dataplane dataplane = DataplaneHost.open(setup.spec(pcap, cpu), ports)) {
                dataplane.start();
                dataplane.apply(1, setup.changes()).get(5, TimeUnit.MINUTES);
                work.accept(new DirectorUnderTest(dataplane, setup, ports, sequence));
            }
        }
    }

    private Sample sample() {
        return Sample.take(dataplane, threads);
    }

    private void measure(Timing timing) throws Exception {
        silence();
        Sample[] window =
                switch (scenario.kind()) {
                    case OPEN -> opening();
                    case LIFE -> endless(SynthesizedPort.CHURN, timing);
                    case FLOOD -> endless(SynthesizedPort.FLOOD, timing);
                    case ESTABLISHED -> established(timing);
                    case CHANGES -> changes(timing);
                    case LATENCY -> latency(timing);
                    case START -> start(timing);
                };
        silence();
        print(window[0], window[1]);
    }

    /** The last third of the connections. */
    private Sample[] opening() throws Exception {
        long resident = ProcessMemory.residentBytes();
        ports.all(SynthesizedPort.OPEN);
        while (ports.received() < scenario.flows() * 2L / 3 && !dataplane.finished().isDone()) {
            Thread.sleep(LOOK_MS);
        }
        Sample before = sample();
        await();
        Sample after = sample();
        extras.put(
                "bytes_per_connection",
                (double) (ProcessMemory.residentBytes() - resident) / scenario.flows());
        extras.put("connections_per_second", (long) (1e9 / after.cpuNs(before)));
        return new Sample[] {before, after};
    }

    private Sample[] endless(int phase, Timing timing) throws InterruptedException {
        ports.all(phase);
        Sample before = warmUp(timing);
        Sample after = work(before, timing.seconds());
        if (scenario.kind() == Scenario.Kind.LIFE) {
            double cpuNs = after.cpuNs(before) * scenario.packetsOfLife();
            extras.put("connections_per_second", (long) (1e9 / cpuNs));
        }
        return new Sample[] {before, after};
    }

    private void establish() throws InterruptedException, IOException {
        long resident = ProcessMemory.residentBytes();
        long start = System.nanoTime();
        connect();
        extras.put("opened_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        if (scenario.flows() >= MANY_FLOWS) {
            double grown = ProcessMemory.residentBytes() - resident;
            extras.put("bytes_per_connection", grown / scenario.flows());
        }
        ports.shuffle();
    }

    private void connect() throws InterruptedException {
        phase(SynthesizedPort.OPEN);
        if (scenario.hasAnswers()) {
            int missing = sequence.unanswered();
            if (missing != 0) {
                throw new IllegalStateException(
                        missing + " SYNs were not forwarded; " + accounts.reasons());
            }
            phase(SynthesizedPort.ANSWER);
        }
        phase(SynthesizedPort.COMPLETE);
    }

    private void record(Path flows, Path packets) throws InterruptedException, IOException {
        silence();
        connect();
        Recording recording = new Recording(sequence, scenario.family());
        recording.writeFlows(flows);
        ports.shuffle();
        recording.writePackets(
                packets,
                scenario.frame().sizes(scenario.mode()),
                scenario.direction() == Scenario.Direction.SERVER ? 1 : 0,
                scenario.direction() == Scenario.Direction.BOTH ? 1 : 2);
        silence();
    }

    private int steady() {
        if (scenario.packets() == Scenario.Packets.REPLAYED) {
            return SynthesizedPort.REPLAY;
        }
        return switch (scenario.direction()) {
            case CLIENT -> SynthesizedPort.CLIENTS;
            case SERVER -> SynthesizedPort.SERVERS;
            case BOTH -> SynthesizedPort.BOTH;
        };
    }

    private Sample[] established(Timing timing) throws InterruptedException, IOException {
        establish();
        return endless(steady(), timing);
    }

    /** Before changes begin, the cost without them is taken as well. */
    private Sample[] changes(Timing timing) throws InterruptedException, IOException {
        Sample[] calm = established(timing);
        extras.put("calm_cpu_ns", calm[1].cpuNs(calm[0]));
        RuleChanges changes = new RuleChanges(dataplane, setup);
        Sample before;
        Sample after;
        try (changes) {
            before = work(sample(), timing.warmup() / 2);
            after = work(before, timing.seconds());
        }
        extras.put("applied", changes.appliedNs());
        extras.put("changes", changes.appliedNs().getTotalCount());
        return new Sample[] {before, after};
    }

    private Sample[] latency(Timing timing) throws InterruptedException, IOException {
        establish();
        ports.all(steady());
        Sample before = warmUp(timing);
        ports.clock().record(true);
        Sample after = work(before, timing.seconds());
        ports.clock().record(false);
        silence();
        extras.put("residence", ports.clock().residenceNs());
        extras.put("gap", ports.clock().gapNs());
        return new Sample[] {before, after};
    }

    /** Ten-millisecond points from the first packets on: milliseconds, and ns of CPU a packet. */
    private Sample[] start(Timing timing) throws InterruptedException, IOException {
        establish();
        StringBuilder curve = new StringBuilder();
        Sample first = sample();
        ports.all(steady());
        Sample last = first;
        while (last.timeNs() - first.timeNs() < timing.seconds() * 1e9) {
            Thread.sleep(CURVE_MS);
            Sample now = sample();
            if (now.packets() > last.packets()) {
                curve.append(curve.isEmpty() ? "" : ";");
                double ms = (now.timeNs() - first.timeNs()) / 1e6;
                curve.append(String.format(Locale.ROOT, "%.1f:%.1f", ms, now.cpuNs(last)));
            }
            last = now;
        }
        extras.put("curve", curve.toString());
        return new Sample[] {first, last};
    }

    /**
     * Until the worker has had its processor time and the JIT compiler has had nothing to do for a
     * while; a busy machine can keep the compiler waiting.
     */
    private Sample warmUp(Timing timing) throws InterruptedException {
        Sample warm = work(sample(), timing.warmup());
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (int i = 0; i < MOST_WARM_UPS; i++) {
            long before = compiler.getTotalCompilationTime();
            warm = work(warm, timing.warmup() / WARM_UP_PARTS);
            if (compiler.getTotalCompilationTime() - before <= QUIET_MS) {
                return warm;
            }
        }
        return warm;
    }

    /** Lets the worker have so much processor time, however busy the machine is. */
    private Sample work(Sample from, double cpuSeconds) throws InterruptedException {
        long start = System.nanoTime();
        Sample now = from;
        while (now.leastCpuNs(from) < cpuSeconds * 1e9) {
            if (System.nanoTime() - start > PATIENCE_NS || dataplane.finished().isDone()) {
                throw new IllegalStateException("the worker does not run: " + from + ", " + now);
            }
            Thread.sleep(LOOK_MS);
            now = sample();
        }
        return now;
    }

    private void silence() throws InterruptedException {
        ports.all(SynthesizedPort.SILENT);
        await();
    }

    private void phase(int number) throws InterruptedException {
        ports.all(number);
        await();
    }

    /** Waits for the end of a phase, and until what came in has been counted and sent. */
    private void await() throws InterruptedException {
        long start = System.nanoTime();
        while (!isSettled()) {
            if (System.nanoTime() - start > PATIENCE_NS || dataplane.finished().isDone()) {
                throw new IllegalStateException(
                        "the data plane does not come to an end: received "
                                + ports.received()
                                + ", accounted for "
                                + accounts.accounted());
            }
            Thread.sleep(LOOK_MS);
        }
    }

    /** Packets are counted before they are sent. */
    private boolean isSettled() {
        return ports.isDone()
                && accounts.accounted() == ports.received()
                && ports.sent() + accounts.dropped() == ports.received();
    }

    /** Forwarded is -1 when port, counters and traffic do not agree to the packet. */
    private void print(Sample before, Sample after) {
        long received = dataplane.counters().port(0, PortCounter.RECEIVED_PACKETS);
        boolean exact = received == ports.received() && ports.sent() == ports.received();
        extras.put("connections", dataplane.counters().connections());
        if (scenario.workers() > 1) {
            long given = dataplane.workers().stream().mapToLong(WorkerView::handedOver).sum();
            extras.put("handed_over", given);
        }
        extras.put("allocated", after.allocatedBytes() - before.allocatedBytes());
        System.out.printf(
                Locale.ROOT,
                "RESULT ns=%.3f cpu_ns=%.3f packets=%d forwarded=%d dropped=%d%s%n",
                after.ns(before),
                after.cpuNs(before),
                ports.received(),
                exact ? ports.sent() : -1,
                accounts.dropped(),
                extras);
        if (accounts.dropped() > 0) {
            System.out.println(accounts.reasons());
        }
    }
}
