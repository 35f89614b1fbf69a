package io.jvs.connection;

import io.jvs.memory.Memory;

/**
 * The records of one table by id: an IPv4 slab and an IPv6 slab. Knows where a record is, what it
 * hashes to in each direction, and whether a key fits it. One thread.
 *
 * <p>An id is the slot number, with bit 30 for the IPv6 slab. An index entry is an id, with bit 31
 * for the direction from the server.
 */
final class ConnectionRecords {
    /** Bit of an id: the IPv6 slab. */
    static final int IPV6_BIT = 1 << 30;

    /** Bit of an index entry: the key of packets from the server. */
    static final int SERVER_BIT = 1 << 31;

    /** Bits of an id that are the slot number. */
    static final int SLOT_MASK = IPV6_BIT - 1;

    /** The LIVE flag as it lies in a record's first word. */
    static final long LIVE_BIT = (long) ConnectionLayout.LIVE << 48;

    /** The TEMPLATE flag as it lies in a record's first word. */
    static final long TEMPLATE_BIT = (long) ConnectionLayout.TEMPLATE << 48;

    /** Bits of the first word that a packet from the server must fit: all but ports. */
    static final long SERVER_MASK = LIVE_BIT | TEMPLATE_BIT | 0xFFFFL << 32;

    private static final int FAMILY_SHIFT = 40;
    private static final long FAMILY_BITS = 0xFFL << FAMILY_SHIFT;

    /** Family and flags of the first word of a live IPv4 record that is no template. */
    static final long LIVE_IPV4 = (long) ConnectionLayout.FAMILY_IPV4 << FAMILY_SHIFT | LIVE_BIT;

    /** Bits of the first word that a packet from the client must fit. */
    static final long CLIENT_MASK = SERVER_MASK | 0xFFFF_FFFFL;

    private final ConnectionSlab slab4;
    private final ConnectionSlab slab6;
    private final FlowHash hash;

    ConnectionRecords(ConnectionSlab slab4, ConnectionSlab slab6, FlowHash hash) {
        this.slab4 = slab4;
        this.slab6 = slab6;
        this.hash = hash;
    }

    /** First word of a live record that is no template. */
    static long firstWord(int ports, int protocol, long family) {
        return ports & 0xFFFF_FFFFL | (long) protocol << 32 | family << FAMILY_SHIFT | LIVE_BIT;
    }

    ConnectionSlab slab4() {
        return slab4;
    }

    ConnectionSlab slab6() {
        return slab6;
    }

    FlowHash hash() {
        return hash;
    }

    /** Address of the record of an id or index entry; 0 gives a record that is never live. */
    long address(int entry) {
        int slot = entry & SLOT_MASK;
        return (entry & IPV6_BIT) == 0 ? slab4.address(slot) : slab6.address(slot);
    }

    /**
     * Address of the IPv4 record of an index entry; for an entry of the other slab, of a record
     * that is none of its own.
     */
    long address4(int entry) {
        return slab4.address((entry & IPV6_BIT) == 0 ? entry & SLOT_MASK : 0);
    }

    /** Whether an index entry is of an IPv4 record that those addresses and first word fit. */
    boolean fits4(int entry, long addresses, long firstWord) {
        long record = address4(entry);
        return fitsFirstWord(record, entry, firstWord)
                && Memory.getLong(record + ConnectionLayout.CLIENT + (entry >>> 31 << 3))
                        == addresses;
    }

    boolean isLive(int id) {
        return Memory.getLong(address(id)) < 0;
    }

    /** The hash under which an index entry is found. */
    long hashOf(int entry) {
        long record = address(entry);
        int protocol = ConnectionLayout.protocol(record);
        int ports =
                entry < 0 ? ConnectionLayout.outPorts(record) : ConnectionLayout.inPorts(record);
        if (!isKeyIpv6(entry, record)) {
            long key = Memory.getLong(record + keyOffset4(entry));
            return hash.hash4(key, ports, protocol);
        }
        long key = record + keyOffset6(entry);
        return hash.hash6(
                Memory.getLong(key),
                Memory.getLong(key + 8),
                Memory.getLong(key + 16),
                Memory.getLong(key + 24),
                ports,
                protocol);
    }

    /** Whether the key of an index entry is IPv6: its own side's family counts. */
    private static boolean isKeyIpv6(int entry, long record) {
        return entry < 0 ? ConnectionLayout.isServerIpv6(record) : ConnectionLayout.isIpv6(record);
    }

    static int keyOffset4(int entry) {
        if (entry >= 0) {
            return ConnectionLayout.CLIENT;
        }
        return (entry & IPV6_BIT) == 0 ? ConnectionLayout.REAL4 : ConnectionLayout.REAL6;
    }

    static int keyOffset6(int entry) {
        return entry < 0 ? ConnectionLayout.REAL6 : ConnectionLayout.CLIENT;
    }

    /**
     * Whether protocol, family, ports and flags fit; never for a mixed record.
     *
     * @param firstWord see {@link #firstWord(int, int, long)}
     */
    static boolean fitsFirstWord(long record, int entry, long firstWord) {
        long difference = Memory.getLong(record) ^ firstWord;
        if (entry >= 0) {
            return (difference & CLIENT_MASK) == 0;
        }
        int ports = ConnectionLayout.outPorts(record) ^ (int) firstWord;
        return (difference & SERVER_MASK | ports & 0xFFFF_FFFFL) == 0;
    }

    /** The first word with the family byte that a mixed record with that side has. */
    private static long mixedWord(int entry, boolean ipv6, long firstWord) {
        boolean client6 = entry < 0 ? !ipv6 : ipv6;
        long family = client6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4;
        return firstWord & ~FAMILY_BITS | (family | ConnectionLayout.FAMILY_MIXED) << FAMILY_SHIFT;
    }

    /** Whether {@code key}, whose first word is given, is the key of an index entry. */
    boolean fits(int entry, FlowKey key, long firstWord) {
        long record = address(entry);
        long word =
                ConnectionLayout.isMixed(record)
                        ? mixedWord(entry, key.ipv6, firstWord)
                        : firstWord;
        if (!fitsFirstWord(record, entry, word)) {
            return false;
        }
        if (!key.ipv6) {
            return Memory.getLong(record + keyOffset4(entry)) == key.key0;
        }
        long words = record + keyOffset6(entry);
        return Memory.getLong(words) == key.key0
                && Memory.getLong(words + 8) == key.key1
                && Memory.getLong(words + 16) == key.key2
                && Memory.getLong(words + 24) == key.key3;
    }
}
