package io.jvs.worker;

import static io.jvs.connection.ConnectionLayout.CLIENT;
import static io.jvs.connection.ConnectionLayout.METHOD_DIRECT_ROUTE;
import static io.jvs.connection.ConnectionLayout.METHOD_TUNNEL;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ExpressLookup;
import io.jvs.forwarding.ExpressForwarder;
import io.jvs.forwarding.ServerPath;
import io.jvs.link.NeighborHeaders;
import io.jvs.link.NeighborTable;
import io.jvs.link.RouteTable;
import io.jvs.link.TransmitBatch;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.ExpressOrder;
import io.jvs.packet.ExpressParser;
import io.jvs.packet.ExpressRows;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The short way of the packets that are nearly all: plain IPv4 of an established connection, which
 * change nothing but counters and times. What it does to a packet is what the stages would do, in
 * fewer steps; whatever it does not know it leaves to them, untouched. One thread.
 *
 * <p>A flow's packets stay in order: after one that is left to the stages, the later ones of that
 * burst with the same hash are left, too.
 */
final class ExpressLane implements AutoCloseable {
    /** A server's way: bits 0..15 next hop, 16..31 MTU, 32..62 the epoch it was made in. */
    private static final int MTU_SHIFT = 16;

    private static final int EPOCH_SHIFT = 32;

    /** Behind a server's way, which takes 32 bytes in all: {@link ExpressLimits#service}. */
    private static final int SERVICE = 8;

    /** And behind that, the bytes that a tunnel to the server adds, 0 without one. */
    private static final int OVERHEAD = 12;

    /** And its outer addresses, {@link ServerPath#outerAddresses4}; 8 bytes more are not used. */
    private static final int OUTER = 16;

    private static final int WAY_SHIFT = 5;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final WorkerState state;
    private final ExpressRows rows = new ExpressRows();
    private final ExpressLookup lookup;
    private final NeighborTable neighbors;
    private final RouteTable routes;
    private final TransmitBatch batch;
    private final WorkerCounters counters;
    private final ExpressLimits limits;
    private final MemoryRegion region;

    /** Address of the first server's way. */
    private final long ways;

    private long epoch = 1;

    /** Addresses of clients with one way: first and last, host order, upper bit turned round. */
    private int clientsFrom = Integer.MAX_VALUE;

    private int clientsTo = Integer.MIN_VALUE;
    private long wayToClients;
    private int refused;
    private boolean closed;

    ExpressLane(WorkerState state) {
        this.state = state;
        this.lookup = new ExpressLookup(state.table, state.timeouts);
        this.neighbors = state.neighbors;
        this.routes = state.routes;
        this.batch = state.batch;
        this.counters = state.counters;
        this.limits = new ExpressLimits(state);
        this.region = MemoryRegion.anonymous((long) WorkerCounters.MAX_SERVERS << WAY_SHIFT);
        this.ways = region.address();
    }

    /** From now on it takes nothing; for a comparison with the stages. */
    void shut() {
        closed = true;
    }

    /** Servers, routes, limits or settings may have changed. */
    void forgetWays() {
        epoch = epoch + 1 & Integer.MAX_VALUE;
        clientsFrom = Integer.MAX_VALUE;
        clientsTo = Integer.MIN_VALUE;
    }

    /**
     * Sends the packets that it knows how to, and takes them out of a burst that was just received
     * by one port.
     *
     * @return packets that were forwarded
     */
    int take(PacketBurst burst, int nowTicks) {
        InterfaceTable interfaces = state.links.interfaces;
        int port = burst.port[0];
        int ingress = interfaces.find(port, 0);
        if (ingress < 0 || closed) {
            return 0;
        }
        long mac = Long.reverseBytes(interfaces.mac(ingress)) >>> 16;
        ExpressParser.parse(burst, rows, mac, state.parser.isChecksumVerified(port));
        if (rows.count == 0) {
            return 0;
        }
        refused = 0;
        lookup.lookup(rows);
        if (rows.count < burst.count) {
            ExpressOrder.leaveMixed(burst, rows);
        }
        int found = findHops(burst, nowTicks);
        long taken = keepOrder(found, nowTicks);
        if (taken != 0) {
            rewrite(burst, nowTicks);
            send();
            burst.remove(taken);
        }
        return Long.bitCount(taken) - refused;
    }

    /**
     * Finds where each goes; leaves those whose next hop does not answer, or that do not fit. No
     * view lives across a call: one that is not inlined would make it an object.
     */
    private int findHops(PacketBurst burst, int nowTicks) {
        long base = rows.base();
        long end = ExpressRows.address(base, rows.count);
        long words = ways;
        long now = epoch;
        long headers = neighbors.headers().base();
        int found = 0;
        for (long row = base; row < end; row += ExpressRows.BYTES) {
            long record = Memory.getLong(row + ExpressRows.RECORD);
            if (record != 0) {
                int server = Memory.getInt(row + ExpressRows.SERVER);
                long way = Memory.getLong(words + ((long) server << WAY_SHIFT));
                if (way >>> EPOCH_SHIFT != now) {
                    way = findWay(server, nowTicks);
                }
                if (Memory.getInt(row + ExpressRows.ENTRY) < 0 && mtu(way) != 0) {
                    way = wayToClient(Memory.getInt(record + CLIENT));
                }
                int hop = (int) way & 0xFFFF;
                Memory.putShort(row + ExpressRows.HOP, hop);
                if ((Memory.getInt(row + ExpressRows.BYTES_AND_FLAGS) & 0xFFFF) <= mtu(way)
                        && (ConnectionLayout.method(record) != METHOD_TUNNEL || mayWrap(burst, row))
                        && (NeighborHeaders.isNoted(headers, hop, nowTicks)
                                || neighbors.use(hop, nowTicks))) {
                    found++;
                } else {
                    Memory.putLong(row + ExpressRows.RECORD, 0);
                }
            }
        }
        return found;
    }

    private static int mtu(long way) {
        return (int) (way >>> MTU_SHIFT) & 0xFFFF;
    }

    private long word(int server) {
        return ways + ((long) server << WAY_SHIFT);
    }

    /**
     * Moves those that go together and leaves what comes after one that is left, of the same flow,
     * and what is beyond a limit.
     *
     * @return the rows that go, as bits
     */
    private long keepOrder(int found, int nowTicks) {
        boolean polices = limits.isNeeded();
        if (!polices && found == rows.count) {
            return allRows();
        }
        long taken = sort(polices, nowTicks);
        if (polices) {
            limits.settle();
        }
        return taken;
    }

    private long allRows() {
        long base = rows.base();
        int count = rows.count;
        long taken = 0;
        for (int j = 0; j < count; j++) {
            taken |= 1L << Memory.getShort(ExpressRows.address(base, j) + ExpressRows.ROW);
        }
        return taken;
    }

    private long sort(boolean polices, int nowTicks) {
        long base = rows.base();
        int count = rows.count;
        long taken = 0;
        long left = 0;
        int kept = 0;
        for (int j = 0; j < count; j++) {
            long row = ExpressRows.address(base, j);
            long flow = 1L << Memory.getLong(row + ExpressRows.HASH);
            if (Memory.getLong(row + ExpressRows.RECORD) != 0
                    && (left & flow) == 0
                    && (!polices || passes(row, nowTicks))) {
                taken |= 1L << Memory.getShort(row + ExpressRows.ROW);
                if (kept != j) {
                    ExpressRows.move(base, j, kept);
                }
                kept++;
            } else {
                left |= flow;
            }
        }
        rows.count = kept;
        return taken;
    }

    private boolean passes(long row, int nowTicks) {
        int server = Memory.getInt(row + ExpressRows.SERVER);
        int service = Memory.getInt(word(server) + SERVICE);
        int bytes = Memory.getInt(row + ExpressRows.BYTES_AND_FLAGS) & 0xFFFF;
        return limits.passes(service, server, bytes, nowTicks);
    }

    /** Times, and the packets themselves. */
    private void rewrite(PacketBurst burst, int nowTicks) {
        long base = rows.base();
        int count = rows.count;
        for (int j = 0; j < count; j++) {
            long row = ExpressRows.address(base, j);
            int direction = Memory.getInt(row + ExpressRows.ENTRY) >>> 31;
            long record = Memory.getLong(row + ExpressRows.RECORD);
            int method = ConnectionLayout.advance(record, nowTicks, 1 - direction);
            if (method == METHOD_TUNNEL) {
                wrap(burst, row);
            } else {
                rewrite(row, record, direction, method);
            }
        }
    }

    private static void rewrite(long address, long record, int direction, int method) {
        MemorySegment row = Memory.line(address);
        long frame = row.get(LONG, ExpressRows.FRAME);
        int bytes = row.get(INT, ExpressRows.BYTES_AND_FLAGS) & 0xFFFF;
        row.set(INT, ExpressRows.LENGTH, bytes + EthernetHeader.BYTES);
        if (method == METHOD_DIRECT_ROUTE) {
            ExpressForwarder.pass(frame);
        } else {
            long addresses = row.get(LONG, ExpressRows.ADDRESSES);
            long transport = row.get(LONG, ExpressRows.TRANSPORT);
            ExpressForwarder.translate(frame, record, direction, addresses, transport);
        }
    }

    private void wrap(PacketBurst burst, long row) {
        long outer = Memory.getLong(word(Memory.getInt(row + ExpressRows.SERVER)) + OUTER);
        long frame = Memory.getLong(row + ExpressRows.FRAME);
        if (outer == 0 || !ExpressForwarder.isWhole(frame)) {
            wrapByStage(burst, row);
            return;
        }
        int bytes = Memory.getInt(row + ExpressRows.BYTES_AND_FLAGS) & 0xFFFF;
        ExpressForwarder.wrap(frame, outer, bytes);
        Memory.putLong(row + ExpressRows.FRAME, frame - Ipv4Header.BYTES);
        int length = bytes + Ipv4Header.BYTES + EthernetHeader.BYTES;
        Memory.putInt(row + ExpressRows.LENGTH, length);
    }

    /** By the forwarder that the stages have: it works on the burst's own columns. */
    private void wrapByStage(PacketBurst burst, long row) {
        int i = Memory.getShort(row + ExpressRows.ROW);
        int bytes = Memory.getInt(row + ExpressRows.BYTES_AND_FLAGS) & 0xFFFF;
        burst.layer3[i] = EthernetHeader.BYTES;
        burst.layer4[i] = EthernetHeader.BYTES + Ipv4Header.BYTES;
        burst.end[i] = EthernetHeader.BYTES + bytes;
        burst.connection[i] = Memory.getLong(row + ExpressRows.RECORD);
        burst.hash[i] = Memory.getLong(row + ExpressRows.HASH);
        state.forwardStage.wrap4(burst, i);
        Memory.putLong(row + ExpressRows.FRAME, burst.data[i]);
        Memory.putInt(row + ExpressRows.LENGTH, burst.end[i]);
    }

    private void send() {
        long base = rows.base();
        int count = rows.count;
        long headers = neighbors.headers().base();
        for (int j = 0; j < count; j++) {
            MemorySegment row = ExpressRows.row(base, j);
            int bytes = row.get(INT, ExpressRows.BYTES_AND_FLAGS) & 0xFFFF;
            int direction = row.get(INT, ExpressRows.ENTRY) >>> 31;
            long frame = row.get(LONG, ExpressRows.FRAME);
            counters.countServerPlain(row.get(INT, ExpressRows.SERVER), direction, bytes);
            long header =
                    NeighborHeaders.address(headers, row.get(SHORT, ExpressRows.HOP) & 0xFFFF);
            long rest = Memory.getLong(header + 8);
            Memory.putLong(frame, Memory.getLong(header));
            Memory.putInt(frame + 8, (int) rest);
            long handle = row.get(LONG, ExpressRows.HANDLE);
            int length = row.get(INT, ExpressRows.LENGTH);
            if (!batch.add(NeighborHeaders.portOf(rest), handle, frame, length)) {
                refuse(handle);
            }
        }
    }

    /** Not after a flush, which each burst ends with; but nothing is lost without a count. */
    private void refuse(long handle) {
        state.buffers.free(handle);
        counters.countVerdict(Verdict.DROP_TRANSMIT_FULL, 1);
        refused++;
    }

    /** Whether the packet's server is reached by a tunnel, and there is room for its header. */
    private boolean mayWrap(PacketBurst burst, long row) {
        int overhead = Memory.getInt(word(Memory.getInt(row + ExpressRows.SERVER)) + OVERHEAD);
        int room = burst.headroom[Memory.getShort(row + ExpressRows.ROW)];
        return overhead != 0 && overhead <= room;
    }

    private long findWay(int server, int nowTicks) {
        long way = epoch << EPOCH_SHIFT;
        ServerState known = state.servers[server];
        ServerPath path = state.paths.get(server);
        if (known.present && known.exit == ServerState.EXIT_KEEP && path.nextHop >= 0) {
            int mtu = Math.max(0, state.paths.mtu(server, nowTicks) - path.overheadBytes);
            way |= (long) mtu << MTU_SHIFT | path.nextHop;
        }
        Memory.putLong(word(server), way);
        Memory.putInt(word(server) + OVERHEAD, path.overheadBytes);
        long outer = state.settings.pmtuDisc ? path.outerAddresses4() : 0;
        Memory.putLong(word(server) + OUTER, outer);
        Memory.putInt(word(server) + SERVICE, ExpressLimits.service(known));
        return way;
    }

    /** Next hop towards a client and the MTU on that way, 0 for no way. */
    private long wayToClient(int client) {
        int address = Integer.reverseBytes(client) ^ Integer.MIN_VALUE;
        return address >= clientsFrom && address <= clientsTo
                ? wayToClients
                : findWayToClient(client);
    }

    /** Remembers the way for all addresses around that have the same one by a gateway. */
    private long findWayToClient(int client) {
        int route = routes.lookup4(client);
        if (route < 0) {
            return 0;
        }
        long mtu = (long) routes.mtu(route) << MTU_SHIFT;
        int gateway = routes.gateway(route);
        if (gateway < 0) {
            int hop = neighbors.index4(routes.interfaceNumber(route), client);
            return hop < 0 ? 0 : mtu | hop;
        }
        clientsFrom = routes.first4(client) ^ Integer.MIN_VALUE;
        clientsTo = routes.last4(client) ^ Integer.MIN_VALUE;
        wayToClients = mtu | gateway;
        return wayToClients;
    }

    @Override
    public void close() {
        rows.close();
        region.close();
    }
}
