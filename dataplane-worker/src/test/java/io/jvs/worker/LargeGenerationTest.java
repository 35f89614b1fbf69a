package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A generation costs a worker what it changes, not what there is. */
class LargeGenerationTest {
    private static final int FEW = 10;
    private static final int MANY = 1000;
    private static final int SERVERS = 100;
    private static final int CHANGES = 401;

    private long generation;

    private static MemoryDataplane open() {
        List<InterfaceSpec.Prefix> own =
                List.of(new InterfaceSpec.Prefix(Address.parse("10.200.255.254"), 16));
        return MemoryDataplane.open(
                new DataplaneSpec(
                        List.of(
                                new PortSpec(
                                        "lan",
                                        "memory",
                                        0,
                                        List.of(new InterfaceSpec(0, own)),
                                        "")),
                        List.of(),
                        List.of(),
                        2,
                        List.of(),
                        1000,
                        "no-huge",
                        64,
                        "test",
                        42,
                        false),
                1_000_000_000L);
    }

    private static RealServer server(int number, int weight) {
        Address address = Address.ofIpv4(10 << 24 | 200 << 16 | 1 + number % 60_000);
        return new RealServer(
                address, 8000 + number, ForwardingMethod.NAT, weight, 0, 0, Tunnel.IPIP);
    }

    private static List<Change> all(int services) {
        List<Change> changes = new ArrayList<>();
        for (int service = 0; service < services; service++) {
            changes.add(new Change.AddService(service, spec(service)));
            for (int i = 0; i < SERVERS; i++) {
                int index = service * SERVERS + i;
                changes.add(new Change.AddServer(service, index, server(i, 1 + i % 10)));
            }
        }
        return changes;
    }

    private static VirtualService spec(int service) {
        ServiceKey key =
                new ServiceKey.Endpoint(
                        Protocol.TCP, Address.ofIpv4((10 << 24 | 99 << 16) + service), 80);
        return new VirtualService(key, "wlc", Set.of(), null, false, List.of(), List.of());
    }

    /** The time in ns for one server to be edited, and for a service to come and go. */
    private long change(MemoryDataplane dataplane, int services, int step) {
        int service = step % services;
        int added = services + step;
        List<Change> coming =
                List.of(
                        new Change.EditServer(
                                service, service * SERVERS, server(0, 50 + step % 10)),
                        new Change.AddService(services, spec(added)));
        List<Change> going = List.of(new Change.RemoveService(services));
        long from = System.nanoTime();
        dataplane.apply(++generation, coming).join();
        dataplane.apply(++generation, going).join();
        return System.nanoTime() - from;
    }

    /**
     * A hundred times as many services; both take turns, so that both run the same machine code.
     */
    @Test
    void shouldCostWhatItChangesHoweverMuchThereIs() {
        try (MemoryDataplane few = open();
                MemoryDataplane many = open()) {
            few.apply(++generation, all(FEW)).join();
            many.apply(++generation, all(MANY)).join();
            long[] fewNanos = new long[CHANGES];
            long[] manyNanos = new long[CHANGES];
            for (int step = 0; step < CHANGES; step++) {
                fewNanos[step] = change(few, FEW, step);
                manyNanos[step] = change(many, MANY, step);
            }
            Arrays.sort(fewNanos);
            Arrays.sort(manyNanos);
            assertThat(manyNanos[CHANGES / 2]).isLessThan(15 * fewNanos[CHANGES / 2]);
        }
    }
}
