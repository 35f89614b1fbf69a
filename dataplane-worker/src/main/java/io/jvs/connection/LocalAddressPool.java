package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.FlowSteering;
import io.jvs.service.Address;
import java.util.Arrays;

/**
 * One worker's local ports of FULLNAT. A pair is a local address towards one real server's endpoint
 * and has its own ports {@link #FIRST_PORT} to {@link #LAST_PORT}: the same local port may lead to
 * different real servers. Of a pair's ports this worker has those whose answers come to its queue
 * ({@link FlowSteering}); no two workers share one. One thread.
 *
 * <p>A pair's ports are a bitmap with a second level that tells the full words, so that a free one
 * is found in a bounded number of loads however few are left. The search goes on from the last port
 * given out: a port comes back only after all other free ones. The first port is random (RFC 6056),
 * so that a restarted director does not begin with the ports that servers have just seen. A port
 * whose connection the real server may still know, in TIME_WAIT say, waits for {@link
 * #QUARANTINE_TICKS} from its last packet at least, longer at need, and is never given out before.
 */
public final class LocalAddressPool implements AutoCloseable {
    /** The lowest port given out. */
    public static final int FIRST_PORT = 1025;

    /** The highest port given out. */
    public static final int LAST_PORT = 65535;

    /** How long after its last packet a TCP or SCTP connection's port stays away: 60 s. */
    public static final int QUARANTINE_TICKS = 2 * PortQuarantine.GENERATION_TICKS;

    private static final int MAX_PAIRS = 1 << 20;
    private static final int UDP = 17;
    private static final int BY_PORT = 0;
    private static final int BY_RSS4 = 1;
    private static final int BY_RSS6 = 2;

    private final FlowSteering steering;
    private final PortPartition[] partitions;
    private final MemoryRegion region;
    private final long base;
    private final int words;
    private final int groups;
    private final LocalAddressPairs pairs;
    private final PortQuarantine quarantine;
    private final FlowHash random;
    private byte[] partitionOf = new byte[16];
    private char[] baseEntry = new char[16];
    private boolean[] ready = new boolean[16];
    private int[] cursor = new int[16];
    private int[] used = new int[16];
    private int[] capacity = new int[16];
    private long[] refused = new long[16];
    private int pairsMade;
    private int nowTicks;
    private long usedPorts;
    private long waitingPorts;
    private long refusals;

    /** A pool of the only worker; see the other constructor. */
    public LocalAddressPool(int maxPairs, long seed) {
        this(maxPairs, seed, FlowSteering.byPort(1), 0);
    }

    /**
     * Reserves the pool; a pair takes 8320 bytes, divided by the number of workers, once it is
     * used.
     *
     * @param maxPairs the most pairs, at least 1
     * @param seed secret and random: where each pair begins, and the key of the pairs' hash
     * @param steering whose ports are whose
     * @param worker the number of the worker that this pool is for
     * @throws IllegalArgumentException if {@code maxPairs} is less than 1 or more than 2^20
     */
    public LocalAddressPool(int maxPairs, long seed, FlowSteering steering, int worker) {
        if (maxPairs < 1 || maxPairs > MAX_PAIRS) {
            throw new IllegalArgumentException(
                    "A local address pool takes 1 to " + MAX_PAIRS + " pairs, not " + maxPairs);
        }
        this.steering = steering;
        PortPartition byPort = PortPartition.byPort(steering, worker);
        boolean rss = steering.isComputable();
        PortPartition rss4 = rss ? PortPartition.byRss(steering, false, worker) : byPort;
        PortPartition rss6 = rss ? PortPartition.byRss(steering, true, worker) : byPort;
        partitions = new PortPartition[] {byPort, rss4, rss6};
        words = Math.max(1, Math.max(byPort.size(), rss4.size()) + 63 >>> 6);
        groups = words + 63 >>> 6;
        region = MemoryRegion.anonymous((long) maxPairs * pairBytes());
        base = region.address();
        quarantine = new PortQuarantine(maxPairs, words);
        random = new FlowHash(seed);
        pairs = new LocalAddressPairs(maxPairs, random);
    }

    private int pairBytes() {
        return (words + groups) * 8;
    }

    /** Gives the memory back; nothing may be called any more. */
    @Override
    public void close() {
        region.close();
        quarantine.close();
    }

    /** Lets time pass: what {@link #acquire} and {@link #releasePortOf} count with. */
    public void setTime(int ticks) {
        nowTicks = ticks;
    }

    /**
     * Finds or makes the pair of a local address and a real server's endpoint, and holds it once
     * more. For control commands.
     *
     * @param local local address
     * @param protocol IP protocol number, 0 for any
     * @param real real server's address, of the same family
     * @param realPort its port, host order; 0 where each connection keeps its own
     * @return the pair's number, or -1 when there are too many pairs
     * @throws IllegalArgumentException if the families differ
     */
    public int pair(Address local, int protocol, Address real, int realPort) {
        if (local.family() != real.family()) {
            throw new IllegalArgumentException(
                    "Local address " + local + " and real server " + real + " differ in family.");
        }
        int pair = pairs.find(local, protocol, real, realPort);
        if (pair < 0) {
            pair = pairs.add(this);
            if (pair < 0) {
                return -1;
            }
            place(pair, local.isIpv6(), realPort);
        }
        pairs.hold(pair);
        return pair;
    }

    /** Lets a pair go that {@link #pair} gave; it ends when its last port is back too. */
    public void unpair(int pair) {
        pairs.letGo(pair);
    }

    /** Whether no port of a pair is in use or waits. */
    boolean isIdle(int pair) {
        free(pair);
        return used[pair] == 0;
    }

    private void place(int pair, boolean ipv6, int realPort) {
        grow(pair);
        int partition = BY_PORT;
        int entry = -1;
        if (realPort != 0) {
            entry = pairs.entry(steering, pair);
        }
        if (entry >= 0) {
            partition = ipv6 ? BY_RSS6 : BY_RSS4;
        }
        partitionOf[pair] = (byte) partition;
        baseEntry[pair] = (char) Math.max(entry, 0);
        ready[pair] = false;
        used[pair] = 0;
        refused[pair] = 0;
        PortPartition ports = partition(pair);
        int reserved = 0;
        for (int port = 0; port < FIRST_PORT; port++) {
            reserved += ports.index(port, baseEntry[pair]) >= 0 ? 1 : 0;
        }
        capacity[pair] = ports.size() - reserved;
        long draw = random.hash4(pairsMade++, pair, 0);
        cursor[pair] = reserved + (int) ((draw >>> 40) * capacity[pair] >>> 24);
    }

    private void grow(int pair) {
        if (pair >= used.length) {
            int length = used.length * 2;
            partitionOf = Arrays.copyOf(partitionOf, length);
            baseEntry = Arrays.copyOf(baseEntry, length);
            ready = Arrays.copyOf(ready, length);
            cursor = Arrays.copyOf(cursor, length);
            used = Arrays.copyOf(used, length);
            capacity = Arrays.copyOf(capacity, length);
            refused = Arrays.copyOf(refused, length);
            quarantine.grow(length);
        }
    }

    private PortPartition partition(int pair) {
        return partitions[partitionOf[pair]];
    }

    private long map(int pair) {
        return base + (long) pair * pairBytes();
    }

    /** Writes a pair's bitmap when its first port is wanted: what is not to be given out is set. */
    private void prepare(int pair) {
        long map = map(pair);
        PortPartition ports = partition(pair);
        Memory.zero(map, pairBytes());
        for (int port = 0; port < FIRST_PORT; port++) {
            int index = ports.index(port, baseEntry[pair]);
            if (index >= 0) {
                take(map, index);
            }
        }
        for (int index = ports.size(); index < words << 6; index++) {
            take(map, index);
        }
        if ((words & 63) != 0) {
            long last = map + (words + groups - 1) * 8L;
            Memory.putLong(last, Memory.getLong(last) | -1L << (words & 63));
        }
        ready[pair] = true;
    }

    /**
     * Takes a port.
     *
     * @return it in host order, or -1 when all of this worker's are in use or wait
     */
    public int acquire(int pair) {
        if (!ready[pair]) {
            prepare(pair);
        }
        free(pair);
        if (used[pair] == capacity[pair]) {
            refused[pair]++;
            refusals++;
            return -1;
        }
        long map = map(pair);
        int from = cursor[pair];
        int word = from >>> 6;
        long open = ~Memory.getLong(map + word * 8L) & -1L << (from & 63);
        if (open == 0) {
            word = nextWord(map, word + 1);
            open = ~Memory.getLong(map + word * 8L);
        }
        int index = word << 6 | Long.numberOfTrailingZeros(open);
        take(map, index);
        used[pair]++;
        usedPorts++;
        cursor[pair] = index + 1 == words << 6 ? 0 : index + 1;
        return partition(pair).port(index, baseEntry[pair]);
    }

    /** The next word from {@code start} on, round the end, that has a free port; there is one. */
    private int nextWord(long map, int start) {
        int group = start >>> 6;
        long open = 0;
        if (group < groups) {
            open = notFull(map, group) & -1L << (start & 63);
        }
        while (open == 0) {
            group = group + 1 < groups ? group + 1 : 0;
            open = notFull(map, group);
        }
        return group << 6 | Long.numberOfTrailingZeros(open);
    }

    private long notFull(long map, int group) {
        return ~Memory.getLong(map + (words + group) * 8L);
    }

    private void take(long map, int index) {
        int word = index >>> 6;
        long bits = Memory.getLong(map + word * 8L) | 1L << (index & 63);
        Memory.putLong(map + word * 8L, bits);
        if (bits == -1L) {
            long full = map + (words + (word >>> 6)) * 8L;
            Memory.putLong(full, Memory.getLong(full) | 1L << (word & 63));
        }
    }

    /** Gives bits of a word back. */
    private void open(long map, int word, long bits) {
        long before = Memory.getLong(map + word * 8L);
        Memory.putLong(map + word * 8L, before & ~bits);
        if (before == -1L) {
            long full = map + (words + (word >>> 6)) * 8L;
            Memory.putLong(full, Memory.getLong(full) & ~(1L << (word & 63)));
        }
    }

    /** Gives back what has waited long enough; a look at two words most of the time. */
    private void free(int pair) {
        int generation = quarantine.turn(pair, nowTicks);
        while (generation >= 0) {
            for (int word = 0; word < words; word++) {
                long bits = quarantine.take(pair, generation, word);
                if (bits != 0) {
                    open(map(pair), word, bits);
                    int ports = Long.bitCount(bits);
                    used[pair] -= ports;
                    usedPorts -= ports;
                    waitingPorts -= ports;
                }
            }
            generation = quarantine.turn(pair, nowTicks);
        }
    }

    /** A pair's number of a port in use, or -1. */
    private int usedIndex(int pair, int port) {
        if (port < FIRST_PORT || port > LAST_PORT || !ready[pair]) {
            return -1;
        }
        int index = partition(pair).index(port, baseEntry[pair]);
        return index >= 0
                        && (Memory.getLong(map(pair) + (index >>> 6) * 8L) >>> (index & 63) & 1)
                                != 0
                ? index
                : -1;
    }

    /**
     * Gives a port back that {@link #acquire} gave and that no packet was sent with, or whose
     * protocol leaves nothing behind; nothing happens for one that is free.
     */
    public void release(int pair, int port) {
        int index = usedIndex(pair, port);
        if (index >= 0) {
            open(map(pair), index >>> 6, 1L << (index & 63));
            used[pair]--;
            usedPorts--;
        }
    }

    /** Takes a port back that must wait before it is given out again. */
    private void retire(int pair, int port) {
        int index = usedIndex(pair, port);
        if (index >= 0) {
            free(pair);
            quarantine.add(pair, index, nowTicks);
            waitingPorts++;
        }
    }

    /** Whether a pair's port is in use or waits; false for ports that are never given out. */
    public boolean isUsed(int pair, int port) {
        return usedIndex(pair, port) >= 0;
    }

    /** The pair of a FULLNAT record's own addresses, protocol and real port, or -1. */
    public int find(long record) {
        int rawPort = ConnectionLayout.outPorts(record) & 0xFFFF;
        return find(record, ConnectionLayout.protocol(record), rawPort);
    }

    /**
     * The pair that a FULLNAT record has its local port from, or -1.
     *
     * @param protocol what the pair was made with; 0 for a service on a mark
     * @param realPort what the pair was made with, host order
     */
    public int pairOf(long record, int protocol, int realPort) {
        return find(record, protocol, Short.reverseBytes((short) realPort) & 0xFFFF);
    }

    private int find(long record, int protocol, int rawPort) {
        if (!ConnectionLayout.isServerIpv6(record)) {
            return pairs.find4(ConnectionLayout.outKey4(record), rawPort, protocol);
        }
        return pairs.find6(record + ConnectionLayout.REAL6, rawPort, protocol);
    }

    /** Gives the local port of a FULLNAT record back to the pair of the record's own words. */
    public void releasePortOf(long record) {
        int rawPort = ConnectionLayout.outPorts(record) & 0xFFFF;
        int port = Short.reverseBytes((short) rawPort) & 0xFFFF;
        releasePortOf(record, ConnectionLayout.protocol(record), port);
    }

    /**
     * Gives the local port of a FULLNAT record back to its pair. The port of a TCP or SCTP
     * connection whose last packet is not 60 s old waits: the real server may be in TIME_WAIT, and
     * the director does not know which end closed first.
     *
     * @param protocol what the pair was made with; 0 for a service on a mark
     * @param realPort what the pair was made with, host order; 0 where each connection keeps its
     *     own
     */
    public void releasePortOf(long record, int protocol, int realPort) {
        int pair = find(record, protocol, Short.reverseBytes((short) realPort) & 0xFFFF);
        if (pair < 0) {
            return;
        }
        int rawPort = ConnectionLayout.outPorts(record) >>> 16;
        int port = Short.reverseBytes((short) rawPort) & 0xFFFF;
        boolean waits =
                ConnectionLayout.protocol(record) != UDP
                        && nowTicks - ConnectionLayout.lastSeenTicks(record) < QUARANTINE_TICKS;
        if (waits) {
            retire(pair, port);
        } else {
            release(pair, port);
        }
    }

    /** Pairs ever made, ended ones included; numbers are below it. */
    public int pairs() {
        return pairs.made();
    }

    /** The local address of a pair; makes an object. */
    public Address local(int pair) {
        return pairs.address(pair, true);
    }

    /** The real server's address of a pair; makes an object. */
    public Address real(int pair) {
        return pairs.address(pair, false);
    }

    /** The IP protocol number of a pair, 0 for any. */
    public int protocol(int pair) {
        return pairs.protocol(pair);
    }

    /** The real server's port of a pair, host order, 0 where each connection keeps its own. */
    public int realPort(int pair) {
        return Short.toUnsignedInt(Short.reverseBytes((short) pairs.rawPort(pair)));
    }

    /** Whether anybody holds a pair or has a port of it. */
    public boolean isLive(int pair) {
        return pairs.isHeld(pair) || used[pair] != 0;
    }

    /** Ports of a pair in use, those that wait included. */
    public int used(int pair) {
        return used[pair];
    }

    /** Ports of a pair that wait until the real server has forgotten them. */
    public int waiting(int pair) {
        free(pair);
        return quarantine.size(pair);
    }

    /** How often a pair had no port to give. */
    public long refused(int pair) {
        return refused[pair];
    }

    /** Ports of a pair that this worker has in all. */
    public int capacity(int pair) {
        return capacity[pair];
    }

    /** Ports in use of all pairs, those that wait included. */
    public long usedPorts() {
        return usedPorts;
    }

    /** Ports that wait, of all pairs. */
    public long waitingPorts() {
        return waitingPorts;
    }

    /** How often a pair had no port to give, of all pairs. */
    public long refusals() {
        return refusals;
    }

    /** Ports that the workers together have of a pair. */
    public int capacity() {
        return LAST_PORT - FIRST_PORT + 1;
    }
}
