package io.jvs.dpdk;

/**
 * A rule by which a port brings packets to a queue of its choice (rte_flow.h): those for {@code
 * destination} whose destination port has the bits of {@code port} where {@code portMask} has ones.
 *
 * @param destination address and protocol
 * @param port 16 bits, host order; none outside the mask
 * @param portMask 16 bits, host order
 * @param queue number of the receive queue
 */
public record FlowRule(FlowDestination destination, int port, int portMask, int queue) {
    /** Refuses what does not fit. */
    public FlowRule {
        if ((port & ~portMask) != 0 || portMask >>> 16 != 0 || queue < 0 || queue > 0xFFFF) {
            throw new IllegalArgumentException(
                    "No flow rule: port %#x with mask %#x to queue %d"
                            .formatted(port, portMask, queue));
        }
    }
}
