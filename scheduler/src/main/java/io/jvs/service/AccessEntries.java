package io.jvs.service;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an access list as columns: a million of them take 18 MB. Sorted: IPv4 before IPv6,
 * then by address, then the shorter prefix first; no prefix twice. Immutable.
 */
final class AccessEntries {
    static final AccessEntries EMPTY = new AccessEntries(0, 0);

    private static final int ENTRY_BYTES = 18;
    private static final int ALLOWED = 1;
    private static final int IPV6 = 1 << 1;
    private static final int LENGTH_SHIFT = 2;

    private final long[] highs;
    private final long[] lows;

    /** Length of the prefix, family and verdict. */
    private final short[] traits;

    private final int size;
    private int ipv4Count;

    private AccessEntries(int capacity, int size) {
        highs = new long[capacity];
        lows = new long[capacity];
        traits = new short[capacity];
        this.size = size;
    }

    private AccessEntries(AccessEntries all, int size) {
        highs = Arrays.copyOf(all.highs, size);
        lows = Arrays.copyOf(all.lows, size);
        traits = Arrays.copyOf(all.traits, size);
        this.size = size;
        while (ipv4Count < size && (traits[ipv4Count] & IPV6) == 0) {
            ipv4Count++;
        }
    }

    /** In any order; of several with one prefix the last counts. */
    static AccessEntries of(List<AccessEntry> entries) {
        AccessEntry[] sorted = entries.toArray(new AccessEntry[0]);
        // Stable: the last of equal ones stays the last.
        Arrays.sort(sorted, AccessEntries::compare);
        AccessEntries all = new AccessEntries(sorted.length, 0);
        int count = 0;
        for (AccessEntry entry : sorted) {
            all.set(count, entry);
            if (count > 0 && all.compare(count - 1, all, count) == 0) {
                all.copy(all, count, count - 1);
            } else {
                count++;
            }
        }
        return new AccessEntries(all, count);
    }

    private static int compare(AccessEntry a, AccessEntry b) {
        int order = a.prefix().address().compareTo(b.prefix().address());
        return order != 0 ? order : Integer.compare(a.prefix().length(), b.prefix().length());
    }

    private void set(int i, AccessEntry entry) {
        Address address = entry.prefix().address();
        highs[i] = address.high();
        lows[i] = address.low();
        traits[i] =
                (short)
                        (entry.prefix().length() << LENGTH_SHIFT
                                | (address.isIpv6() ? IPV6 : 0)
                                | (entry.allowed() ? ALLOWED : 0));
    }

    private void copy(AccessEntries from, int i, int to) {
        highs[to] = from.highs[i];
        lows[to] = from.lows[i];
        traits[to] = from.traits[i];
    }

    private int compare(int i, AccessEntries other, int j) {
        int order = (traits[i] & IPV6) - (other.traits[j] & IPV6);
        order = order != 0 ? order : Long.compareUnsigned(highs[i], other.highs[j]);
        order = order != 0 ? order : Long.compareUnsigned(lows[i], other.lows[j]);
        return order != 0 ? order : length(i) - other.length(j);
    }

    /** Both, and of equal prefixes the other's. */
    AccessEntries with(AccessEntries other) {
        return merge(other, true);
    }

    /** Those whose prefix the other does not have. */
    AccessEntries without(AccessEntries other) {
        return merge(other, false);
    }

    private AccessEntries merge(AccessEntries other, boolean union) {
        AccessEntries all = new AccessEntries(size + (union ? other.size : 0), 0);
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < size || j < other.size) {
            int order = i == size ? 1 : j == other.size ? -1 : compare(i, other, j);
            if (order < 0) {
                all.copy(this, i, count++);
            } else if (union) {
                all.copy(other, j, count++);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return new AccessEntries(all, count);
    }

    /** Where the entry with that prefix is, or a negative number. */
    int indexOf(AddressPrefix prefix) {
        AccessEntries wanted = of(List.of(new AccessEntry(prefix, false)));
        int first = 0;
        int last = size - 1;
        while (first <= last) {
            int middle = first + last >>> 1;
            int order = compare(middle, wanted, 0);
            if (order == 0) {
                return middle;
            }
            first = order < 0 ? middle + 1 : first;
            last = order < 0 ? last : middle - 1;
        }
        return -1;
    }

    int size() {
        return size;
    }

    /** IPv4 entries; they come first. */
    int ipv4Count() {
        return ipv4Count;
    }

    long high(int i) {
        return highs[i];
    }

    long low(int i) {
        return lows[i];
    }

    int length(int i) {
        return traits[i] >> LENGTH_SHIFT;
    }

    boolean isAllowed(int i) {
        return (traits[i] & ALLOWED) != 0;
    }

    AccessEntry entry(int i) {
        Address address =
                (traits[i] & IPV6) != 0
                        ? Address.ofIpv6(highs[i], lows[i])
                        : Address.ofIpv4((int) lows[i]);
        return new AccessEntry(new AddressPrefix(address, length(i)), isAllowed(i));
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(size * ENTRY_BYTES);
        for (int i = 0; i < size; i++) {
            bytes.putLong(highs[i]).putLong(lows[i]).putShort(traits[i]);
        }
        return bytes.array();
    }

    static AccessEntries ofBytes(byte[] bytes) {
        int count = bytes.length / ENTRY_BYTES;
        if (bytes.length != count * ENTRY_BYTES || count > AccessList.MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes are not the entries of an access list");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        AccessEntries all = new AccessEntries(count, 0);
        for (int i = 0; i < count; i++) {
            all.highs[i] = buffer.getLong();
            all.lows[i] = buffer.getLong();
            all.traits[i] = buffer.getShort();
            if (!all.isSound(i)) {
                throw new IllegalArgumentException(
                        "entry " + i + " of the access list is damaged or out of order");
            }
        }
        return new AccessEntries(all, count);
    }

    private boolean isSound(int i) {
        boolean ipv6 = (traits[i] & IPV6) != 0;
        int length = length(i);
        if (length < 0 || length > (ipv6 ? 128 : 32)) {
            return false;
        }
        Address address = entry(i).prefix().address();
        return address.high() == highs[i]
                && address.low() == lows[i]
                && (i == 0 || compare(i - 1, this, i) < 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessEntries entries
                && Arrays.equals(highs, entries.highs)
                && Arrays.equals(lows, entries.lows)
                && Arrays.equals(traits, entries.traits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lows) * 31 + Arrays.hashCode(traits);
    }
}
