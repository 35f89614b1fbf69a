package io.jvs.worker;

import io.jvs.packet.FlowSteering;

/** How packets that come back from real servers find the worker of their connection. */
public enum Steering {
    /** There is one worker. */
    SINGLE,

    /**
     * The local port of a connection is chosen so that the port's own RSS brings the answers to the
     * right queue.
     */
    RSS,

    /**
     * Flow rules of the port (rte_flow) bring the answers to the worker that has the local port by
     * arithmetic; all local addresses have their rules.
     */
    FLOW_RULES,

    /** The port spreads flows in a way that cannot be computed: workers hand packets over. */
    HAND_OVER;

    /** What all ports of a data plane do that share a steering. */
    static Steering of(FlowSteering steering) {
        if (steering.workers() == 1) {
            return SINGLE;
        }
        return steering.isComputable() ? RSS : HAND_OVER;
    }
}
