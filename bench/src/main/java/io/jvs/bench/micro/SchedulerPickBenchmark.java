package io.jvs.bench.micro;

import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Flow;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.Tunnel;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A scheduler's choice, with the connection that follows from it and its end. */
@State(Scope.Thread)
public class SchedulerPickBenchmark {
    /** The scheduler. */
    @Param({"rr", "wrr", "wlc"})
    public String name = "";

    /** Real servers. */
    @Param({"10", "10000"})
    public int servers;

    private final DestinationList list = new DestinationList();
    private final Flow flow = new Flow();
    private @Nullable Scheduler scheduler;

    /** Adds the servers. */
    @Setup
    public void open() {
        Scheduler made = Scheduler.create(name, Set.of(), list, 5, 1);
        for (int i = 0; i < servers; i++) {
            Destination added = new Destination(i, server(i));
            list.addFirst(added);
            made.onAdded(added);
        }
        made.settle();
        scheduler = made;
    }

    private static RealServer server(int number) {
        return new RealServer(
                Address.ofIpv4(0x0A01_0000 + number),
                80,
                ForwardingMethod.NAT,
                1 + number * 7 % 10,
                0,
                0,
                Tunnel.IPIP);
    }

    /** One choice. */
    @Benchmark
    public int pick() {
        flow.clientPort = flow.clientPort + 1 & 0xFFFF;
        Scheduler chooser = scheduler;
        Destination picked = chooser == null ? null : Scheduler.pick(chooser, flow);
        if (picked == null) {
            return -1;
        }
        picked.addConnection();
        picked.removeConnection(false);
        return picked.serverIndex;
    }
}
