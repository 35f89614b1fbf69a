package io.jvs.director;

import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.List;

/**
 * A service as it is in force.
 *
 * @param rule as it was configured
 * @param effective what the data plane has: inhibited servers with weight 0
 * @param servers its servers in list order
 * @param slot its number and counters
 */
public record ServiceView(
        ServiceRule rule, VirtualService effective, List<ServerView> servers, ServiceSlot slot) {
    /** Copies its list. */
    public ServiceView {
        servers = List.copyOf(servers);
    }

    /** What the service is known by. */
    public ServiceKey key() {
        return rule.key();
    }
}
