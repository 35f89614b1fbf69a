package io.jvs.control.health;

import io.jvs.control.config.HealthDefaults;
import io.jvs.director.HealthCheckSpec;
import io.jvs.director.ServerId;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceView;
import io.jvs.service.Address;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is checked, and how.
 *
 * @param id the real server
 * @param connectTo where to connect to
 * @param bindTo where from, null lets the kernel choose
 * @param intervalNs between the end of a check and the start of the next
 * @param timeoutMillis how long a connect may take
 * @param rise successes in a row that bring it back
 * @param fall failures in a row that take it out
 */
record CheckTarget(
        ServerId id,
        InetSocketAddress connectTo,
        @Nullable InetSocketAddress bindTo,
        long intervalNs,
        int timeoutMillis,
        int rise,
        int fall) {

    /**
     * The target of a server, or null when it is not checked: switched off, or nothing that a TCP
     * connect could tell about (UDP, SCTP, a mark or every port, without a port to check).
     */
    static @Nullable CheckTarget of(
            ServiceView service, ServerView server, HealthDefaults defaults) {
        HealthCheckSpec spec = service.rule().healthCheck();
        boolean asked = !spec.equals(HealthCheckSpec.DEFAULT);
        boolean tcp =
                service.key() instanceof ServiceKey.Endpoint endpoint
                        && endpoint.protocol() == Protocol.TCP;
        int port = spec.port() != 0 ? spec.port() : tcp ? server.configured().port() : 0;
        if (spec.disabled() || port == 0 || !(asked || defaults.enabled())) {
            return null;
        }
        Address address =
                spec.connectAddress() == null
                        ? server.configured().address()
                        : spec.connectAddress();
        Address bind = spec.bindAddress();
        long timeoutNs = orElse(spec.timeoutNs(), defaults.timeoutNs());
        return new CheckTarget(
                ServerId.of(service.key(), server.configured()),
                new InetSocketAddress(address.toInetAddress(), port),
                bind == null ? null : new InetSocketAddress(bind.toInetAddress(), 0),
                orElse(spec.intervalNs(), defaults.intervalNs()),
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeoutNs / 1_000_000)),
                spec.rise() == 0 ? defaults.rise() : spec.rise(),
                spec.fall() == 0 ? defaults.fall() : spec.fall());
    }

    private static long orElse(long value, long other) {
        return value == 0 ? other : value;
    }
}
