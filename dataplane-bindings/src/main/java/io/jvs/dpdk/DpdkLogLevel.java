package io.jvs.dpdk;

/** How much DPDK logs (rte_log.h). */
public enum DpdkLogLevel {
    /** Errors only. */
    ERROR,
    /** And warnings. */
    WARNING,
    /** And what is worth a notice: DPDK's default. */
    NOTICE,
    /** And information. */
    INFO,
    /** Everything. */
    DEBUG
}
