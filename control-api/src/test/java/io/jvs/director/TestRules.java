package io.jvs.director;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Services and servers for tests. */
public final class TestRules {
    public static final Set<String> SCHEDULERS = Set.of("rr", "wrr", "wlc", "sh");

    private TestRules() {}

    public static ServiceKey tcp(String address, int port) {
        return new ServiceKey.Endpoint(Protocol.TCP, Address.parse(address), port);
    }

    public static RealServer nat(String address, int port, int weight) {
        return server(ForwardingMethod.NAT, address, port, weight);
    }

    public static RealServer server(ForwardingMethod method, String address, int port, int weight) {
        return new RealServer(Address.parse(address), port, method, weight, 0, 0, Tunnel.IPIP);
    }

    public static VirtualService service(ServiceKey key, RealServer... servers) {
        return new VirtualService(
                key, "rr", Set.of(), null, false, Arrays.asList(servers), List.of());
    }

    public static ServiceRule rule(ServiceKey key, RealServer... servers) {
        return new ServiceRule(service(key, servers), HealthCheckSpec.DEFAULT);
    }

    public static ServiceRule withScheduler(ServiceRule rule, String scheduler) {
        VirtualService s = rule.service();
        return rule.withService(
                new VirtualService(
                        s.key(),
                        scheduler,
                        s.flags(),
                        s.persistence(),
                        s.onePacket(),
                        s.servers(),
                        s.localAddresses()));
    }

    public static ServiceRule withEngine(ServiceRule rule, String engine) {
        VirtualService s = rule.service();
        return rule.withService(
                new VirtualService(
                        s.key(),
                        s.scheduler(),
                        s.flags(),
                        s.persistence(),
                        engine,
                        s.onePacket(),
                        s.servers(),
                        s.localAddresses()));
    }

    public static ServiceRule withPersistence(ServiceRule rule, Persistence persistence) {
        VirtualService s = rule.service();
        return rule.withService(
                new VirtualService(
                        s.key(),
                        s.scheduler(),
                        s.flags(),
                        persistence,
                        s.onePacket(),
                        s.servers(),
                        s.localAddresses()));
    }

    /** Keeps rules in memory, or refuses to. */
    public static final class MemoryStore implements RuleStore {
        private final List<Rules> saved = new ArrayList<>();
        private boolean full;

        public List<Rules> saved() {
            return saved;
        }

        public void setFull(boolean now) {
            full = now;
        }

        @Override
        public void save(Rules rules) throws IOException {
            if (full) {
                throw new IOException("writing rules failed: No space left on device");
            }
            saved.add(rules);
        }
    }
}
