package io.jvs.control.config;

/**
 * How servers are checked when their service does not say.
 *
 * @param enabled false: not at all
 * @param intervalNs between the end of a check and the start of the next
 * @param timeoutNs how long a connect may take
 * @param rise successes in a row that bring a server back
 * @param fall failures in a row that take a server out
 */
public record HealthDefaults(
        boolean enabled, long intervalNs, long timeoutNs, int rise, int fall) {}
