package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowSequence;
import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.bench.traffic.TimedPort;
import io.jvs.port.PacketPort;
import io.jvs.worker.PortOverlays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What lies over the ports of the workers; each made on its worker's thread. */
final class Ports implements PortOverlays {
    private final FlowSequence sequence;
    private final Scenario scenario;
    private final List<SynthesizedPort> synthesized = new CopyOnWriteArrayList<>();
    private final List<TimedPort> timed = new CopyOnWriteArrayList<>();

    Ports(FlowSequence sequence, Scenario scenario) {
        this.sequence = sequence;
        this.scenario = scenario;
    }

    @Override
    public PacketPort over(int worker, PacketPort port) {
        SynthesizedPort traffic = new SynthesizedPort(port, sequence, scenario.hasAnswers());
        traffic.range(end(worker), end(worker + 1));
        synthesized.add(traffic);
        if (scenario.kind() != Scenario.Kind.LATENCY) {
            return traffic;
        }
        TimedPort clock = new TimedPort(traffic);
        timed.add(clock);
        return clock;
    }

    /**
     * The flows are shared out evenly: where those of a worker begin, and its predecessor's end.
     */
    private int end(int worker) {
        return (int) ((long) sequence.flows() * worker / scenario.workers());
    }

    /** Lets all workers receive; one of the phases of {@link SynthesizedPort}. */
    void all(int phase) {
        synthesized.forEach(port -> port.command(phase));
    }

    /** Puts established packets into a random order, those of each worker's own connections. */
    void shuffle() {
        for (int worker = 0; worker < scenario.workers(); worker++) {
            sequence.shuffle(1, end(worker), end(worker + 1));
        }
    }

    /** Whether no worker has anything more to do. */
    boolean isDone() {
        return synthesized.stream().allMatch(SynthesizedPort::isDone);
    }

    /** Frames that were received, ever. */
    long received() {
        return synthesized.stream().mapToLong(SynthesizedPort::received).sum();
    }

    /** Frames that were sent, ever. */
    long sent() {
        return synthesized.stream().mapToLong(SynthesizedPort::sent).sum();
    }

    /** What takes times, of kind LATENCY only. */
    TimedPort clock() {
        return timed.getFirst();
    }
}
