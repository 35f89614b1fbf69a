package io.jvs.worker;

import io.jvs.dpdk.FlowDestination;
import io.jvs.dpdk.FlowRule;
import io.jvs.packet.FlowSteering.PortBlock;
import io.jvs.service.Address;
import io.jvs.service.Protocol;
import io.jvs.worker.LocalEndpoints.Endpoint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The flow rules of one port: for each local address and protocol, one for each block of local
 * ports that a worker owns. An endpoint has all of its rules or none.
 */
final class PortFlowRules {
    /** Most rules of a port, a bound on the time that a change of local addresses takes. */
    static final int MAX_RULES = 8192;

    /** An address of documentation (RFC 5737), which no packet is for. */
    private static final Endpoint SAMPLE = new Endpoint(Address.ofIpv4(0xC000_0201), Protocol.TCP);

    private final FlowRuleTable table;
    private final List<PortBlock> blocks;
    private final List<Boolean> tags;
    private final Map<Endpoint, List<Long>> made = new LinkedHashMap<>();
    private final boolean able;
    private int count;
    private boolean complete;
    private String refusal = "";

    /**
     * Rules of a port that is asked now whether it takes any.
     *
     * @param blocks which local ports are whose
     * @param tags whether frames come with a VLAN tag (true), without (false), or both
     */
    PortFlowRules(FlowRuleTable table, List<PortBlock> blocks, Set<Boolean> tags) {
        this.table = table;
        this.blocks = blocks;
        this.tags = List.copyOf(tags);
        this.able = make(SAMPLE);
        this.complete = able;
        retain(Set.of());
    }

    /** How packets find their worker by this port just now. */
    Steering steering() {
        return complete ? Steering.FLOW_RULES : Steering.HAND_OVER;
    }

    /** How many rules are in force. */
    int count() {
        return count;
    }

    /** Why some or all local addresses have no rules, or "". */
    String refusal() {
        return complete ? "" : refusal;
    }

    /** Makes the rules of all endpoints that have none yet, as far as the port takes them. */
    void require(Set<Endpoint> wanted) {
        if (!able) {
            return;
        }
        complete = true;
        for (Endpoint endpoint : wanted) {
            complete &= made.containsKey(endpoint) || make(endpoint);
        }
    }

    /**
     * Ends the rules of all other endpoints.
     *
     * @return whether there were any
     */
    boolean retain(Set<Endpoint> wanted) {
        boolean removed = false;
        for (Iterator<Map.Entry<Endpoint, List<Long>>> each = made.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Endpoint, List<Long>> entry = each.next();
            if (!wanted.contains(entry.getKey())) {
                destroy(entry.getValue());
                each.remove();
                removed = true;
            }
        }
        return removed;
    }

    private boolean make(Endpoint endpoint) {
        List<Long> rules = new ArrayList<>();
        try {
            for (boolean tagged : tags) {
                for (PortBlock block : blocks) {
                    rules.add(create(rule(endpoint, tagged, block)));
                }
            }
            made.put(endpoint, rules);
            return true;
        } catch (FlowRuleException e) {
            refusal =
                    (endpoint.equals(SAMPLE) ? "" : endpoint + ": ")
                            + String.valueOf(e.getMessage());
            destroy(rules);
            return false;
        }
    }

    private long create(FlowRule rule) throws FlowRuleException {
        if (count == MAX_RULES) {
            throw new FlowRuleException(MAX_RULES + " flow rules of the port are in use.");
        }
        long handle = table.create(rule);
        count++;
        return handle;
    }

    private static FlowRule rule(Endpoint endpoint, boolean tagged, PortBlock block) {
        Address address = endpoint.address();
        FlowDestination destination =
                new FlowDestination(
                        tagged,
                        address.isIpv6(),
                        address.high(),
                        address.low(),
                        endpoint.protocol().number());
        return new FlowRule(destination, block.value(), block.mask(), block.worker());
    }

    /** What the port keeps all the same does no harm: it still brings packets to the owner. */
    private void destroy(List<Long> rules) {
        for (long rule : rules) {
            count--;
            try {
                table.destroy(rule);
            } catch (FlowRuleException e) {
                refusal = String.valueOf(e.getMessage());
            }
        }
    }
}
