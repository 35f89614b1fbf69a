package io.jvs.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which clients may open connections to a virtual service: the entry with the longest prefix that a
 * client's address has decides. Clients that no entry names may, unless some entry of their family
 * allows: then only those may that are allowed (as with DPVS's blacklist and whitelist). Immutable;
 * any number of threads may ask it.
 */
public final class AccessList {
    /** Most entries of one list. */
    public static final int MAX_ENTRIES = 1 << 20;

    /** No entries: everybody may. */
    public static final AccessList EMPTY = new AccessList(AccessEntries.EMPTY);

    private static final int DENIED = 0;
    private static final int ALLOWED = 1;

    private final AccessEntries entries;
    private final @Nullable PrefixMap ipv4;
    private final @Nullable PrefixMap ipv6;

    private AccessList(AccessEntries entries) {
        this.entries = entries;
        this.ipv4 = map(entries, false);
        this.ipv6 = map(entries, true);
    }

    /** A list of entries; of several with one prefix the last counts. */
    public static AccessList of(List<AccessEntry> entries) {
        return EMPTY.with(entries);
    }

    /** This list with those entries, which take the place of those with the same prefix. */
    public AccessList with(List<AccessEntry> more) {
        return more.isEmpty() ? this : new AccessList(entries.with(AccessEntries.of(more)));
    }

    /** This list without the entries of those prefixes; those that it does not have are ignored. */
    public AccessList without(List<AddressPrefix> prefixes) {
        AccessEntries gone =
                AccessEntries.of(
                        prefixes.stream().map(prefix -> new AccessEntry(prefix, false)).toList());
        AccessEntries left = entries.without(gone);
        return left.size() == 0 ? EMPTY : new AccessList(left);
    }

    private static @Nullable PrefixMap map(AccessEntries entries, boolean ipv6) {
        int first = ipv6 ? entries.ipv4Count() : 0;
        int end = ipv6 ? entries.size() : entries.ipv4Count();
        if (first == end) {
            return null;
        }
        boolean allows = false;
        for (int i = first; i < end && !allows; i++) {
            allows = entries.isAllowed(i);
        }
        PrefixRanges ranges = new PrefixRanges(ipv6, allows ? DENIED : ALLOWED);
        for (int i = first; i < end; i++) {
            ranges.add(
                    entries.high(i),
                    entries.low(i),
                    entries.length(i),
                    entries.isAllowed(i) ? ALLOWED : DENIED);
        }
        return ranges.build();
    }

    /** Whether a client with that IPv4 address, host order, may not open a connection. */
    public boolean denies4(int address) {
        PrefixMap map = ipv4;
        return map != null && map.find4(address) == DENIED;
    }

    /** Whether a client with that IPv6 address, host order, may not open a connection. */
    public boolean denies6(long high, long low) {
        PrefixMap map = ipv6;
        return map != null && map.find6(high, low) == DENIED;
    }

    /** Whether a client may not open a connection. */
    public boolean denies(Address client) {
        return client.isIpv6() ? denies6(client.high(), client.low()) : denies4((int) client.low());
    }

    /** Whether there is an entry with that very prefix. */
    public boolean has(AddressPrefix prefix) {
        return entries.indexOf(prefix) >= 0;
    }

    /** Entries. */
    public int size() {
        return entries.size();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** An entry; IPv4 before IPv6, then by address, then the shorter prefix first. */
    public AccessEntry entry(int position) {
        return entries.entry(position);
    }

    /** Bytes that it takes for lookups. */
    public long lookupBytes() {
        return (ipv4 == null ? 0 : ipv4.bytes()) + (ipv6 == null ? 0 : ipv6.bytes());
    }

    /** All entries as bytes, for {@link #ofBytes}: 18 each. */
    public byte[] toBytes() {
        return entries.toBytes();
    }

    /**
     * The list of {@link #toBytes}.
     *
     * @throws IllegalArgumentException when the bytes are not of a list
     */
    public static AccessList ofBytes(byte[] bytes) {
        AccessEntries entries = AccessEntries.ofBytes(bytes);
        return entries.size() == 0 ? EMPTY : new AccessList(entries);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof AccessList list && entries.equals(list.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return "access list of " + size() + " entries";
    }
}
