package io.jvs.port;

import io.jvs.dpdk.FlowDestination;
import io.jvs.dpdk.FlowRule;
import io.jvs.memory.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flow rules of a model adapter, carried out to the letter on the frame's bytes alone: the
 * first that fits decides. Like a NIC it has room for so many.
 */
public final class ModelFlowRules {
    /** No rule fits. */
    static final int NONE = -1;

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int VLAN = 0x8100;

    private final int capacity;
    private final boolean ignored;
    private final Map<Long, FlowRule> rules = new LinkedHashMap<>();
    private long last;

    /**
     * No rules yet.
     *
     * @param capacity how many it has room for
     * @param ignored whether it takes rules and does not carry them out
     */
    public ModelFlowRules(int capacity, boolean ignored) {
        this.capacity = capacity;
        this.ignored = ignored;
    }

    /** Makes a rule; its number, or 0 when there is no room. */
    public long create(FlowRule rule) {
        if (rules.size() >= capacity) {
            return 0;
        }
        rules.put(++last, rule);
        return last;
    }

    /** Ends a rule; false when there is no such rule. */
    public boolean destroy(long number) {
        return rules.remove(number) != null;
    }

    /** The rules in force. */
    public List<FlowRule> rules() {
        return new ArrayList<>(rules.values());
    }

    /** The queue of the first rule that fits the frame, or NONE. */
    int queue(long frame, int length) {
        boolean tagged = length >= 18 && Memory.getUnsignedShortBe(frame + 12) == VLAN;
        int layer3 = tagged ? 18 : 14;
        int type = length < layer3 ? 0 : Memory.getUnsignedShortBe(frame + layer3 - 2);
        int left = length - layer3;
        long ip = frame + layer3;
        if (ignored) {
            return NONE;
        }
        if (type == IPV4 && left >= 20 && (Memory.getUnsignedShortBe(ip + 6) & 0x3FFF) == 0) {
            int header = (Memory.getByte(ip) & 15) * 4;
            int port = left >= header + 4 ? Memory.getUnsignedShortBe(ip + header + 2) : NONE;
            long to = Memory.getUnsignedIntBe(ip + 16);
            return queue(tagged, false, 0, to, Memory.getUnsignedByte(ip + 9), port);
        }
        if (type == IPV6 && left >= 44) {
            int port = Memory.getUnsignedShortBe(ip + 42);
            long high = Memory.getLongBe(ip + 24);
            long low = Memory.getLongBe(ip + 32);
            return queue(tagged, true, high, low, Memory.getUnsignedByte(ip + 6), port);
        }
        return NONE;
    }

    private int queue(boolean tagged, boolean ipv6, long high, long low, int protocol, int port) {
        for (FlowRule rule : rules.values()) {
            FlowDestination to = rule.destination();
            if (to.tagged() == tagged
                    && to.ipv6() == ipv6
                    && to.high() == high
                    && to.low() == low
                    && to.protocol() == protocol
                    && port != NONE
                    && (port & rule.portMask()) == rule.port()) {
                return rule.queue();
            }
        }
        return NONE;
    }
}
