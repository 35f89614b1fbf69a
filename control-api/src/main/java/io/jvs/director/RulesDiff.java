package io.jvs.director;

import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps that lead from one state to another; pure. What is the same object is taken as equal.
 *
 * <p>A server can only be put at the head of a list (list_add_rcu in the kernel). So the longest
 * common tail of both lists stays, and what must stand before it is taken out and put in again; its
 * number and connections stay with it.
 */
final class RulesDiff {
    private final List<Step> steps = new ArrayList<>();

    private RulesDiff() {}

    /** The steps from {@code old} to {@code wanted}; empty when they are equal. */
    static List<Step> between(
            Map<ServiceKey, VirtualService> old, Map<ServiceKey, VirtualService> wanted) {
        RulesDiff diff = new RulesDiff();
        for (ServiceKey key : old.keySet()) {
            if (!wanted.containsKey(key)) {
                diff.steps.add(new Step.ServiceRemoved(key));
            }
        }
        for (VirtualService service : wanted.values()) {
            diff.service(old.get(service.key()), service);
        }
        return diff.steps;
    }

    @SuppressWarnings("ReferenceEquality") // the same object is equal; spares a deep look
    private void service(@Nullable VirtualService old, VirtualService wanted) {
        if (old == wanted) {
            return;
        }
        if (old == null) {
            steps.add(new Step.ServiceAdded(wanted));
            if (!wanted.localAddresses().isEmpty()) {
                steps.add(new Step.LocalAddressesSet(wanted.key(), wanted.localAddresses()));
            }
            servers(wanted.key(), List.of(), wanted.servers());
            return;
        }
        if (!sameScheduling(old, wanted)) {
            steps.add(new Step.ServiceEdited(wanted));
        }
        if (!old.localAddresses().equals(wanted.localAddresses())) {
            steps.add(new Step.LocalAddressesSet(wanted.key(), wanted.localAddresses()));
        }
        if (old.servers() != wanted.servers()) {
            servers(wanted.key(), old.servers(), wanted.servers());
        }
    }

    private static boolean sameScheduling(VirtualService a, VirtualService b) {
        return a.scheduler().equals(b.scheduler())
                && a.flags().equals(b.flags())
                && a.onePacket() == b.onePacket()
                && a.guard().equals(b.guard())
                && a.clientAddress() == b.clientAddress()
                && a.quic().equals(b.quic())
                && Objects.equals(a.persistence(), b.persistence());
    }

    private void servers(ServiceKey key, List<RealServer> old, List<RealServer> wanted) {
        Map<ServerId, RealServer> wantedById = byId(key, wanted);
        List<RealServer> staying = new ArrayList<>();
        for (RealServer server : old) {
            if (wantedById.containsKey(ServerId.of(key, server))) {
                staying.add(server);
            } else {
                steps.add(new Step.ServerRemoved(key, server));
            }
        }
        int tail = commonTail(staying, wanted);
        for (RealServer server : staying.subList(0, staying.size() - tail)) {
            steps.add(new Step.ServerRemoved(key, server));
        }
        for (int i = 1; i <= tail; i++) {
            RealServer now = wanted.get(wanted.size() - i);
            if (!staying.get(staying.size() - i).equals(now)) {
                steps.add(new Step.ServerEdited(key, now));
            }
        }
        for (RealServer server : wanted.subList(0, wanted.size() - tail).reversed()) {
            steps.add(new Step.ServerAdded(key, server));
        }
    }

    private static Map<ServerId, RealServer> byId(ServiceKey key, List<RealServer> servers) {
        Map<ServerId, RealServer> byId = HashMap.newHashMap(servers.size());
        servers.forEach(server -> byId.put(ServerId.of(key, server), server));
        return byId;
    }

    private static int commonTail(List<RealServer> a, List<RealServer> b) {
        int tail = 0;
        while (tail < a.size()
                && tail < b.size()
                && a.get(a.size() - 1 - tail).sameEndpoint(b.get(b.size() - 1 - tail))) {
            tail++;
        }
        return tail;
    }
}
