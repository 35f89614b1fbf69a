package io.jvs.link;

/** Frames that are to be sent, as columns for each port. One thread. */
public final class TransmitBatch {
    /** Frames a port; a burst with all that can be added to it fits twice. */
    public static final int CAPACITY = 1 << 8;

    private static final int CAPACITY_SHIFT = 8;

    private final long[] handles;
    private final long[] data;
    private final int[] lengths;
    private final int[] counts;
    private long refused;

    /** Columns for {@code ports} ports. */
    public TransmitBatch(int ports) {
        handles = new long[ports << CAPACITY_SHIFT];
        data = new long[ports << CAPACITY_SHIFT];
        lengths = new int[ports << CAPACITY_SHIFT];
        counts = new int[ports];
    }

    /**
     * Adds a frame.
     *
     * @return false when the port's columns are full; the buffer stays the caller's
     */
    public boolean add(int port, long handle, long address, int lengthBytes) {
        int row = counts[port];
        if (row == CAPACITY) {
            refused++;
            return false;
        }
        int at = first(port) + row;
        handles[at] = handle;
        data[at] = address;
        lengths[at] = lengthBytes;
        counts[port] = row + 1;
        return true;
    }

    /** Frames of a port. */
    public int count(int port) {
        return counts[port];
    }

    /** Place of a port's first frame in the columns. */
    public int first(int port) {
        return port << CAPACITY_SHIFT;
    }

    /** All buffers. */
    public long[] handles() {
        return handles;
    }

    /** Addresses of the first bytes of all frames. */
    public long[] data() {
        return data;
    }

    /** Lengths of all frames in bytes. */
    public int[] lengths() {
        return lengths;
    }

    /** Forgets a port's frames. */
    public void clear(int port) {
        counts[port] = 0;
    }

    /** Room left for a port. */
    public int room(int port) {
        return CAPACITY - counts[port];
    }

    /** Frames that were not taken, ever. */
    public long refused() {
        return refused;
    }
}
