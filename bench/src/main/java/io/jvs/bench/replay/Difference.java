package io.jvs.bench.replay;

/**
 * Where JVS differs from the kernel on purpose. The replay checks what is written here instead of
 * what was recorded; docs/ipvs-compatibility.md has the same table.
 */
enum Difference {
    /** The kernel publishes counters every two seconds. */
    PROMPT_STATISTICS(
            "statistics lag by up to 2 s",
            "statistics are those of the moment",
            "a figure that is two seconds old helps nobody"),
    /** The kernel counts a segment that the sender's offload made, of up to 64 KiB, as one. */
    WIRE_PACKETS(
            "packets are counted as segmentation offload leaves them, up to 64 KiB each",
            "packets are counted as they are on the wire",
            "a director on its own port sees what the wire carries"),
    /** Timers of the kernel are coarse. */
    PROMPT_EXPIRY(
            "a connection ends up to an eighth of its timeout late and shows 00:00 meanwhile",
            "a connection ends on time",
            "nothing depends on coarse timers"),
    /** A restore is one transaction. */
    ATOMIC_RESTORE(
            "-R stops at the first bad line and keeps what came before; # is a bad line",
            "-R is one transaction: all lines or none; comments and empty lines are welcome",
            "half a rule set is worse than the old one"),
    /** The kernel sizes some settings by the machine's memory. */
    MACHINE_SIZES(
            "sync_qlen_max is a part of the machine's memory",
            "sync_qlen_max is a fixed figure",
            "a default should be the same everywhere");

    private final String kernel;
    private final String jvs;
    private final String reason;

    Difference(String kernel, String jvs, String reason) {
        this.kernel = kernel;
        this.jvs = jvs;
        this.reason = reason;
    }

    /** What the kernel does. */
    String kernel() {
        return kernel;
    }

    /** What JVS does. */
    String jvs() {
        return jvs;
    }

    /** Why. */
    String reason() {
        return reason;
    }
}
