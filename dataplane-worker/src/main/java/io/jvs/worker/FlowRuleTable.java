package io.jvs.worker;

import io.jvs.dpdk.FlowRule;

/** A port that may bring packets to queues by rules. Control threads only, one at a time. */
interface FlowRuleTable {

    /**
     * Makes a rule.
     *
     * @return what {@link #destroy} takes
     * @throws FlowRuleException when the port does not take it
     */
    long create(FlowRule rule) throws FlowRuleException;

    /**
     * Ends a rule, once.
     *
     * @throws FlowRuleException when the port keeps it
     */
    void destroy(long rule) throws FlowRuleException;
}
