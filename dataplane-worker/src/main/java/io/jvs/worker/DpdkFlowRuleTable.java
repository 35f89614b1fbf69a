package io.jvs.worker;

import io.jvs.dpdk.DpdkException;
import io.jvs.dpdk.EthPort;
import io.jvs.dpdk.FlowRule;

/** The flow rules of a port that DPDK drives. */
final class DpdkFlowRuleTable implements FlowRuleTable {
    private final EthPort port;

    DpdkFlowRuleTable(EthPort port) {
        this.port = port;
    }

    @Override
    public long create(FlowRule rule) throws FlowRuleException {
        try {
            port.validateFlowRule(rule);
            return port.createFlowRule(rule);
        } catch (DpdkException e) {
            throw new FlowRuleException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void destroy(long rule) throws FlowRuleException {
        try {
            port.destroyFlowRule(rule);
        } catch (DpdkException e) {
            throw new FlowRuleException(String.valueOf(e.getMessage()));
        }
    }
}
