package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowSequence;
import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.packet.Verdict;
import io.jvs.worker.CountersView;
import io.jvs.worker.Dataplane;
import io.jvs.worker.DataplaneHost;
import io.jvs.worker.PortCounter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One measurement of JVS in a process of its own (DPDK starts once a process): the real data plane
 * over DPDK's pcap driver, connections opened by real handshakes, then established traffic. Prints
 * one RESULT line.
 */
final class DirectorUnderTest {
    private static final long PATIENCE_NS = 300_000_000_000L;
    private static final long LOOK_MS = 2;

    private final Dataplane dataplane;
    private final SynthesizedPort port;
    private final Scenario scenario;
    private final FlowSequence sequence;

    private DirectorUnderTest(
            Dataplane dataplane, SynthesizedPort port, Scenario scenario, FlowSequence sequence) {
        this.dataplane = dataplane;
        this.port = port;
        this.scenario = scenario;
        this.sequence = sequence;
    }

    /** Measures and prints. */
    static void run(Scenario scenario, Path pcap, Timing timing) throws Exception {
        DirectorSetup setup = DirectorSetup.of(scenario);
        List<SynthesizedPort> made = new CopyOnWriteArrayList<>();
        try (FlowSequence sequence = new FlowSequence(setup.plan());
                Dataplane dataplane =
                        DataplaneHost.open(
                                setup.spec(pcap, timing.cpu()),
                                (worker, below) ->
                                        add(
                                                made,
                                                new SynthesizedPort(
                                                        below, sequence, scenario.hasAnswers())))) {
            sequence.writeClients();
            dataplane.start();
            dataplane.apply(1, setup.changes()).get(5, TimeUnit.MINUTES);
            new DirectorUnderTest(dataplane, made.getFirst(), scenario, sequence).measure(timing);
        }
    }

    private static SynthesizedPort add(List<SynthesizedPort> all, SynthesizedPort port) {
        all.add(port);
        return port;
    }

    private void measure(Timing timing) throws Exception {
        long opening = System.nanoTime();
        open();
        long opened = System.nanoTime() - opening;
        sequence.shuffle(1);
        port.command(
                switch (scenario.direction()) {
                    case CLIENT -> SynthesizedPort.CLIENTS;
                    case SERVER -> SynthesizedPort.SERVERS;
                    case BOTH -> SynthesizedPort.BOTH;
                });
        Sample before = work(Sample.take(dataplane), timing.warmup());
        Sample after = work(before, timing.seconds());
        silence();
        print(before, after, opened);
    }

    /** Lets the worker have so much processor time, however busy the machine is. */
    private Sample work(Sample from, double cpuSeconds) throws InterruptedException {
        long start = System.nanoTime();
        Sample now = from;
        while (now.cpuNs() - from.cpuNs() < cpuSeconds * 1e9) {
            if (System.nanoTime() - start > PATIENCE_NS || dataplane.finished().isDone()) {
                throw new IllegalStateException("the worker does not run: " + from + ", " + now);
            }
            Thread.sleep(LOOK_MS);
            now = Sample.take(dataplane);
        }
        return now;
    }

    private void open() throws InterruptedException {
        phase(SynthesizedPort.OPEN);
        if (scenario.hasAnswers()) {
            int missing = sequence.unanswered();
            if (missing != 0) {
                throw new IllegalStateException(
                        missing + " SYNs were not forwarded; " + drops(dataplane.counters()));
            }
            phase(SynthesizedPort.ANSWER);
        }
        phase(SynthesizedPort.COMPLETE);
    }

    private void phase(int number) throws InterruptedException {
        port.command(number);
        await();
    }

    private void silence() throws InterruptedException {
        port.command(SynthesizedPort.SILENT);
        await();
    }

    /** Waits for the end of a phase, and until what came in has been counted. */
    private void await() throws InterruptedException {
        long start = System.nanoTime();
        CountersView counters = dataplane.counters();
        while (!port.isDone() || accounted(counters) != port.received()) {
            if (System.nanoTime() - start > PATIENCE_NS || dataplane.finished().isDone()) {
                throw new IllegalStateException(
                        "the data plane does not come to an end: received "
                                + port.received()
                                + ", accounted for "
                                + accounted(counters));
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private static long accounted(CountersView counters) {
        return counters.verdict(Verdict.FORWARDED) + dropped(counters);
    }

    private static long dropped(CountersView counters) {
        long sum = 0;
        for (int code = Verdict.FIRST_DROP; code < Verdict.COUNT; code++) {
            sum += counters.verdict(code);
        }
        return sum;
    }

    private static String drops(CountersView counters) {
        StringBuilder text = new StringBuilder("drops:");
        for (int code = Verdict.FIRST_DROP; code < Verdict.COUNT; code++) {
            long count = counters.verdict(code);
            if (count > 0) {
                text.append(' ').append(DropNames.of(code)).append('=').append(count);
            }
        }
        return text.toString();
    }

    private void print(Sample before, Sample after, long openedNs) {
        CountersView counters = dataplane.counters();
        long received = counters.port(0, PortCounter.RECEIVED_PACKETS);
        boolean exact = received == port.received() && port.sent() == port.received();
        System.out.printf(
                "RESULT ns=%.3f cpu_ns=%.3f packets=%d forwarded=%d dropped=%d"
                        + " connections=%d allocated=%d opened_ms=%d%n",
                (double) (after.timeNs() - before.timeNs()) / (after.packets() - before.packets()),
                (double) (after.cpuNs() - before.cpuNs()) / (after.packets() - before.packets()),
                port.received(),
                exact ? port.sent() : -1,
                dropped(counters),
                counters.connections(),
                after.allocatedBytes() - before.allocatedBytes(),
                TimeUnit.NANOSECONDS.toMillis(openedNs));
        if (dropped(counters) > 0) {
            System.out.println(drops(counters));
        }
    }
}
