package io.jvs.director;

import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.List;

/**
 * One service of the desired state.
 *
 * @param service what the data plane needs to know
 * @param healthCheck how its servers are checked
 */
public record ServiceRule(VirtualService service, HealthCheckSpec healthCheck) {

    /** What the service is known by. */
    public ServiceKey key() {
        return service.key();
    }

    /** The same rule with other real servers. */
    public ServiceRule withServers(List<RealServer> servers) {
        return new ServiceRule(service.withServers(servers), healthCheck);
    }

    /** The same rule for another configuration of the service. */
    public ServiceRule withService(VirtualService changed) {
        return new ServiceRule(changed, healthCheck);
    }
}
