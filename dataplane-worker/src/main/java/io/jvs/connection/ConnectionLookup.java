package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Stage 4: finds the connection of each packet of a burst. Works in short loops over the whole
 * burst, each of loads that do not depend on one another, so that cache misses overlap: hash all,
 * touch all buckets, match all tags, touch all records, compare. One thread.
 */
public final class ConnectionLookup {
    private static final int DESTINATION_PORT = 0xFFFF_0000;
    private static final int LAST_WORD4 = ConnectionLayout.IPV4_BYTES - 8;
    private static final int LAST_WORD6 = ConnectionLayout.IPV6_BYTES - 8;

    private final ConnectionRecords records;
    private final ConnectionIndex index;
    private final FlowHash hash;
    private final FlowKey key = new FlowKey();
    private final int[] rows = new int[PacketBurst.CAPACITY];
    private final long[] buckets = new long[PacketBurst.CAPACITY];
    private final int[] entries = new int[PacketBurst.CAPACITY];
    private final long[] candidates = new long[PacketBurst.CAPACITY];

    @SuppressWarnings("unused") // written so that the loads of the touching loops are not removed
    private long touched;

    /** Looks into {@code table}, on its thread. */
    public ConnectionLookup(ConnectionTable table) {
        records = table.records();
        index = table.index();
        hash = records.hash();
    }

    /**
     * Looks up the rows without a verdict that hold a flow or an ICMP error about one: writes
     * {@code hash} and {@code connection} (0: none), and for those found {@code connectionId} and
     * {@code direction}.
     */
    public void lookup(PacketBurst burst) {
        int count = hashAll(burst);
        touchBuckets(count);
        matchTags(burst, count);
        touchRecords(count);
        for (int j = 0; j < count; j++) {
            int row = rows[j];
            int entry = entries[j];
            long record = candidates[j];
            if (fits(burst, row, entry, record)) {
                found(burst, row, entry, record);
            } else if (entry != 0 || ConnectionIndex.hasOverflow(buckets[j])) {
                find(burst, row);
            }
        }
    }

    private int hashAll(PacketBurst burst) {
        int count = 0;
        for (int row = 0; row < burst.count; row++) {
            int kind = burst.kind[row];
            if (burst.verdict[row] == Verdict.NONE
                    && kind >= PacketBurst.KIND_IPV4
                    && kind <= PacketBurst.KIND_ICMP6_ERROR) {
                long h = isIpv6(kind) ? hash6(burst, row) : hash4(burst, row);
                burst.hash[row] = h;
                burst.connection[row] = 0;
                rows[count] = row;
                buckets[count] = index.bucketAddress(h);
                count++;
            }
        }
        return count;
    }

    /** The kinds with flows alternate: IPv4, IPv6, ICMP error, ICMPv6 error. */
    private static boolean isIpv6(int kind) {
        return (kind & 1) != 0;
    }

    private long hash4(PacketBurst burst, int row) {
        return hash.hash4(burst.key0[row], burst.ports[row], burst.protocol[row]);
    }

    private long hash6(PacketBurst burst, int row) {
        return hash.hash6(
                burst.key0[row],
                burst.key1[row],
                burst.key2[row],
                burst.key3[row],
                burst.ports[row],
                burst.protocol[row]);
    }

    private void touchBuckets(int count) {
        long sum = 0;
        for (int j = 0; j < count; j++) {
            sum += Memory.getLong(buckets[j]);
        }
        touched = sum;
    }

    private void matchTags(PacketBurst burst, int count) {
        for (int j = 0; j < count; j++) {
            int entry = ConnectionIndex.firstMatch(buckets[j], burst.hash[rows[j]]);
            entries[j] = entry;
            candidates[j] = records.address(entry);
        }
    }

    private void touchRecords(int count) {
        long sum = 0;
        for (int j = 0; j < count; j++) {
            int last = (entries[j] & ConnectionRecords.IPV6_BIT) == 0 ? LAST_WORD4 : LAST_WORD6;
            sum += Memory.getLong(candidates[j]) + Memory.getLong(candidates[j] + last);
        }
        touched += sum;
    }

    private static boolean fits(PacketBurst burst, int row, int entry, long record) {
        boolean ipv6 = isIpv6(burst.kind[row]);
        long family = ipv6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4;
        long word = ConnectionRecords.firstWord(burst.ports[row], burst.protocol[row], family);
        return ConnectionRecords.fitsFirstWord(record, entry, word)
                && (ipv6
                        ? fits6(burst, row, record + ConnectionRecords.keyOffset6(entry))
                        : Memory.getLong(record + ConnectionRecords.keyOffset4(entry))
                                == burst.key0[row]);
    }

    private static boolean fits6(PacketBurst burst, int row, long words) {
        return (Memory.getLong(words) ^ burst.key0[row]
                        | Memory.getLong(words + 8) ^ burst.key1[row]
                        | Memory.getLong(words + 16) ^ burst.key2[row]
                        | Memory.getLong(words + 24) ^ burst.key3[row])
                == 0;
    }

    private static void found(PacketBurst burst, int row, int entry, long record) {
        burst.connection[row] = record;
        burst.connectionId[row] = entry & ~ConnectionRecords.SERVER_BIT;
        burst.direction[row] = (byte) (entry >>> 31);
    }

    /**
     * Looks up one row again by the hash that {@link #lookup} wrote: for a packet of a flow that an
     * earlier packet of the same burst has opened (or closed).
     *
     * @return whether there is a connection; the row's columns say which, {@code connection} is 0
     *     otherwise
     */
    public boolean find(PacketBurst burst, int row) {
        fillKey(burst, row);
        return take(burst, row, index.find(key, burst.hash[row]));
    }

    /**
     * Looks for a connection that waits for a packet like this one and whose source port is not
     * known yet ({@link ConnectionLayout#HALF_KNOWN}); it is indexed with 0 in its place.
     *
     * @return whether there is one; the row's columns say which, {@code connection} is 0 otherwise
     */
    public boolean findHalfKnown(PacketBurst burst, int row) {
        fillKey(burst, row);
        key.ports &= DESTINATION_PORT;
        int entry = index.find(key, key.hash(hash));
        if (entry != 0
                && !ConnectionLayout.has(records.address(entry), ConnectionLayout.HALF_KNOWN)) {
            entry = 0;
        }
        return take(burst, row, entry);
    }

    private void fillKey(PacketBurst burst, int row) {
        key.ipv6 = isIpv6(burst.kind[row]);
        key.key0 = burst.key0[row];
        key.key1 = burst.key1[row];
        key.key2 = burst.key2[row];
        key.key3 = burst.key3[row];
        key.ports = burst.ports[row];
        key.protocol = burst.protocol[row];
    }

    private boolean take(PacketBurst burst, int row, int entry) {
        if (entry == 0) {
            burst.connection[row] = 0;
            return false;
        }
        found(burst, row, entry, records.address(entry));
        return true;
    }
}
