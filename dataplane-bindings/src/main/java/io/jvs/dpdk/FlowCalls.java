package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A port's flow rules (rte_flow.h): pattern eth [/ vlan] / ipv4 or ipv6 with the destination
 * address / tcp, udp or sctp with a masked destination port; action queue. Drivers copy what they
 * are given, so that nothing of it outlives a call.
 */
final class FlowCalls {
    /** struct rte_flow_attr: the bitfield ingress, after group and priority. */
    private static final long INGRESS = Layouts.FLOW_ATTR_PRIORITY() + 4L;

    private static final int MAX_ITEMS = 5;

    private final EthPort port;
    private final Arena arena;
    private final MemorySegment attributes;
    private final MemorySegment items;
    private final MemorySegment actions;
    private final MemorySegment error;
    private int itemCount;

    private FlowCalls(EthPort port, Arena arena) {
        this.port = port;
        this.arena = arena;
        this.attributes = ingress(arena);
        this.items = arena.allocate((long) MAX_ITEMS * Layouts.FLOW_ITEM_SIZE(), 8);
        this.actions = arena.allocate(2L * Layouts.FLOW_ACTION_SIZE(), 8);
        this.error = arena.allocate(Layouts.FLOW_ERROR_SIZE(), 8);
    }

    static void validate(EthPort port, FlowRule rule) {
        try (Arena arena = Arena.ofConfined()) {
            FlowCalls calls = new FlowCalls(port, arena).of(rule);
            port.drainLog();
            int returned =
                    Dpdk.rte_flow_validate(
                            port.id(), calls.attributes, calls.items, calls.actions, calls.error);
            if (returned != 0) {
                throw calls.failure("rte_flow_validate", Math.abs(returned));
            }
        }
    }

    /** The address of the driver's struct rte_flow. */
    static long create(EthPort port, FlowRule rule) {
        try (Arena arena = Arena.ofConfined()) {
            FlowCalls calls = new FlowCalls(port, arena).of(rule);
            port.drainLog();
            long flow =
                    Dpdk.rte_flow_create(
                                    port.id(),
                                    calls.attributes,
                                    calls.items,
                                    calls.actions,
                                    calls.error)
                            .address();
            if (flow == 0) {
                throw calls.failure("rte_flow_create", Errno.last());
            }
            return flow;
        }
    }

    static void destroy(EthPort port, long flow) {
        try (Arena arena = Arena.ofConfined()) {
            FlowCalls calls = new FlowCalls(port, arena);
            port.drainLog();
            int returned =
                    Dpdk.rte_flow_destroy(port.id(), MemorySegment.ofAddress(flow), calls.error);
            if (returned != 0) {
                throw calls.failure("rte_flow_destroy", Math.abs(returned));
            }
        }
    }

    /** The attributes of a rule for packets that come in; group and priority are 0. */
    static MemorySegment ingress(Arena arena) {
        MemorySegment attributes = arena.allocate(Layouts.FLOW_ATTR_SIZE(), 8);
        Memory.putInt(attributes.address() + INGRESS, 1);
        return attributes;
    }

    private FlowCalls of(FlowRule rule) {
        FlowDestination to = rule.destination();
        addItem(Dpdk.RTE_FLOW_ITEM_TYPE_ETH(), 0, 0);
        if (to.tagged()) {
            addItem(Dpdk.RTE_FLOW_ITEM_TYPE_VLAN(), 0, 0);
        }
        if (to.ipv6()) {
            long spec = ipv6(arena, to.high(), to.low());
            addItem(Dpdk.RTE_FLOW_ITEM_TYPE_IPV6(), spec, ipv6(arena, -1, -1));
        } else {
            long spec = ipv4(arena, (int) to.low());
            addItem(Dpdk.RTE_FLOW_ITEM_TYPE_IPV4(), spec, ipv4(arena, -1));
        }
        long spec = transport(arena, to.protocol(), rule.port());
        addItem(itemType(to.protocol()), spec, transport(arena, to.protocol(), rule.portMask()));
        addItem(Dpdk.RTE_FLOW_ITEM_TYPE_END(), 0, 0);
        long action = actions.address();
        putAction(action, Dpdk.RTE_FLOW_ACTION_TYPE_QUEUE(), queue(arena, rule.queue()));
        putAction(action + Layouts.FLOW_ACTION_SIZE(), Dpdk.RTE_FLOW_ACTION_TYPE_END(), 0);
        return this;
    }

    private void addItem(int type, long spec, long mask) {
        putItem(items.address() + (long) itemCount++ * Layouts.FLOW_ITEM_SIZE(), type, spec, mask);
    }

    /** struct rte_flow_item; spec and mask 0: anything of that type. */
    static void putItem(long item, int type, long spec, long mask) {
        Memory.putInt(item + Layouts.FLOW_ITEM_TYPE(), type);
        Memory.putLong(item + Layouts.FLOW_ITEM_SPEC(), spec);
        Memory.putLong(item + Layouts.FLOW_ITEM_MASK(), mask);
    }

    /** struct rte_flow_action. */
    static void putAction(long action, int type, long configuration) {
        Memory.putInt(action + Layouts.FLOW_ACTION_TYPE(), type);
        Memory.putLong(action + Layouts.FLOW_ACTION_CONF(), configuration);
    }

    /** struct rte_flow_action_queue. */
    static long queue(Arena arena, int index) {
        long queue = arena.allocate(Layouts.FLOW_ACTION_QUEUE_SIZE(), 8).address();
        Memory.putShort(queue + Layouts.FLOW_ACTION_QUEUE_INDEX(), index);
        return queue;
    }

    /** struct rte_flow_item_ipv4 with a destination. */
    static long ipv4(Arena arena, int address) {
        long header = arena.allocate(Layouts.FLOW_ITEM_IPV4_SIZE(), 8).address();
        Memory.putIntBe(header + Layouts.FLOW_ITEM_IPV4_DST(), address);
        return header;
    }

    /** struct rte_flow_item_ipv6 with a destination. */
    static long ipv6(Arena arena, long high, long low) {
        long header = arena.allocate(Layouts.FLOW_ITEM_IPV6_SIZE(), 8).address();
        Memory.putLongBe(header + Layouts.FLOW_ITEM_IPV6_DST(), high);
        Memory.putLongBe(header + Layouts.FLOW_ITEM_IPV6_DST() + 8L, low);
        return header;
    }

    /** struct rte_flow_item_tcp, _udp or _sctp with a destination port. */
    static long transport(Arena arena, int protocol, int port) {
        int size = Layouts.FLOW_ITEM_TCP_SIZE();
        int at = Layouts.FLOW_ITEM_TCP_DST();
        if (protocol == FlowDestination.UDP) {
            size = Layouts.FLOW_ITEM_UDP_SIZE();
            at = Layouts.FLOW_ITEM_UDP_DST();
        } else if (protocol == FlowDestination.SCTP) {
            size = Layouts.FLOW_ITEM_SCTP_SIZE();
            at = Layouts.FLOW_ITEM_SCTP_DST();
        }
        long header = arena.allocate(size, 8).address();
        Memory.putShortBe(header + at, port);
        return header;
    }

    private static int itemType(int protocol) {
        return switch (protocol) {
            case FlowDestination.UDP -> Dpdk.RTE_FLOW_ITEM_TYPE_UDP();
            case FlowDestination.SCTP -> Dpdk.RTE_FLOW_ITEM_TYPE_SCTP();
            default -> Dpdk.RTE_FLOW_ITEM_TYPE_TCP();
        };
    }

    /** What struct rte_flow_error says, else what the driver logged. */
    private DpdkException failure(String call, int errno) {
        String message = CText.read(Memory.getLong(error.address() + Layouts.FLOW_ERROR_MESSAGE()));
        // Where the driver has no flow rules at all, the message is the errno's text once more.
        boolean tells = !message.isEmpty() && !Errno.text(errno).endsWith(", " + message);
        return Errno.failure(
                call + " of port '" + port.device() + "'",
                errno,
                tells ? message : DpdkLog.reason(port.drainLog()),
                "workers hand packets over instead");
    }
}
