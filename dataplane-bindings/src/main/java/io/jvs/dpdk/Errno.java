package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.memory.Memory;
import java.lang.foreign.SymbolLookup;

/** Error numbers of DPDK and their texts. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int ENOTSUP = 95;

    private Errno() {}

    /**
     * rte_errno of the calling thread (rte_errno.h: a thread-local variable, whose address dlsym
     * gives for the thread that asks).
     */
    @SuppressWarnings("restricted")
    static int last() {
        return SymbolLookup.loaderLookup()
                .find("per_lcore__rte_errno")
                .map(variable -> Memory.getInt(variable.address()))
                .orElse(0);
    }

    /** "errno 12, Cannot allocate memory". */
    static String text(int errno) {
        return "errno " + errno + ", " + CText.read(Dpdk.rte_strerror(errno));
    }

    /**
     * Passes on a return code that is not negative.
     *
     * @throws DpdkException for a negative one, which is an error number
     */
    static int check(int returned, String call, String advice) {
        if (returned < 0) {
            throw failure(call, -returned, "", advice);
        }
        return returned;
    }

    /**
     * One sentence of what failed, why and what to do.
     *
     * @param errno the error number, 0 when there is none
     * @param reason what DPDK logged, or ""
     */
    static DpdkException failure(String call, int errno, String reason, String advice) {
        var message = new StringBuilder(call).append(" failed");
        // Drivers return a plain -1 for any failure: that is not EPERM when the log tells more.
        boolean plain = errno == 0 || (errno == EPERM && !reason.isEmpty());
        String why = plain ? reason : text(errno) + (reason.isEmpty() ? "" : "; " + reason);
        if (!why.isEmpty()) {
            message.append(" (").append(why).append(')');
        }
        message.append(": ").append(advice).append('.');
        return new DpdkException(call, errno, message.toString());
    }
}
