package io.jvs.worker;

/** What is counted of the local ports of FULLNAT, on each worker. */
public enum LocalPortCounter {
    /** Local ports in use now, those that wait included. */
    PORTS_USED(0),
    /** Local ports that wait now, until real servers have forgotten their connections. */
    PORTS_WAITING(8),
    /** How often a local address had no port to give towards a real server. */
    PORTS_EXHAUSTED(16);

    private final int offset;

    LocalPortCounter(int offset) {
        this.offset = offset;
    }

    /** Where it lies among the counters of local ports, in bytes. */
    int offset() {
        return offset;
    }
}
