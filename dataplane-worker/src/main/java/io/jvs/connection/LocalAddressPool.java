package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.Address;
import java.util.Arrays;

/**
 * Local ports of FULLNAT. A pair is a local address towards one real server's endpoint and has its
 * own ports {@link #FIRST_PORT} to {@link #LAST_PORT}: the same local port may lead to different
 * real servers. One thread.
 *
 * <p>A pair's ports are a bitmap with a second level that tells the full words, so that a free one
 * is found in a bounded number of loads however few are left. The search goes on from the last port
 * given out: a port comes back only after all other free ones, which gives the server's TIME_WAIT
 * the longest possible time to end. The first port is random (RFC 6056), so that a restarted
 * director does not begin with the ports that servers have just seen.
 */
public final class LocalAddressPool implements AutoCloseable {
    /** The lowest port given out. */
    public static final int FIRST_PORT = 1025;

    /** The highest port given out. */
    public static final int LAST_PORT = 65535;

    private static final int MAX_PAIRS = 1 << 20;
    private static final int WORDS = 1024;
    private static final int FULL_WORDS = WORDS / 64;
    private static final int FULL_OFFSET = WORDS * 8;
    private static final int PAIR_BYTES = FULL_OFFSET + FULL_WORDS * 8;
    private static final int FIRST_WORD = FIRST_PORT >> 6;

    private final MemoryRegion region;
    private final long base;
    private final LocalAddressPairs pairs;
    private int[] cursor = new int[16];
    private int[] used = new int[16];
    private final FlowHash random;
    private int pairsMade;

    /**
     * Reserves the pool; a pair takes {@code 8320} bytes once it is used.
     *
     * @param maxPairs the most pairs, at least 1
     * @param seed secret and random: where each pair begins, and the key of the pairs' hash
     * @throws IllegalArgumentException if {@code maxPairs} is less than 1 or more than 2^20
     */
    public LocalAddressPool(int maxPairs, long seed) {
        if (maxPairs < 1 || maxPairs > MAX_PAIRS) {
            throw new IllegalArgumentException(
                    "A local address pool takes 1 to " + MAX_PAIRS + " pairs, not " + maxPairs);
        }
        region = MemoryRegion.anonymous((long) maxPairs * PAIR_BYTES);
        base = region.address();
        random = new FlowHash(seed);
        pairs = new LocalAddressPairs(maxPairs, random);
    }

    /** Gives the memory back; nothing may be called any more. */
    @Override
    public void close() {
        region.close();
    }

    /**
     * Finds or makes the pair of a local address and a real server's endpoint, and holds it once
     * more. For control commands.
     *
     * @param local local address
     * @param protocol IP protocol number
     * @param real real server's address, of the same family
     * @param realPort its port, host order
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
            pair = pairs.add(used);
            if (pair < 0) {
                return -1;
            }
            clear(pair);
        }
        pairs.hold(pair);
        return pair;
    }

    /** Lets a pair go that {@link #pair} gave; it ends when its last port is back too. */
    public void unpair(int pair) {
        pairs.letGo(pair);
    }

    private void clear(int pair) {
        if (pair >= used.length) {
            used = Arrays.copyOf(used, used.length * 2);
            cursor = Arrays.copyOf(cursor, cursor.length * 2);
        }
        long map = map(pair);
        Memory.zero(map, PAIR_BYTES);
        for (int word = 0; word < FIRST_WORD; word++) {
            Memory.putLong(map + word * 8L, -1L);
        }
        Memory.putLong(map + FIRST_WORD * 8L, (1L << (FIRST_PORT & 63)) - 1);
        Memory.putLong(map + FULL_OFFSET, (1L << FIRST_WORD) - 1);
        used[pair] = 0;
        long draw = random.hash4(pairsMade++, pair, 0);
        cursor[pair] = FIRST_PORT + (int) ((draw >>> 40) * capacity() >>> 24);
    }

    private long map(int pair) {
        return base + (long) pair * PAIR_BYTES;
    }

    /**
     * Takes a port.
     *
     * @return it in host order, or -1 when all are in use
     */
    public int acquire(int pair) {
        if (used[pair] == LAST_PORT - FIRST_PORT + 1) {
            return -1;
        }
        long map = map(pair);
        int from = cursor[pair];
        int word = from >>> 6;
        long free = ~Memory.getLong(map + word * 8L) & -1L << (from & 63);
        if (free == 0) {
            word = nextWord(map, word + 1);
            free = ~Memory.getLong(map + word * 8L);
        }
        int port = word << 6 | Long.numberOfTrailingZeros(free);
        take(map, word, port);
        used[pair]++;
        cursor[pair] = port + 1 & 0xFFFF;
        return port;
    }

    /** The next word from {@code start} on, round the end, that has a free port; there is one. */
    private static int nextWord(long map, int start) {
        int group = start >>> 6 & FULL_WORDS - 1;
        long free = notFull(map, group) & -1L << (start & 63);
        while (free == 0) {
            group = group + 1 & FULL_WORDS - 1;
            free = notFull(map, group);
        }
        return group << 6 | Long.numberOfTrailingZeros(free);
    }

    private static long notFull(long map, int group) {
        return ~Memory.getLong(map + FULL_OFFSET + group * 8L);
    }

    private static void take(long map, int word, int port) {
        long bits = Memory.getLong(map + word * 8L) | 1L << (port & 63);
        Memory.putLong(map + word * 8L, bits);
        if (bits == -1L) {
            long full = map + FULL_OFFSET + (word >>> 6) * 8L;
            Memory.putLong(full, Memory.getLong(full) | 1L << (word & 63));
        }
    }

    /** Gives a port back that {@link #acquire} gave; nothing happens for one that is free. */
    public void release(int pair, int port) {
        if (port < FIRST_PORT || port > LAST_PORT) {
            return;
        }
        long at = map(pair) + (port >>> 6) * 8L;
        long bits = Memory.getLong(at);
        long bit = 1L << (port & 63);
        if ((bits & bit) == 0) {
            return;
        }
        Memory.putLong(at, bits & ~bit);
        used[pair]--;
        if (bits == -1L) {
            int word = port >>> 6;
            long full = map(pair) + FULL_OFFSET + (word >>> 6) * 8L;
            Memory.putLong(full, Memory.getLong(full) & ~(1L << (word & 63)));
        }
    }

    /** Whether a pair's port is in use; false for ports that are never given out. */
    public boolean isUsed(int pair, int port) {
        return port >= FIRST_PORT
                && port <= LAST_PORT
                && (Memory.getLong(map(pair) + (port >>> 6) * 8L) >>> (port & 63) & 1) != 0;
    }

    /** The pair of a FULLNAT record's own addresses, protocol and real port, or -1. */
    public int find(long record) {
        int rawPort = ConnectionLayout.outPorts(record) & 0xFFFF;
        return find(record, ConnectionLayout.protocol(record), rawPort);
    }

    private int find(long record, int protocol, int rawPort) {
        if (!ConnectionLayout.isIpv6(record)) {
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
     * Gives the local port of a FULLNAT record back to its pair.
     *
     * @param protocol what the pair was made with; 0 for a service on a mark
     * @param realPort what the pair was made with, host order; 0 where each connection keeps its
     *     own
     */
    public void releasePortOf(long record, int protocol, int realPort) {
        int pair = find(record, protocol, Short.reverseBytes((short) realPort) & 0xFFFF);
        if (pair >= 0) {
            release(
                    pair,
                    Short.reverseBytes((short) (ConnectionLayout.outPorts(record) >>> 16))
                            & 0xFFFF);
        }
    }

    /** Ports of a pair in use. */
    public int used(int pair) {
        return used[pair];
    }

    /** Ports that a pair has in all. */
    public int capacity() {
        return LAST_PORT - FIRST_PORT + 1;
    }
}
