package io.jvs.director;

import io.jvs.service.Address;
import org.jspecify.annotations.Nullable;

/**
 * How the servers of one service are checked, as configured; what is 0 or null is the director's
 * default.
 *
 * @param disabled true: not at all
 * @param port TCP port to connect to, 0 for the server's own
 * @param intervalNs between the end of a check and the start of the next
 * @param timeoutNs how long a connect may take
 * @param rise successes in a row that bring a server back
 * @param fall failures in a row that take a server out
 * @param connectAddress address to connect to instead of the server's
 * @param bindAddress local address of the connects
 */
public record HealthCheckSpec(
        boolean disabled,
        int port,
        long intervalNs,
        long timeoutNs,
        int rise,
        int fall,
        @Nullable Address connectAddress,
        @Nullable Address bindAddress) {
    /** Everything by default. */
    public static final HealthCheckSpec DEFAULT =
            new HealthCheckSpec(false, 0, 0, 0, 0, 0, null, null);
}
