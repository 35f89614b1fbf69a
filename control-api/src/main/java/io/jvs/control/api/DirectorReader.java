package io.jvs.control.api;

import io.jvs.director.Director;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.director.ServerId;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceRule;
import io.jvs.director.ServiceView;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesResponse;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListLocalAddressesResponse;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.ListRealServersRequest;
import io.jvs.proto.v1.ListRealServersResponse;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.PortInfo;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.WorkerInfo;
import io.jvs.service.Address;
import io.jvs.service.ServiceKey;
import io.jvs.worker.CountersView;
import io.jvs.worker.PortView;
import io.jvs.worker.WorkerView;
import java.util.List;

/** Answers questions from the published view and the counters; any thread. */
final class DirectorReader {
    private final Director director;
    private final DirectorFacts facts;
    private final ConnectionListings connections;

    DirectorReader(Director director, DirectorFacts facts) {
        this.director = director;
        this.facts = facts;
        this.connections = new ConnectionListings(director.dataplane(), System::nanoTime);
    }

    private CountersView counters() {
        return director.dataplane().counters();
    }

    private ServiceView find(ServiceKey key, String words) throws RefusedException {
        ServiceView view = director.view().services().get(key);
        if (view == null) {
            throw new RefusedException(Reason.NOT_FOUND, words);
        }
        return view;
    }

    DirectorInfo info() {
        DirectorInfo.Builder info =
                DirectorInfo.newBuilder()
                        .setVersion(facts.version())
                        .setConnectionTableSize(facts.connectionTableSize())
                        .setConnections(counters().connections())
                        .setGeneration(director.view().generation())
                        .setUptimeSeconds((System.nanoTime() - facts.startedNs()) / 1_000_000_000L);
        for (PortView port : director.dataplane().ports()) {
            info.addPorts(port(port));
        }
        for (WorkerView worker : director.dataplane().workers()) {
            info.addWorkers(
                    WorkerInfo.newBuilder()
                            .setNumber(worker.number())
                            .setCycles(worker.cycles())
                            .setBusyCycles(worker.busyCycles())
                            .setGeneration(worker.generation())
                            .setAllocatedBytes(worker.allocatedBytes())
                            .setReceivedPackets(worker.receivedPackets())
                            .setHandedOver(worker.handedOver())
                            .setTakenOver(worker.takenOver())
                            .setHandoverMissed(worker.handoverMissed())
                            .setMisdirected(worker.misdirected()));
        }
        return info.build();
    }

    private static PortInfo port(PortView port) {
        return PortInfo.newBuilder()
                .setName(port.name())
                .setDevice(port.device())
                .setDriver(port.driver())
                .setMac(MacAddress.text(port.mac()))
                .setMtu(port.mtu())
                .setLinkUp(port.linkUp())
                .setSteering(port.steering().name())
                .setFlowRules(port.flowRules())
                .setNoFlowRules(port.noFlowRules())
                .build();
    }

    VirtualService service(ServiceKey key) throws RefusedException {
        return RuleWriter.inForce(find(key, "No such service"), counters());
    }

    ListVirtualServicesResponse services(ListVirtualServicesRequest request)
            throws RefusedException {
        List<ServiceView> all = List.copyOf(director.view().services().values());
        Page page = Page.of(request.getPageSize(), request.getPageToken(), all.size());
        CountersView counters = counters();
        ListVirtualServicesResponse.Builder reply = ListVirtualServicesResponse.newBuilder();
        for (ServiceView view : all.subList(page.from(), page.to())) {
            reply.addVirtualServices(RuleWriter.inForce(view, counters));
        }
        return reply.setNextPageToken(page.next(all.size())).build();
    }

    RealServer server(ServerId id) throws RefusedException {
        ServiceView service = find(id.service(), "Service not defined");
        for (ServerView server : service.servers()) {
            if (server.configured().port() == id.port()
                    && server.configured().address().equals(id.address())) {
                return RuleWriter.inForce(id.service(), server, counters());
            }
        }
        throw new RefusedException(Reason.NOT_FOUND, "No such destination");
    }

    ListRealServersResponse servers(ListRealServersRequest request) throws RefusedException {
        ServiceKey key = ResourceName.service(request.getParent());
        List<ServerView> all = find(key, "Service not defined").servers();
        Page page = Page.of(request.getPageSize(), request.getPageToken(), all.size());
        CountersView counters = counters();
        ListRealServersResponse.Builder reply = ListRealServersResponse.newBuilder();
        for (ServerView server : all.subList(page.from(), page.to())) {
            reply.addRealServers(RuleWriter.inForce(key, server, counters));
        }
        return reply.setNextPageToken(page.next(all.size())).build();
    }

    ListLocalAddressesResponse locals(ServiceKey key) throws RefusedException {
        ListLocalAddressesResponse.Builder reply = ListLocalAddressesResponse.newBuilder();
        ServiceRule rule = find(key, "Service not defined").rule();
        for (Address local : rule.service().localAddresses()) {
            reply.addLocalAddresses(RuleWriter.local(key, local));
        }
        return reply.build();
    }

    ListAccessEntriesResponse accessEntries(ListAccessEntriesRequest request)
            throws RefusedException {
        ServiceKey key = ResourceName.service(request.getParent());
        ServiceRule rule = find(key, "No such service").rule();
        return AccessMapper.page(rule.service().guard().access(), request);
    }

    ListConnectionsResponse connections(ListConnectionsRequest request) throws RefusedException {
        return connections.list(request);
    }

    ListLocalPortsResponse localPorts(ListLocalPortsRequest request) throws RefusedException {
        return LocalPortListings.list(director.dataplane(), request);
    }

    ListStatisticsResponse statistics(ListStatisticsRequest request) throws RefusedException {
        CountersView counters = counters();
        ListStatisticsResponse.Builder reply = ListStatisticsResponse.newBuilder();
        if (!request.getName().isEmpty()) {
            ServiceKey key = ResourceName.service(request.getName());
            return reply.addServices(
                            StatisticsWriter.service(find(key, "No such service"), counters))
                    .build();
        }
        for (ServiceView view : director.view().services().values()) {
            reply.addServices(StatisticsWriter.service(view, counters));
        }
        return reply.setTotals(StatisticsWriter.totals(director.totals(counters)))
                .setRates(StatisticsWriter.rates(director.rates()))
                .build();
    }

    Timeouts timeouts() {
        return RuleWriter.timeouts(director.view().rules().timeouts());
    }

    MarkRules marks() {
        return MarkMapper.message(director.view().rules().marks());
    }

    Sysctls sysctls() {
        return Sysctls.newBuilder().putAllValues(director.view().rules().sysctls().all()).build();
    }

    Config config() {
        Config.Builder config =
                Config.newBuilder()
                        .setTimeouts(timeouts())
                        .addAllMarkRules(marks().getMarkRulesList())
                        .putAllSysctls(director.view().rules().sysctls().changedByName());
        for (ServiceRule rule : director.view().rules().services().values()) {
            config.addVirtualServices(RuleWriter.configured(rule));
        }
        return config.build();
    }
}
