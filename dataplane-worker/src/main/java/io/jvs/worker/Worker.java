package io.jvs.worker;

import io.jvs.packet.PacketBurst;
import io.jvs.port.PacketPort;
import java.util.List;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one core: polls its ports, sends bursts through the pipeline, lets time pass for
 * connections and neighbours, and takes one control command a cycle. Everything that it owns is
 * touched by its thread only; {@link WorkerProxy} is the only way in.
 */
final class Worker {
    /** Length of a tick: connections and neighbours count time in hundredths of a second. */
    static final long TICK_NS = 10_000_000;

    private static final int EXPIRE_MAX = 64;
    private static final int MILLIS_SHIFT = 20;

    private final WorkerState state;
    private final Pipeline pipeline;
    private final PacketBurst burst = new PacketBurst();
    private final PacketPort[] ports;
    private final @Nullable HandoverIntake intake;
    private final MpscVarHandleArrayQueue<WorkerCommand> commands;

    Worker(
            WorkerState state,
            List<PacketPort> ports,
            MpscVarHandleArrayQueue<WorkerCommand> commands) {
        this.state = state;
        this.ports = ports.toArray(new PacketPort[0]);
        this.commands = commands;
        this.pipeline = new Pipeline(state, this.ports);
        this.intake = state.group.workers() == 1 ? null : new HandoverIntake(state, pipeline);
    }

    /**
     * One cycle.
     *
     * @param nowNs the monotonic clock
     * @return packets and commands that were handled; 0 means idle
     */
    int doWork(long nowNs) {
        int nowTicks = (int) (nowNs / TICK_NS);
        state.localAddresses.setTime(nowTicks);
        int work = 0;
        state.nowMillis = (int) (nowNs >> MILLIS_SHIFT);
        WorkerCommand command = commands.relaxedPoll();
        if (command != null) {
            onCommand(command, nowTicks);
            work++;
        }
        for (int i = 0; i < ports.length; i++) {
            work += poll(ports[i], nowNs, nowTicks);
        }
        if (intake != null) {
            work += intake.poll(nowTicks);
        }
        work += pipeline.passTime(nowTicks, EXPIRE_MAX);
        ServerCounts.publishChanged(state);
        state.counters.publishLocalPorts(state.localAddresses);
        state.counters.countCycle(work > 0, state.table.size());
        return work;
    }

    private int poll(PacketPort port, long nowNs, int nowTicks) {
        burst.clear();
        int received = port.receive(burst, nowNs);
        if (received > 0) {
            pipeline.run(burst, received, nowTicks);
        }
        return received;
    }

    /** Cold: a control command may allocate. */
    private void onCommand(WorkerCommand command, int nowTicks) {
        try {
            command.onWorker(state, nowTicks);
        } catch (RuntimeException e) {
            command.onFailed(e);
        }
        state.express.forgetWays();
    }
}
