package io.jvs.dpdk;

/** Which memory DPDK's pools live in. */
public enum HugepageMode {
    /** Hugepages when enough of them are free, ordinary pages otherwise. */
    AUTO,
    /** Hugepages without files (--in-memory); fails when there are too few. */
    IN_MEMORY,
    /** Ordinary pages (--no-huge): needs no tuning, slower, and no NIC that does DMA by itself. */
    NO_HUGE
}
