package io.jvs.worker;

import io.jvs.packet.FlowSteering;
import io.jvs.packet.PacketBuffers;
import io.jvs.port.PacketPort;
import java.util.List;

/** The opened ports of a data plane, whatever host they run on. */
sealed interface HostPorts extends AutoCloseable permits DpdkPorts, PcapPorts, MemoryPorts {

    /** The ports of the specification as they were opened. */
    List<PortView> views();

    /** The host port that belongs to each port (physical and host), -1 for none. */
    int[] peers();

    /** Which worker gets which packets, and which local ports are whose. */
    FlowSteering steering();

    /**
     * The flow rules by which ports bring answers to those workers, where they can do no better.
     */
    FlowRules flowRules();

    /** Whether all packets of a client's flow come in at one worker. */
    boolean isSteady();

    /**
     * Makes the calling thread a worker's; its queues and buffers from then on.
     *
     * @param group what it needs to send by a port that it has no queue of
     */
    WorkerPorts enter(int worker, WorkerGroup group);

    @Override
    void close();

    /**
     * One worker's ends of all ports.
     *
     * @param ports physical ports in the order of the specification, then host ports
     * @param buffers where its buffers come from
     * @param leave run on the worker's thread after its last cycle
     */
    record WorkerPorts(List<PacketPort> ports, PacketBuffers buffers, Runnable leave) {}
}
