package io.jvs.worker;

/** What is counted for each virtual service, on each worker. */
public enum ServiceCounter {
    /** Packets that would have opened a connection and were denied by its access list. */
    DENIED(0);

    private final int offset;

    ServiceCounter(int offset) {
        this.offset = offset;
    }

    /** Where it lies in its line of counters, in bytes. */
    int offset() {
        return offset;
    }
}
