package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowSequence;
import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.bench.traffic.TimedPort;
import io.jvs.port.PacketPort;
import io.jvs.worker.PortOverlays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What lies over the port of the worker; made on its thread. */
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
        synthesized.add(traffic);
        if (scenario.kind() != Scenario.Kind.LATENCY) {
            return traffic;
        }
        TimedPort clock = new TimedPort(traffic);
        timed.add(clock);
        return clock;
    }

    /** Where traffic comes from. */
    SynthesizedPort traffic() {
        return synthesized.getFirst();
    }

    /** What takes times, of kind LATENCY only. */
    TimedPort clock() {
        return timed.getFirst();
    }
}
