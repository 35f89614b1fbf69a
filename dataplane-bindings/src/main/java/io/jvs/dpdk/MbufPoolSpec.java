package io.jvs.dpdk;

/**
 * How to make a pool of packet buffers.
 *
 * @param name unique in the process, 1 to 25 characters
 * @param mbufs how many buffers; 2^n - 1 uses memory best
 * @param cacheSize buffers that each registered thread keeps for itself, 0 to 512
 * @param dataRoomBytes bytes of each buffer, headroom of 128 included, at most 65535
 * @param socketId NUMA node, or -1 for any
 */
public record MbufPoolSpec(String name, int mbufs, int cacheSize, int dataRoomBytes, int socketId) {
    /** Room for an Ethernet frame of 2048 bytes behind the headroom. */
    public static final int DEFAULT_DATA_ROOM_BYTES = 2048 + 128;

    /** {@link #socketId}: any. */
    public static final int ANY_SOCKET = -1;

    private static final int MAX_CACHE = 512; // RTE_MEMPOOL_CACHE_MAX_SIZE

    /** Checks the values. */
    public MbufPoolSpec {
        if (!name.matches("[A-Za-z0-9_.-]{1,25}")) {
            throw new IllegalArgumentException(
                    "Pool name '" + name + "' is not 1 to 25 letters, digits, '_', '.' and '-'.");
        }
        if (mbufs <= 0) {
            throw new IllegalArgumentException(
                    "Pool '" + name + "' of " + mbufs + " mbufs was asked for; 1 is the least.");
        }
        // rte_mempool_create: cache_size * 1.5 <= n
        if (cacheSize < 0 || cacheSize > MAX_CACHE || cacheSize * 3L > mbufs * 2L) {
            throw new IllegalArgumentException(
                    "Pool '"
                            + name
                            + "' cannot have a cache of "
                            + cacheSize
                            + " mbufs: 0 to 512 and at most two thirds of its "
                            + mbufs
                            + " mbufs are accepted.");
        }
        if (dataRoomBytes <= 128 || dataRoomBytes > 0xffff) {
            throw new IllegalArgumentException(
                    "Pool '"
                            + name
                            + "' cannot have buffers of "
                            + dataRoomBytes
                            + " bytes: 129 to 65535 are accepted.");
        }
    }

    /** Buffers of 2048 bytes and headroom, a cache of up to 256, any socket. */
    public static MbufPoolSpec of(String name, int mbufs) {
        int cache = Math.max(0, Math.min(256, mbufs / 2));
        return new MbufPoolSpec(name, mbufs, cache, DEFAULT_DATA_ROOM_BYTES, ANY_SOCKET);
    }

    /** The same on another NUMA node. */
    public MbufPoolSpec withSocketId(int node) {
        return new MbufPoolSpec(name, mbufs, cacheSize, dataRoomBytes, node);
    }

    /** The same with other buffers. */
    public MbufPoolSpec withDataRoomBytes(int bytes) {
        return new MbufPoolSpec(name, mbufs, cacheSize, bytes, socketId);
    }
}
