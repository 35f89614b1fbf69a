package io.jvs.director;

import io.jvs.service.ServiceKey;
import io.jvs.worker.Change;
import io.jvs.worker.CountersView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives dense numbers to services and real servers. A removed server keeps its number while it has
 * connections and for 120 s at least (IP_VS_DEST_TRASH_PERIOD); when it comes back meanwhile, it
 * gets the same one, and its connections are its own again. Director's thread only.
 */
final class SlotTable {
    /** How long a removed server keeps its number at least. */
    static final long TRASH_NS = 120_000_000_000L;

    private final Map<ServiceKey, ServiceSlot> services = new HashMap<>();
    private final Map<ServerId, ServerSlot> servers = new HashMap<>();
    private final Map<ServerId, ServiceSlot> owners = new HashMap<>();
    private final Set<ServerSlot> trash = new LinkedHashSet<>();
    private final Numbers serviceNumbers = new Numbers();
    private final Numbers serverNumbers = new Numbers();

    /** The smallest-first numbers that are free. */
    private static final class Numbers {
        private final ArrayDeque<Integer> free = new ArrayDeque<>();
        private int next;

        int take() {
            Integer recycled = free.poll();
            return recycled == null ? next++ : recycled;
        }

        void give(int number) {
            free.add(number);
        }
    }

    /** Numbers ever given to servers: all are below this. */
    int serverNumbersUsed() {
        return serverNumbers.next;
    }

    @Nullable ServiceSlot service(ServiceKey key) {
        return services.get(key);
    }

    @Nullable ServerSlot server(ServerId id) {
        return servers.get(id);
    }

    /** Turns steps into changes with numbers, giving and taking back numbers on the way. */
    List<Change> number(List<Step> steps, CountersView counters, long nowNs) {
        List<Change> changes = new ArrayList<>(steps.size());
        for (Step step : steps) {
            changes.add(
                    switch (step) {
                        case Step.ServiceAdded added ->
                                new Change.AddService(
                                        addService(added.service().key(), counters),
                                        added.service());
                        case Step.ServiceEdited edited ->
                                new Change.EditService(
                                        slot(edited.service().key()).index(), edited.service());
                        case Step.ServiceRemoved removed ->
                                new Change.RemoveService(removeService(removed.key(), nowNs));
                        case Step.ServerAdded added ->
                                new Change.AddServer(
                                        slot(added.key()).index(),
                                        addServer(
                                                ServerId.of(added.key(), added.server()), counters),
                                        added.server());
                        case Step.ServerEdited edited ->
                                new Change.EditServer(
                                        slot(edited.key()).index(),
                                        slot(ServerId.of(edited.key(), edited.server())).index(),
                                        edited.server());
                        case Step.ServerRemoved removed ->
                                new Change.RemoveServer(
                                        slot(removed.key()).index(),
                                        removeServer(
                                                ServerId.of(removed.key(), removed.server()),
                                                nowNs));
                        case Step.LocalAddressesSet set ->
                                new Change.SetLocalAddresses(
                                        slot(set.key()).index(), set.addresses());
                    });
        }
        return changes;
    }

    private ServiceSlot slot(ServiceKey key) {
        ServiceSlot slot = services.get(key);
        if (slot == null) {
            throw new IllegalStateException("service " + key + " has no number");
        }
        return slot;
    }

    private ServerSlot slot(ServerId id) {
        ServerSlot slot = servers.get(id);
        if (slot == null) {
            throw new IllegalStateException("real server " + id + " has no number");
        }
        return slot;
    }

    private int addService(ServiceKey key, CountersView counters) {
        ServiceSlot slot = new ServiceSlot(serviceNumbers.take(), counters);
        services.put(key, slot);
        return slot.index();
    }

    private int removeService(ServiceKey key, long nowNs) {
        ServiceSlot slot = slot(key);
        services.remove(key);
        serviceNumbers.give(slot.index());
        slot.forEachServer(server -> discard(server, nowNs));
        return slot.index();
    }

    private int addServer(ServerId id, CountersView counters) {
        ServiceSlot service = slot(id.service());
        ServerSlot slot = servers.get(id);
        if (slot == null) {
            slot = new ServerSlot(serverNumbers.take(), id, counters);
            servers.put(id, slot);
        } else {
            slot.onReturned();
            trash.remove(slot);
            if (owners.get(id) != service) {
                // Of another service before: __ip_vs_update_dest() zeroes its statistics.
                slot.onZero(counters);
            }
        }
        owners.put(id, service);
        service.onJoined(slot, counters);
        return slot.index();
    }

    private int removeServer(ServerId id, long nowNs) {
        ServerSlot slot = slot(id);
        discard(slot, nowNs);
        return slot.index();
    }

    private void discard(ServerSlot slot, long nowNs) {
        if (!slot.isInTrash()) {
            slot.onRemoved(nowNs);
            trash.add(slot);
        }
    }

    /** Takes numbers back from servers that are long gone. */
    void onTrash(CountersView counters, long nowNs) {
        for (Iterator<ServerSlot> each = trash.iterator(); each.hasNext(); ) {
            ServerSlot slot = each.next();
            if (slot.trashedForNs(nowNs) >= TRASH_NS && !slot.hasConnections(counters)) {
                each.remove();
                servers.remove(slot.id());
                ServiceSlot owner = owners.remove(slot.id());
                if (owner != null) {
                    owner.onLeft(slot, counters);
                }
                serverNumbers.give(slot.index());
            }
        }
    }

    /** One period of the estimators is over. */
    void onEstimate(CountersView counters) {
        servers.values().forEach(slot -> slot.onEstimate(counters));
        services.values().forEach(slot -> slot.onEstimate(counters));
    }

    /** Zeroes one service and its servers, or all (ip_vs_zero_service, ip_vs_zero_all). */
    void onZero(@Nullable ServiceKey key, CountersView counters) {
        for (ServerSlot slot : servers.values()) {
            if (key == null || key.equals(slot.id().service())) {
                slot.onZero(counters);
            }
        }
        services.forEach((each, slot) -> {
            if (key == null || key.equals(each)) {
                slot.onZero(counters);
            }
        });
    }
}
