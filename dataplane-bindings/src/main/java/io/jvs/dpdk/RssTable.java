package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A port's RSS key and redirection table (rte_ethdev.h, rte_eth_dev_rss_*). */
final class RssTable {
    private static final int GROUP = 64; // RTE_ETH_RETA_GROUP_SIZE

    private RssTable() {}

    static byte[] key(EthPort port, DpdkLayout layout) {
        int bytes = requireKey(port);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(bytes);
            MemorySegment conf = configuration(arena, layout, key);
            port.check(
                    Dpdk.rte_eth_dev_rss_hash_conf_get(port.id(), conf),
                    "rte_eth_dev_rss_hash_conf_get",
                    "this port cannot do so");
            byte[] copy = new byte[bytes];
            Memory.copyOut(key.address(), copy, 0, bytes);
            return copy;
        }
    }

    static void setKey(EthPort port, DpdkLayout layout, byte[] bytes) {
        int length = requireKey(port);
        if (bytes.length != length) {
            throw new IllegalArgumentException(
                    "An RSS key of %d bytes was given; port '%s' takes %d."
                            .formatted(bytes.length, port.device(), length));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(length);
            MemorySegment conf = configuration(arena, layout, key);
            port.check(
                    Dpdk.rte_eth_dev_rss_hash_conf_get(port.id(), conf),
                    "rte_eth_dev_rss_hash_conf_get",
                    "this port cannot do so");
            Memory.copyIn(bytes, 0, key.address(), length);
            port.check(
                    Dpdk.rte_eth_dev_rss_hash_update(port.id(), conf),
                    "rte_eth_dev_rss_hash_update",
                    "this port keeps the key that it has");
        }
    }

    private static MemorySegment configuration(Arena arena, DpdkLayout layout, MemorySegment key) {
        MemorySegment conf = arena.allocate(layout.rssConfBytes(), 8);
        Memory.putLong(conf.address() + Layouts.RSS_CONF_KEY(), key.address());
        Memory.putByte(conf.address() + Layouts.RSS_CONF_KEY_LEN(), (int) key.byteSize());
        return conf;
    }

    private static int requireKey(EthPort port) {
        int bytes = port.capabilities().hashKeyBytes();
        return bytes > 0 ? bytes : refuse(port, "RSS key");
    }

    static int[] entries(EthPort port) {
        int size = requireTable(port);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, size);
            port.check(
                    Dpdk.rte_eth_dev_rss_reta_query(port.id(), table, (short) size),
                    "rte_eth_dev_rss_reta_query",
                    "this port cannot do so");
            int[] queues = new int[size];
            for (int i = 0; i < size; i++) {
                queues[i] = Memory.getUnsignedShort(entry(table, i));
            }
            return queues;
        }
    }

    static void setEntries(EthPort port, int[] queues) {
        int size = requireTable(port);
        if (queues.length != size) {
            throw new IllegalArgumentException(
                    "A redirection table of %d entries was given; port '%s' takes %d."
                            .formatted(queues.length, port.device(), size));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, size);
            for (int i = 0; i < size; i++) {
                Memory.putShort(entry(table, i), queues[i]);
            }
            port.check(
                    Dpdk.rte_eth_dev_rss_reta_update(port.id(), table, (short) size),
                    "rte_eth_dev_rss_reta_update",
                    "name queues that the port has");
        }
    }

    /** Groups of 64 entries, each with a mask of those that count: all of them. */
    private static MemorySegment table(Arena arena, int size) {
        int groups = (size + GROUP - 1) / GROUP;
        MemorySegment table = arena.allocate((long) groups * Layouts.RETA_ENTRY_SIZE(), 8);
        for (int group = 0; group < groups; group++) {
            int left = size - group * GROUP;
            long mask = left >= GROUP ? -1L : (1L << left) - 1;
            long base = table.address() + (long) group * Layouts.RETA_ENTRY_SIZE();
            Memory.putLong(base + Layouts.RETA_ENTRY_MASK(), mask);
        }
        return table;
    }

    private static long entry(MemorySegment table, int index) {
        return table.address()
                + (long) (index / GROUP) * Layouts.RETA_ENTRY_SIZE()
                + Layouts.RETA_ENTRY_RETA()
                + (index % GROUP) * 2L;
    }

    private static int requireTable(EthPort port) {
        int size = port.capabilities().retaSize();
        return size > 0 ? size : refuse(port, "redirection table");
    }

    private static int refuse(EthPort port, String what) {
        throw new DpdkException(
                "rte_eth_dev_rss",
                Errno.ENOTSUP,
                "Port '%s' has no %s: its driver %s spreads flows in its own way."
                        .formatted(port.device(), what, port.capabilities().driver()));
    }
}
