package io.jvs.packet;

/** Where a stage gets a fresh packet buffer from, and gives one back to. One thread. */
public interface PacketBuffers {

    /**
     * Adds a row with a fresh buffer to {@code burst}: handle, data, headroom and tailroom are set,
     * length is 0.
     *
     * @return the row, or -1 when the burst or the pool has no room
     */
    int allocate(PacketBurst burst);

    /** Gives a buffer back. */
    void free(long handle);
}
