package io.jvs.bench.scenario;

/** What a random scenario is mostly about. */
public enum Theme {
    /** Choices of schedulers, with edits. */
    SCHEDULING,
    /** Templates, netmasks, port 0, marks. */
    PERSISTENCE,
    /** Upper and lower thresholds. */
    THRESHOLDS,
    /** Timeouts, --set and long waits. */
    EXPIRY,
    /** Single segments in any order, all settings of TCP. */
    SEGMENTS,
    /** Settings of net.ipv4.vs. */
    SETTINGS,
    /** Servers and services that come, go and change. */
    EDITS,
    /** Command lines, right and wrong. */
    COMMANDS
}
