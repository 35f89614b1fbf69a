package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.packet.ExpressRows;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.TcpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Finds the connections of plain IPv4 packets, as {@link ConnectionLookup} does for all kinds: in
 * short loops over the burst, so that cache misses overlap. One thread.
 */
public final class ExpressLookup {
    private static final int BLOCKING =
            ConnectionLayout.SHIFTED
                    | ConnectionLayout.TELLS_CLIENT
                    | ConnectionLayout.READS_FTP
                    | ConnectionLayout.HALF_KNOWN
                    | ConnectionLayout.PROXIED
                    | ConnectionLayout.HALF_OPEN
                    | ConnectionLayout.ONE_PACKET
                    | ConnectionLayout.SERVER_REMOVED;

    private static final int SLOT_MASK = ConnectionRecords.SLOT_MASK;
    private static final int METHODS =
            1 << ConnectionLayout.METHOD_NAT
                    | 1 << ConnectionLayout.METHOD_FULLNAT
                    | 1 << ConnectionLayout.METHOD_TUNNEL
                    | 1 << ConnectionLayout.METHOD_DIRECT_ROUTE;

    private static final int DECIDING_FLAGS =
            TcpHeader.FIN | TcpHeader.SYN | TcpHeader.RST | TcpHeader.ACK;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final ConnectionRecords records;
    private final ConnectionIndex index;
    private final FlowHash hash;

    @SuppressWarnings("unused") // written so that the loads of the touching loops are not removed
    private long touched;

    private final StateTimeouts timeouts;

    /** Looks into {@code table}, on its thread. */
    public ExpressLookup(ConnectionTable table, StateTimeouts timeouts) {
        this.timeouts = timeouts;
        records = table.records();
        index = table.index();
        hash = records.hash();
    }

    /**
     * Writes {@code hash}, {@code record}, {@code entry} and {@code server}. The record is 0 where
     * there is none, and where the packet changes more of it than times and counts: another state
     * or timeout, sequence numbers that are shifted, a method that needs more than a rewrite.
     */
    public void lookup(ExpressRows rows) {
        long base = rows.base();
        int count = rows.count;
        hashAll(base, count);
        touch(base, count);
        matchTags(base, count);
        touch(base, count);
        match(base, count);
    }

    /** Hashes all; their buckets' addresses are kept where those of the records will be. */
    private void hashAll(long base, int count) {
        FlowHash keyed = hash;
        long first = index.base();
        long buckets = index.shape();
        for (int j = 0; j < count; j++) {
            MemorySegment row = ExpressRows.row(base, j);
            long transport = row.get(LONG, ExpressRows.TRANSPORT);
            long addresses = row.get(LONG, ExpressRows.ADDRESSES);
            long h = keyed.hash4(addresses, (int) transport, (int) (transport >>> 32));
            row.set(LONG, ExpressRows.HASH, h);
            row.set(LONG, ExpressRows.RECORD, ConnectionIndex.bucketAddress(first, buckets, h));
        }
    }

    /**
     * Loads a word of each line that will be needed, in a loop so short that as many loads are
     * under way at once as the core can have.
     */
    private void touch(long base, int count) {
        long end = ExpressRows.address(base, count) + ExpressRows.RECORD;
        long sum = 0;
        for (long at = base + ExpressRows.RECORD; at < end; at += ExpressRows.BYTES) {
            sum += Memory.getLong(Memory.getLong(at));
        }
        touched = sum;
    }

    /** Finds candidates by their tags. */
    private void matchTags(long base, int count) {
        long slab = records.slab4().address(0);
        for (int j = 0; j < count; j++) {
            MemorySegment row = ExpressRows.row(base, j);
            long bucket = row.get(LONG, ExpressRows.RECORD);
            int entry = ConnectionIndex.firstMatch(bucket, row.get(LONG, ExpressRows.HASH));
            row.set(INT, ExpressRows.ENTRY, entry);
            row.set(LONG, ExpressRows.RECORD, address4(slab, entry));
        }
    }

    /** Of an IPv6 entry, the address of slot 0, which no packet fits. */
    private static long address4(long slab, int entry) {
        int slot = (entry & ConnectionRecords.IPV6_BIT) == 0 ? entry & SLOT_MASK : 0;
        return slab + (long) slot * ConnectionLayout.IPV4_BYTES;
    }

    /**
     * Keeps the record of a packet that fits it and leaves it as it is but for times and counts.
     */
    private void match(long base, int count) {
        long ticks = (long) timeouts.ticks(ConnectionState.UDP) << 32;
        ticks |= timeouts.ticks(ConnectionState.ESTABLISHED) & 0xFFFF_FFFFL;
        for (int j = 0; j < count; j++) {
            if (!fits(base, j)) {
                again(base, j);
            }
            if (!isSteady(base, j, ticks)) {
                Memory.putLong(ExpressRows.address(base, j) + ExpressRows.RECORD, 0);
            }
        }
    }

    /** Without a branch on the direction, which nobody could predict. */
    private static boolean fits(long base, int j) {
        MemorySegment row = ExpressRows.row(base, j);
        long record = row.get(LONG, ExpressRows.RECORD);
        int swing = row.get(INT, ExpressRows.ENTRY) >>> 31 << 3;
        long first = Memory.getLong(record);
        int ports = Memory.getInt(record + swing);
        long key = Memory.getLong(record + ConnectionLayout.CLIENT + swing);
        long word = row.get(LONG, ExpressRows.TRANSPORT) | ConnectionRecords.LIVE_IPV4;
        long difference = (first ^ word) & ConnectionRecords.SERVER_MASK;
        difference |= (ports ^ (int) word) & 0xFFFF_FFFFL;
        return (difference | key ^ row.get(LONG, ExpressRows.ADDRESSES)) == 0;
    }

    /**
     * Another place of the bucket, or an overflow bucket, may have it. Rare: no view, which code
     * that is not hot allocates.
     */
    private void again(long base, int j) {
        long row = ExpressRows.address(base, j);
        long word = Memory.getLong(row + ExpressRows.TRANSPORT) | ConnectionRecords.LIVE_IPV4;
        long addresses = Memory.getLong(row + ExpressRows.ADDRESSES);
        int entry = index.find4(addresses, word, Memory.getLong(row + ExpressRows.HASH));
        Memory.putInt(row + ExpressRows.ENTRY, entry);
        Memory.putLong(row + ExpressRows.RECORD, records.address4(entry));
    }

    /**
     * Whether the packet leaves its connection as it is but for times and counts; not of slot 0.
     *
     * @param ticks timeout of ESTABLISHED in the low, of UDP in the high half
     */
    private static boolean isSteady(long base, int j, long ticks) {
        MemorySegment row = ExpressRows.row(base, j);
        MemorySegment line = Memory.line(row.get(LONG, ExpressRows.RECORD));
        long second = line.get(LONG, ConnectionLayout.OUT_PORTS);
        int fromServer = row.get(INT, ExpressRows.ENTRY) >>> 31;
        int blocking = BLOCKING | ConnectionLayout.NO_OUTPUT & -fromServer;
        int state = (int) (second >>> 32) & 0xFF;
        int method = (int) (second >>> 40) & 0xFF;
        int timeout = line.get(INT, ConnectionLayout.TIMEOUT);
        int odd = line.get(SHORT, ConnectionLayout.FLAGS) & blocking;
        if (row.get(LONG, ExpressRows.TRANSPORT) >>> 32 == Ipv4Header.PROTOCOL_TCP) {
            int flags = row.get(INT, ExpressRows.BYTES_AND_FLAGS) >>> 16 & DECIDING_FLAGS;
            odd |= state ^ ConnectionState.ESTABLISHED | flags ^ TcpHeader.ACK;
            odd |= timeout ^ (int) ticks;
        } else {
            // The template of a connection that is answered for the first time is to know it.
            odd |= state ^ ConnectionState.UDP | timeout ^ (int) (ticks >>> 32);
            odd |= line.get(INT, ConnectionLayout.CONTROL) & -fromServer;
        }
        row.set(INT, ExpressRows.SERVER, line.get(INT, ConnectionLayout.SERVER_INDEX));
        return odd == 0 && (METHODS >>> method & 1) != 0;
    }
}
