package io.jvs.service;

/** Scheduler flags (ipvsadm -b), as bits of IP_VS_SVC_F_SCHED1..3 in linux/ip_vs.h. */
public enum SchedulerFlag {
    /** flag-1: sh-fallback, mh-fallback. */
    FLAG_1(0x0008),
    /** flag-2: sh-port, mh-port. */
    FLAG_2(0x0010),
    /** flag-3. */
    FLAG_3(0x0020);

    private final int bit;

    SchedulerFlag(int bit) {
        this.bit = bit;
    }

    /** The bit in the flags word of linux/ip_vs.h. */
    public int bit() {
        return bit;
    }
}
