package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import java.lang.invoke.VarHandle;

/**
 * Another worker's look into a connection table, while its owner goes on changing it. The answer is
 * a hint: whoever is sent there looks again. What was there all the time is found; when the index
 * was changing at that very moment, the answer is {@link #UNSURE}. Keys are hashed with one seed in
 * all tables of a data plane, so that one hash serves all probes. Any thread; immutable.
 */
public final class ConnectionProbe {
    /** The table does not have that flow. */
    public static final int ABSENT = 0;

    /** The table has it, or had it a moment ago. */
    public static final int FOUND = 1;

    /** The index was changing: only its owner can tell. */
    public static final int UNSURE = 2;

    /** Buckets of a chain that are looked at; longer ones do not come about with a keyed hash. */
    private static final int MAX_CHAIN = 64;

    private static final int TRIES = 4;

    private final ConnectionRecords records;
    private final long base;
    private final long countWord;

    /** Looks into {@code table}, whose memory stays mapped as long as anybody probes. */
    public ConnectionProbe(ConnectionTable table) {
        records = table.records();
        base = table.index().base();
        countWord = table.index().countWord();
    }

    /** Fills a key with the flow of a row. */
    public static void fill(FlowKey key, PacketBurst burst, int row) {
        key.ipv6 = PacketBurst.isIpv6Flow(burst.kind[row]);
        key.key0 = burst.key0[row];
        key.key1 = burst.key1[row];
        key.key2 = burst.key2[row];
        key.key3 = burst.key3[row];
        key.ports = burst.ports[row];
        key.protocol = burst.protocol[row];
    }

    /** Loads a word of the bucket that {@link #look} will need, so that cache misses overlap. */
    public long touch(long hash) {
        return Memory.getLong(bucket(hash));
    }

    /**
     * Looks a flow up.
     *
     * @param hash of the key, as the tables' own lookup makes it
     * @return ABSENT, FOUND or UNSURE
     */
    public int look(FlowKey key, long hash) {
        for (int tries = 0; tries < TRIES; tries++) {
            long before = Memory.getLongAcquire(countWord + 8);
            if (find(key, hash)) {
                return FOUND;
            }
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && Memory.getLongOpaque(countWord + 8) == before) {
                return ABSENT;
            }
        }
        return UNSURE;
    }

    /** Address of the bucket where entries of {@code hash} begin, by the count of buckets now. */
    private long bucket(long hash) {
        int buckets = (int) Memory.getLongAcquire(countWord);
        int lowBuckets = Integer.highestOneBit(buckets);
        int bucket = (int) hash & 2 * lowBuckets - 1;
        return address(bucket < buckets ? bucket : bucket - lowBuckets);
    }

    private long address(int bucket) {
        return base + ((long) bucket << 6);
    }

    private boolean find(FlowKey key, long hash) {
        long firstWord = key.firstWord();
        int tag = ConnectionIndex.tag(hash);
        long bucket = bucket(hash);
        for (int depth = 0; depth < MAX_CHAIN; depth++) {
            for (int hits = ConnectionIndex.places(bucket, tag); hits != 0; hits &= hits - 1) {
                int place = Integer.numberOfTrailingZeros(hits);
                int entry = Memory.getIntAcquire(bucket + ConnectionIndex.ENTRIES + place * 4L);
                if (entry != 0 && records.fits(entry, key, firstWord)) {
                    return true;
                }
            }
            int link = Memory.getIntAcquire(bucket + ConnectionIndex.LINK);
            if (link == 0) {
                return false;
            }
            bucket = address(link);
        }
        return false;
    }
}
