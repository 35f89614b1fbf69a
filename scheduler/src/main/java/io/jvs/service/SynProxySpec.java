package io.jvs.service;

import java.util.Locale;

/**
 * Whether the director answers the SYNs of a service's clients itself, without keeping anything of
 * them, and opens a connection only for who has acknowledged that answer.
 *
 * @param mode when
 * @param halfOpenThreshold AUTO: from how many half-open connections of the service on
 */
public record SynProxySpec(Mode mode, int halfOpenThreshold) {
    /** What half_open_threshold is when it is not set. */
    public static final int DEFAULT_THRESHOLD = 10_000;

    /** Never. */
    public static final SynProxySpec OFF = new SynProxySpec(Mode.OFF, DEFAULT_THRESHOLD);

    /** When SYNs are answered. */
    public enum Mode {
        /** Never. */
        OFF,
        /** Always. */
        ON,
        /** While too many connections are half open. */
        AUTO;

        /** As in commands and configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
