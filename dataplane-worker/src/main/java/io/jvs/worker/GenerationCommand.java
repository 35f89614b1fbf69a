package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.scheduler.Destination;
import io.jvs.service.Address;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Applies one generation to one worker, whole; its cost goes with what it changes. */
final class GenerationCommand implements WorkerCommand {
    private final long generation;
    private final List<Change> changes;
    private final CompletableFuture<Long> applied;

    /** What the steps have changed: the rest is as it was, however much there is. */
    private final Set<ServiceState> touched = new LinkedHashSet<>();

    private final List<ServerState> touchedServers = new ArrayList<>();

    /**
     * A generation's steps.
     *
     * @param applied fails with the command
     */
    GenerationCommand(long generation, List<Change> changes, CompletableFuture<Long> applied) {
        this.generation = generation;
        this.changes = changes;
        this.applied = applied;
    }

    @Override
    public void onFailed(RuntimeException failure) {
        Thread.ofVirtual().start(() -> applied.completeExceptionally(failure));
    }

    @Override
    public void onWorker(WorkerState state, int nowTicks) {
        for (Change change : changes) {
            apply(state, change);
        }
        state.limits.commit(touched, touchedServers, nowTicks);
        for (ServiceState service : touched) {
            service.prepareSharing(state.worker);
            service.quic = QuicServers.of(service);
            service.guardSyns(state.group.workers());
        }
        state.endings.commit(touchedServers, nowTicks);
        state.strayReplies.commit(!touched.isEmpty());
        touched.clear();
        touchedServers.clear();
        state.counters.publishGeneration(generation);
    }

    private ServiceState touch(WorkerState state, int serviceIndex) {
        ServiceState service = state.services.get(serviceIndex);
        touched.add(service);
        return service;
    }

    private void apply(WorkerState state, Change change) {
        switch (change) {
            case Change.AddService add -> addService(state, add);
            case Change.EditService edit -> editService(state, edit);
            case Change.RemoveService remove -> removeService(state, remove.serviceIndex());
            case Change.AddServer add -> addServer(state, add);
            case Change.EditServer edit -> editServer(state, edit);
            case Change.RemoveServer remove ->
                    removeServer(state, remove.serviceIndex(), remove.serverIndex());
            case Change.SetLocalAddresses set -> setLocals(state, set);
            case Change.SetSysctls set -> state.set(set.sysctls());
            case Change.SetMarkRules set -> state.services.marks.set(set.rules());
            case Change.SetTimeouts set -> state.timeouts.set(set.tcp(), set.tcpFin(), set.udp());
        }
    }

    private void addService(WorkerState state, Change.AddService add) {
        state.services.add(new ServiceState(add.serviceIndex(), add.spec(), state.nextSeed()));
        touch(state, add.serviceIndex());
        if (add.spec().key() instanceof ServiceKey.Endpoint endpoint) {
            state.addresses.addVirtual(endpoint.address());
        }
    }

    private void editService(WorkerState state, Change.EditService edit) {
        touch(state, edit.serviceIndex()).edit(edit.spec(), state.nextSeed());
    }

    private void removeService(WorkerState state, int serviceIndex) {
        ServiceState service = state.services.get(serviceIndex);
        while (service.servers.size() > 0) {
            removeServer(state, serviceIndex, service.servers.get(0).serverIndex);
        }
        setLocals(state, new Change.SetLocalAddresses(serviceIndex, List.of()));
        if (service.spec.key() instanceof ServiceKey.Endpoint endpoint) {
            state.addresses.removeVirtual(endpoint.address());
        }
        state.limits.forget(service);
        state.services.remove(serviceIndex);
        touched.remove(service);
    }

    private void addServer(WorkerState state, Change.AddServer add) {
        ServiceState service = touch(state, add.serviceIndex());
        ServerState server = state.server(add.serverIndex());
        if (server == null || !server.destination.spec.sameEndpoint(add.spec())) {
            Destination destination = new Destination(add.serverIndex(), add.spec());
            server = state.addServer(destination, protocol(service.spec), service);
        }
        touchedServers.add(server);
        server.join(service);
        server.present = true;
        server.destination.revive(add.spec());
        server.readExit();
        setMethod(state, server, add.spec());
        takePairs(state, service, server);
        service.servers.addFirst(server.destination);
        service.scheduler.onAdded(server.destination);
        service.onServersChanged();
    }

    private void editServer(WorkerState state, Change.EditServer change) {
        ServiceState service = touch(state, change.serviceIndex());
        ServerState server = state.servers[change.serverIndex()];
        touchedServers.add(server);
        server.destination.edit(change.spec());
        server.readExit();
        setMethod(state, server, change.spec());
        giveBackPairs(state, server);
        takePairs(state, service, server);
        service.scheduler.onEdited(server.destination);
        service.onServersChanged();
    }

    private static void setMethod(WorkerState state, ServerState server, RealServer spec) {
        server.methodCode = ConnectionLayout.methodCode(spec.method());
        state.updatePath(server);
    }

    private void removeServer(WorkerState state, int serviceIndex, int serverIndex) {
        ServiceState service = touch(state, serviceIndex);
        ServerState server = state.servers[serverIndex];
        server.present = false;
        server.exit = ServerState.code(service.spec.guard().onServerRemoved());
        state.limits.forget(server);
        touchedServers.add(server);
        giveBackPairs(state, server);
        service.servers.remove(server.destination);
        service.scheduler.onRemoved(server.destination);
        service.onServersChanged();
        state.orphans.onServerRemoved();
    }

    private static void setLocals(WorkerState state, Change.SetLocalAddresses set) {
        ServiceState service = state.services.get(set.serviceIndex());
        Address[] before = service.locals;
        for (Address address : set.addresses()) {
            state.addresses.addLocal(address);
        }
        for (Address address : before) {
            state.addresses.removeLocal(address);
        }
        service.setLocals(set.addresses().toArray(new Address[0]));
        for (int i = 0; i < service.servers.size(); i++) {
            ServerState server = state.servers[service.servers.get(i).serverIndex];
            giveBackPairs(state, server);
            takePairs(state, service, server);
        }
    }

    private static void takePairs(WorkerState state, ServiceState service, ServerState server) {
        int[] pairs = new int[service.locals.length];
        for (int i = 0; i < pairs.length; i++) {
            Address local = service.locals[i];
            Address real = server.destination.spec.address();
            pairs[i] =
                    local.family() == real.family()
                            ? state.localAddresses.pair(
                                    local, server.protocol, real, server.destination.port)
                            : -1;
        }
        server.pairs = pairs;
    }

    private static void giveBackPairs(WorkerState state, ServerState server) {
        for (int pair : server.pairs) {
            if (pair >= 0) {
                state.localAddresses.unpair(pair);
            }
        }
        server.pairs = new int[0];
    }

    private static int protocol(VirtualService spec) {
        return spec.key() instanceof ServiceKey.Endpoint endpoint
                ? endpoint.protocol().number()
                : 0;
    }
}
