package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which local addresses are used with which protocols, as generations change it. Addresses that are
 * a service's virtual address as well are left out: what clients send there has the service's port,
 * and would all come to that port's worker.
 */
final class LocalEndpoints {
    private final Map<Integer, ServiceKey> keys = new HashMap<>();
    private final Map<Integer, List<Address>> addresses = new TreeMap<>();

    /**
     * A local address with a protocol.
     *
     * @param address the local address
     * @param protocol of the services that use it
     */
    record Endpoint(Address address, Protocol protocol) {
        @Override
        public String toString() {
            return address + " " + protocol;
        }
    }

    /**
     * Takes the steps of a generation.
     *
     * @return whether one of them may change {@link #all}
     */
    boolean take(List<Change> changes) {
        boolean changed = false;
        for (Change change : changes) {
            switch (change) {
                case Change.AddService add -> {
                    keys.put(add.serviceIndex(), add.spec().key());
                    changed = true;
                }
                case Change.RemoveService remove -> {
                    keys.remove(remove.serviceIndex());
                    addresses.remove(remove.serviceIndex());
                    changed = true;
                }
                case Change.SetLocalAddresses set -> {
                    addresses.put(set.serviceIndex(), set.addresses());
                    changed = true;
                }
                default -> {}
            }
        }
        return changed;
    }

    /** All of them, in the order of the services' numbers. */
    Set<Endpoint> all() {
        Set<Address> virtual = new HashSet<>();
        for (ServiceKey key : keys.values()) {
            if (key instanceof ServiceKey.Endpoint endpoint) {
                virtual.add(endpoint.address());
            }
        }
        Set<Endpoint> all = new LinkedHashSet<>();
        addresses.forEach((service, locals) -> {
            for (Address local : locals) {
                if (!virtual.contains(local)) {
                    protocols(keys.get(service)).forEach(p -> all.add(new Endpoint(local, p)));
                }
            }
        });
        return all;
    }

    /** SCTP on a firewall mark is too rare for rules, which not every port takes for SCTP. */
    private static List<Protocol> protocols(@Nullable ServiceKey key) {
        return key instanceof ServiceKey.Endpoint endpoint
                ? List.of(endpoint.protocol())
                : List.of(Protocol.TCP, Protocol.UDP);
    }
}
