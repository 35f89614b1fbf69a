package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;

/**
 * One worker's connections, off heap: records in two slabs, one index over both directions, and
 * their timers. Only that worker's thread uses it; after construction nothing here allocates, locks
 * or throws, and no call does more than a bounded amount of work.
 *
 * <p>A connection is allocated, filled in and published; from then on packets find it by {@link
 * ConnectionLookup}, until it is removed or its time is up. Addresses of records stay the same for
 * the life of a connection.
 */
public final class ConnectionTable {
    private final ConnectionRecords records;
    private final ConnectionIndex index;
    private final TimerWheel wheel;
    private final ConnectionListener listener;
    private final int capacity;
    private int allocated;
    private int size;

    /**
     * Makes an empty table in an empty region.
     *
     * @param region at least {@link #regionBytes} bytes of zeros
     * @param maxConnections both families together, 1 to 2^28
     * @param seed secret and random: key of the flow hash
     * @param nowTicks the time
     * @param listener told and asked about connections that go
     * @throws IllegalArgumentException if the region is too small or not empty
     */
    public ConnectionTable(
            MemoryRegion region,
            int maxConnections,
            long seed,
            int nowTicks,
            ConnectionListener listener) {
        TableLayout.check(region, maxConnections);
        long base = region.address();
        capacity = maxConnections;
        this.listener = listener;
        records =
                new ConnectionRecords(
                        new ConnectionSlab(
                                base + TableLayout.slab4(maxConnections),
                                ConnectionLayout.IPV4_BYTES,
                                maxConnections,
                                base + TableLayout.HIGHEST4),
                        new ConnectionSlab(
                                base + TableLayout.slab6(maxConnections),
                                ConnectionLayout.IPV6_BYTES,
                                maxConnections,
                                base + TableLayout.HIGHEST6),
                        new FlowHash(seed));
        index =
                new ConnectionIndex(
                        base + TableLayout.INDEX,
                        2 * maxConnections,
                        base + TableLayout.BUCKETS,
                        records);
        wheel = new TimerWheel(base + TableLayout.WHEEL, records, nowTicks);
        TableLayout.write(base, maxConnections, seed, nowTicks);
    }

    /** Bytes to reserve for a table; they are backed by memory only as it grows. */
    public static long regionBytes(int maxConnections) {
        return TableLayout.bytes(maxConnections);
    }

    ConnectionRecords records() {
        return records;
    }

    ConnectionIndex index() {
        return index;
    }

    /**
     * Finds a flow.
     *
     * @return the connection's id, or 0
     */
    public int find(FlowKey key) {
        return index.find(key, key.hash(records.hash())) & ~ConnectionRecords.SERVER_BIT;
    }

    /** Hash of a flow, the same in all tables of one seed. */
    public long hash(FlowKey key) {
        return key.hash(records.hash());
    }

    /**
     * Takes a record that nobody finds yet: all zero but for the family byte.
     *
     * @return its id, or 0 when the table is full
     */
    public int allocate(boolean ipv6) {
        int family = ipv6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4;
        return allocate(ipv6, family);
    }

    /**
     * Takes a record for a client of one family and a real server of the other; else as {@link
     * #allocate(boolean)}.
     *
     * @param clientIpv6 whether the client is the one with IPv6
     */
    public int allocateMixed(boolean clientIpv6) {
        int client = clientIpv6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4;
        return allocate(true, client | ConnectionLayout.FAMILY_MIXED);
    }

    private int allocate(boolean longer, int family) {
        if (allocated == capacity) {
            return 0;
        }
        int slot = longer ? records.slab6().allocate() : records.slab4().allocate();
        if (slot == 0) {
            return 0;
        }
        allocated++;
        int id = longer ? slot | ConnectionRecords.IPV6_BIT : slot;
        Memory.putByte(records.address(id) + ConnectionLayout.FAMILY, family);
        return id;
    }

    /** Address of the record of an id. */
    public long address(int id) {
        return records.address(id);
    }

    /** Whether {@code id} is published; false for 0. */
    public boolean isLive(int id) {
        return records.isLive(id);
    }

    /**
     * Makes an allocated connection findable, in the direction from the server too if its
     * OUT_INDEXED flag is set, and starts its timer: last seen is {@code nowTicks}, the timeout is
     * what the record says. The caller has seen to it that nothing with these keys is there.
     *
     * @return false if the index is full; nothing is changed then
     */
    public boolean publish(int id, int nowTicks) {
        long record = records.address(id);
        ConnectionLayout.setLastSeenTicks(record, nowTicks);
        long word = Memory.getLong(record);
        Memory.putLongRelease(record, word | ConnectionRecords.LIVE_BIT);
        if (!insert(id, record)) {
            Memory.putLongRelease(record, word);
            return false;
        }
        wheel.arm(id, record, ConnectionLayout.deadlineTicks(record));
        size++;
        return true;
    }

    private boolean insert(int id, long record) {
        if (!index.insert(id, records.hashOf(id))) {
            return false;
        }
        int server = id | ConnectionRecords.SERVER_BIT;
        if (ConnectionLayout.has(record, ConnectionLayout.OUT_INDEXED)
                && !index.insert(server, records.hashOf(server))) {
            index.remove(id, records.hashOf(id));
            return false;
        }
        return true;
    }

    private void takeOut(int id, long record) {
        index.remove(id, records.hashOf(id));
        if (ConnectionLayout.has(record, ConnectionLayout.OUT_INDEXED)) {
            int server = id | ConnectionRecords.SERVER_BIT;
            index.remove(server, records.hashOf(server));
        }
    }

    /** Gives an allocated id back that was not published. */
    public void release(int id) {
        allocated--;
        int slot = id & ConnectionRecords.SLOT_MASK;
        if ((id & ConnectionRecords.IPV6_BIT) == 0) {
            records.slab4().free(slot);
        } else {
            records.slab6().free(slot);
        }
    }

    /** Ends a connection; nothing happens for an id that is not live. */
    public void remove(int id) {
        long record = records.address(id);
        if (!ConnectionLayout.has(record, ConnectionLayout.LIVE)) {
            return;
        }
        takeOut(id, record);
        end(id, record);
    }

    private void end(int id, long record) {
        wheel.disarm(record);
        long word = Memory.getLong(record);
        Memory.putLongRelease(record, word & ~ConnectionRecords.LIVE_BIT);
        size--;
        listener.onRemoved(id, record);
        release(id);
    }

    /**
     * Gives a live record other ports, and with them other places in the index.
     *
     * @param inPorts raw client and virtual port
     * @param outPorts raw real and local port
     * @return false if the index is full: then it is removed
     */
    public boolean rename(int id, int inPorts, int outPorts) {
        long record = records.address(id);
        takeOut(id, record);
        ConnectionLayout.setInPorts(record, inPorts);
        ConnectionLayout.setOutPorts(record, outPorts);
        if (!insert(id, record)) {
            end(id, record);
            return false;
        }
        return true;
    }

    /**
     * Gives a live connection another timeout, counted from when it was last seen. The timer is
     * only touched when it would come too late.
     */
    public void setTimeout(int id, int ticks) {
        long record = records.address(id);
        ConnectionLayout.setTimeoutTicks(record, ticks);
        wheel.hasten(id, record, ConnectionLayout.deadlineTicks(record));
    }

    /**
     * Ends connections whose time is up.
     *
     * @param nowTicks the time
     * @param maxWork the most records to look at
     * @return true when all that were due have been seen to
     */
    public boolean expire(int nowTicks, int maxWork) {
        for (int work = 0; work < maxWork; work++) {
            int id = wheel.poll(nowTicks);
            if (id == 0) {
                return wheel.isAt(nowTicks);
            }
            onDue(id, nowTicks);
        }
        return false;
    }

    private void onDue(int id, int nowTicks) {
        long record = records.address(id);
        boolean over = ConnectionLayout.deadlineTicks(record) - nowTicks <= 0;
        if (over && listener.mayExpire(id, record, nowTicks)) {
            remove(id);
        } else if (ConnectionLayout.has(record, ConnectionLayout.LIVE)) {
            wheel.arm(id, record, ConnectionLayout.deadlineTicks(record));
        }
    }

    /** Places that have been used so far, for {@link #idAt}. */
    public int places() {
        return records.slab4().highest() + records.slab6().highest();
    }

    /**
     * The id of a place; it may be free ({@link #isLive}).
     *
     * @param place 0 to {@link #places} - 1
     */
    public int idAt(int place) {
        int ipv4 = records.slab4().highest();
        return place < ipv4 ? place + 1 : ConnectionRecords.IPV6_BIT + (place - ipv4) + 1;
    }

    /** Published connections and templates. */
    public int size() {
        return size;
    }

    /** The most connections, both families together. */
    public int capacity() {
        return capacity;
    }

    /** Bytes of the region that have been used so far; memory is not given back. */
    public long bytesUsed() {
        return TableLayout.INDEX
                + index.bytesUsed()
                + (records.slab4().highest() + 1L) * ConnectionLayout.IPV4_BYTES
                + (records.slab6().highest() + 1L) * ConnectionLayout.IPV6_BYTES;
    }

    /**
     * Walks the live connections in bounded steps: IPv4, then IPv6.
     *
     * @param cursor 0 to begin, then the last answer
     * @param maxSteps the most slots to look at, at least 1
     * @return id of the next one; or minus a cursor to go on from (pass it without the minus sign)
     *     when {@code maxSteps} slots held none; or 0 at the end
     */
    public int next(int cursor, int maxSteps) {
        int id = cursor;
        for (int step = 0; step < maxSteps; step++) {
            id++;
            if (id < ConnectionRecords.IPV6_BIT && id > records.slab4().highest()) {
                id = ConnectionRecords.IPV6_BIT + 1;
            }
            if (id >= ConnectionRecords.IPV6_BIT
                    && (id & ConnectionRecords.SLOT_MASK) > records.slab6().highest()) {
                return 0;
            }
            if (records.isLive(id)) {
                return id;
            }
        }
        return -id;
    }
}
