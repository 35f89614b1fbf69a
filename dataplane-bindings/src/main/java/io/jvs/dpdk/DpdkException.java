package io.jvs.dpdk;

/**
 * DPDK, or a system call on its behalf, refused. The message is one sentence: what failed, why as
 * DPDK or the kernel tells it, and what to do about it.
 */
public final class DpdkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    DpdkException(String call, int errno, String message) {
        super(message);
        this.call = call;
        this.errno = errno;
    }

    /** The function that failed, rte_eal_init for example. */
    public String call() {
        return call;
    }

    /** The error number (errno.h, rte_errno.h), or 0 when there was none. */
    public int errno() {
        return errno;
    }
}
