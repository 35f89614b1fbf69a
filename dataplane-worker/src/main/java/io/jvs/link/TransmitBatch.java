package io.jvs.link;

/** Frames that are to be sent, as columns for each port. One thread. */
public final class TransmitBatch {
    /** Frames a port; a burst with all that can be added to it fits twice. */
    public static final int CAPACITY = 256;

    private final long[][] handles;
    private final long[][] data;
    private final int[][] lengths;
    private final int[] counts;
    private long refused;

    /** Columns for {@code ports} ports. */
    public TransmitBatch(int ports) {
        handles = new long[ports][CAPACITY];
        data = new long[ports][CAPACITY];
        lengths = new int[ports][CAPACITY];
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
        handles[port][row] = handle;
        data[port][row] = address;
        lengths[port][row] = lengthBytes;
        counts[port] = row + 1;
        return true;
    }

    /** Frames of a port. */
    public int count(int port) {
        return counts[port];
    }

    /** Their buffers. */
    public long[] handles(int port) {
        return handles[port];
    }

    /** Addresses of their first bytes. */
    public long[] data(int port) {
        return data[port];
    }

    /** Their lengths in bytes. */
    public int[] lengths(int port) {
        return lengths[port];
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
