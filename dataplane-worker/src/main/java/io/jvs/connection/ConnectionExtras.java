package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;

/**
 * The auxiliary records of one worker's connections ({@link ExtraLayout}): a bounded pool beside
 * the connection table, which takes memory only for those that were ever used at once. A connection
 * that has one carries {@link ConnectionLayout#HAS_EXTRA} and its id in {@link
 * ConnectionLayout#extra}; the worker gives it back when the connection is removed. One thread;
 * nothing here allocates or throws after construction.
 */
public final class ConnectionExtras implements AutoCloseable {
    private final MemoryRegion region;
    private final ConnectionSlab slab;
    private final int capacity;
    private int size;

    /**
     * Makes an empty pool.
     *
     * @param capacity the most records at once; as many as there are connections is always enough
     */
    public ConnectionExtras(int capacity) {
        this.capacity = capacity;
        region = MemoryRegion.anonymous((capacity + 2L) * ExtraLayout.BYTES);
        long base = region.address();
        slab = new ConnectionSlab(base + ExtraLayout.BYTES, ExtraLayout.BYTES, capacity, base);
    }

    /**
     * Gives a connection that is no template its auxiliary record, if it has none yet.
     *
     * @param connection address of the connection's record
     * @return address of the auxiliary record, or 0 when there is none left
     */
    public long attach(long connection) {
        if (ConnectionLayout.has(connection, ConnectionLayout.HAS_EXTRA)) {
            return of(connection);
        }
        int id = slab.allocate();
        if (id == 0) {
            return 0;
        }
        size++;
        ConnectionLayout.setExtra(connection, id);
        ConnectionLayout.set(connection, ConnectionLayout.HAS_EXTRA);
        return slab.address(id);
    }

    /**
     * Address of a connection's auxiliary record; of one that stays all zero for connections
     * without.
     */
    public long of(long connection) {
        return ConnectionLayout.has(connection, ConnectionLayout.HAS_EXTRA)
                ? slab.address(ConnectionLayout.extra(connection))
                : slab.address(0);
    }

    /** Takes back what a connection that is removed has; nothing for one without. */
    public void detach(long connection) {
        if (ConnectionLayout.has(connection, ConnectionLayout.HAS_EXTRA)) {
            slab.free(ConnectionLayout.extra(connection));
            ConnectionLayout.clear(connection, ConnectionLayout.HAS_EXTRA);
            ConnectionLayout.setExtra(connection, 0);
            size--;
        }
    }

    /**
     * Connections that a record controls: of a template its own count, of a connection that of its
     * auxiliary record.
     */
    public int controlled(long connection) {
        return ConnectionLayout.has(connection, ConnectionLayout.TEMPLATE)
                ? ConnectionLayout.extra(connection)
                : ExtraLayout.controlled(of(connection));
    }

    /** Counts a connection that a record controls, or no longer does (ip_vs_control_add, _del). */
    public void countControlled(long connection, int change) {
        if (ConnectionLayout.has(connection, ConnectionLayout.TEMPLATE)) {
            ConnectionLayout.setExtra(connection, ConnectionLayout.extra(connection) + change);
        } else if (ConnectionLayout.has(connection, ConnectionLayout.HAS_EXTRA)) {
            long extra = of(connection);
            ExtraLayout.setControlled(extra, ExtraLayout.controlled(extra) + change);
        }
    }

    /** Records in use. */
    public int size() {
        return size;
    }

    /** The most records at once. */
    public int capacity() {
        return capacity;
    }

    /** Highest record ever used; what memory is backed for. */
    public int highest() {
        return (int) Memory.getLong(region.address());
    }

    /** Gives the memory back; nothing may be called any more. */
    @Override
    public void close() {
        region.close();
    }
}
