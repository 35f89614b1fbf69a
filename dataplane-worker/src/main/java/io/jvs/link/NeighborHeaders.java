package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.InterfaceTable;

/**
 * Ethernet headers to neighbours, ready to be stored, off heap: 32 bytes each, by the neighbour's
 * index. The table of neighbours writes them, the express lane reads them. One thread.
 *
 * <pre>
 *  0 12 bytes: destination and source MAC address, as in front of an untagged frame
 * 12 int: number of the port + 1; 0 when there is no MAC address, or the interface has a VLAN
 * 16 int: tick of the last use that was noted
 * </pre>
 */
public final class NeighborHeaders implements AutoCloseable {
    private static final int BYTES_SHIFT = 5;
    private static final int PORT = 12;
    private static final int USED = 16;

    /** A use is noted again after so many ticks, as a power of two: a third of a second. */
    private static final int NOTE_SHIFT = 5;

    private final MemoryRegion region;
    private final long base;

    NeighborHeaders(int capacity) {
        region = MemoryRegion.anonymous((long) capacity << BYTES_SHIFT);
        base = region.address();
    }

    /** Where they begin, for {@link #address}. */
    public long base() {
        return base;
    }

    /** Address of a neighbour's header: 12 bytes to store, then 4 that {@link #portOf} reads. */
    public static long address(long base, int index) {
        return base + ((long) index << BYTES_SHIFT);
    }

    /** The port to send by, from bytes 8..15 of a header; -1 for none. */
    public static int portOf(long rest) {
        return (int) (rest >>> 32) - 1;
    }

    /** Whether there is a header, and its use need not be noted again. */
    public static boolean isNoted(long base, int index, int nowTicks) {
        long header = address(base, index);
        return nowTicks - Memory.getInt(header + USED) >>> NOTE_SHIFT == 0
                && Memory.getInt(header + PORT) != 0;
    }

    /** Notes a use; false, and nothing is noted, where there is no header. */
    boolean note(int index, int nowTicks) {
        long header = address(base, index);
        boolean known = Memory.getInt(header + PORT) != 0;
        if (known) {
            Memory.putInt(header + USED, nowTicks);
        }
        return known;
    }

    /** Writes the header to a neighbour with that MAC address. */
    void write(int index, InterfaceTable interfaces, int interfaceNumber, long mac) {
        long own = interfaces.mac(interfaceNumber);
        long header = address(base, index);
        Memory.putLongBe(header, mac << 16 | own >>> 32);
        Memory.putIntBe(header + 8, (int) own);
        boolean tagged = interfaces.vlan(interfaceNumber) != 0;
        Memory.putInt(header + PORT, tagged ? 0 : interfaces.port(interfaceNumber) + 1);
    }

    /** Takes it away. */
    void clear(int index) {
        Memory.putInt(address(base, index) + PORT, 0);
    }

    @Override
    public void close() {
        region.close();
    }
}
