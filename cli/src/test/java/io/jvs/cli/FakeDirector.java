package io.jvs.cli;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.DeleteRealServerRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.LocalPortUse;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.Operation;
import io.jvs.proto.v1.Rates;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.SetMarkRulesRequest;
import io.jvs.proto.v1.SetSysctlsRequest;
import io.jvs.proto.v1.SetTimeoutsRequest;
import io.jvs.proto.v1.Statistics;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.ZeroStatisticsRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A director in memory that keeps rules and refuses what the kernel refuses; no packets. */
final class FakeDirector implements DirectorClient {
    private static final int INVALID_ARGUMENT = 3;
    private static final int NOT_FOUND = 5;
    private static final int PRECONDITION = 9;
    private static final int ALREADY_EXISTS = 6;
    private static final String SCHEDULERS =
            " rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos ";

    final List<String> calls = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();
    final Map<String, String> sysctls =
            new HashMap<>(
                    Map.of("conn_reuse_mode", "1", "sync_threshold", "3 50", "drop_entry", "0"));
    List<LocalPortUse> localPorts = List.of();
    MarkRules marks = MarkRules.getDefaultInstance();

    /** What another client sets in front of the next change. */
    @Nullable MarkRules marksOfAnother;

    DirectorInfo info = DirectorInfo.newBuilder().setConnectionTableSize(4096).build();
    Statistics totals = Statistics.getDefaultInstance();
    Rates rates = Rates.getDefaultInstance();
    private Map<String, VirtualService> services = new LinkedHashMap<>();
    private Timeouts timeouts =
            Timeouts.newBuilder()
                    .setTcpSeconds(900)
                    .setTcpFinSeconds(120)
                    .setUdpSeconds(300)
                    .build();

    @Override
    public <T extends MessageLite> T call(String method, MessageLite request, Parser<T> reply)
            throws DirectorException {
        calls.add(method);
        try {
            return reply.parseFrom(answer(method, request).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private MessageLite answer(String method, MessageLite request) throws DirectorException {
        return switch (request) {
            case CreateVirtualServiceRequest r -> add(r.getVirtualService());
            case UpdateVirtualServiceRequest r -> edit(r.getVirtualService());
            case DeleteVirtualServiceRequest r -> delete(r.getName());
            case CreateRealServerRequest r -> addServer(r.getParent(), r.getRealServer());
            case UpdateRealServerRequest r -> editServer(r.getParent(), r.getRealServer());
            case DeleteRealServerRequest r -> deleteServer(r.getName());
            case CreateLocalAddressRequest r -> addLocal(r);
            case DeleteLocalAddressRequest r -> deleteLocal(r.getName());
            case ApplyConfigRequest r -> apply(r);
            case SetTimeoutsRequest r -> setTimeouts(r.getTimeouts());
            case ZeroStatisticsRequest r -> zero(r.getName());
            case GetVirtualServiceRequest r -> find(r.getName(), "No such service");
            case ListStatisticsRequest r -> statistics(r.getName());
            case ListVirtualServicesRequest r -> list(r.getPageToken());
            case SetSysctlsRequest r -> setSysctls(r.getValuesMap());
            case SetMarkRulesRequest r -> setMarks(r);
            case ListLocalPortsRequest r ->
                    ListLocalPortsResponse.newBuilder()
                            .addAllLocalPorts(
                                    localPorts.subList(
                                            0, Math.min(localPorts.size(), r.getPageSize())))
                            .build();
            case ListConnectionsRequest r ->
                    ListConnectionsResponse.newBuilder().addAllConnections(connections).build();
            default -> answerPlain(method);
        };
    }

    private MessageLite answerPlain(String method) {
        return switch (method) {
            case "Flush" -> flush();
            case "GetTimeouts" -> timeouts;
            case "GetDirectorInfo" -> info;
            case "GetSysctls" -> Sysctls.newBuilder().putAllValues(sysctls).build();
            case "ListMarkRules" -> marks;
            default -> throw new IllegalArgumentException(method);
        };
    }

    private MessageLite setSysctls(Map<String, String> values) throws DirectorException {
        if (!sysctls.keySet().containsAll(values.keySet())) {
            throw new DirectorException(INVALID_ARGUMENT, "not a setting", 0);
        }
        sysctls.putAll(values);
        return Sysctls.newBuilder().putAllValues(sysctls).build();
    }

    private MessageLite setMarks(SetMarkRulesRequest request) throws DirectorException {
        MarkRules meanwhile = marksOfAnother;
        if (meanwhile != null) {
            marks = meanwhile;
            marksOfAnother = null;
        }
        if (request.hasExpected() && !request.getExpected().equals(marks)) {
            throw new DirectorException(PRECONDITION, "changed by another", 0);
        }
        marks = MarkRules.newBuilder().addAllMarkRules(request.getMarkRulesList()).build();
        return marks;
    }

    private MessageLite flush() {
        services.clear();
        return Empty.getDefaultInstance();
    }

    /** One service a page, to see that all pages are asked for. */
    private MessageLite list(String page) {
        int index = page.isEmpty() ? 0 : Integer.parseInt(page);
        List<VirtualService> all = new ArrayList<>(services.values());
        ListVirtualServicesResponse.Builder reply = ListVirtualServicesResponse.newBuilder();
        if (index < all.size()) {
            reply.addVirtualServices(all.get(index));
        }
        if (index + 1 < all.size()) {
            reply.setNextPageToken(Integer.toString(index + 1));
        }
        return reply.build();
    }

    private VirtualService add(VirtualService service) throws DirectorException {
        if (services.containsKey(ResourceNames.of(service))) {
            throw new DirectorException(ALREADY_EXISTS, "Service already exists", 0);
        }
        check(service);
        services.put(ResourceNames.of(service), service);
        return service;
    }

    private static void check(VirtualService service) throws DirectorException {
        String engine = service.getPersistenceEngine();
        if (!SCHEDULERS.contains(" " + service.getScheduler() + " ")
                || !engine.isEmpty() && !engine.equals("sip")) {
            throw new DirectorException(NOT_FOUND, "Scheduler or persistence engine not found", 0);
        }
    }

    private VirtualService edit(VirtualService service) throws DirectorException {
        VirtualService old = find(ResourceNames.of(service), "No such service");
        check(service);
        VirtualService changed =
                service.toBuilder().addAllRealServers(old.getRealServersList()).build();
        services.put(ResourceNames.of(service), changed);
        return changed;
    }

    private MessageLite delete(String name) throws DirectorException {
        find(name, "No such service");
        services.remove(name);
        return Empty.getDefaultInstance();
    }

    private VirtualService find(String name, String message) throws DirectorException {
        VirtualService service = services.get(name);
        if (service == null) {
            throw new DirectorException(NOT_FOUND, message, 0);
        }
        return service;
    }

    private static int indexOf(VirtualService service, String name) {
        for (int i = 0; i < service.getRealServersCount(); i++) {
            if (ResourceNames.of(service, service.getRealServers(i)).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private MessageLite addServer(String parent, RealServer server) throws DirectorException {
        VirtualService service = find(parent, "Service not defined");
        checkServer(server);
        if (indexOf(service, ResourceNames.of(service, server)) >= 0) {
            throw new DirectorException(ALREADY_EXISTS, "Destination already exists", 0);
        }
        services.put(parent, service.toBuilder().addRealServers(0, seen(server)).build());
        return server;
    }

    private static RealServer seen(RealServer server) {
        return server.toBuilder().setEffectiveWeight(server.getWeight()).build();
    }

    private static void checkServer(RealServer server) throws DirectorException {
        String address = server.getAddress();
        if (address.equals("0.0.0.0")
                || address.equals("255.255.255.255")
                || address.startsWith("224.")
                || address.startsWith("fe80:")) {
            throw new DirectorException(
                    INVALID_ARGUMENT,
                    "Invalid operation.  Possibly wrong module version, address not unicast, ...",
                    0);
        }
        if (server.getUpperThreshold() != 0
                && server.getLowerThreshold() > server.getUpperThreshold()) {
            throw new DirectorException(INVALID_ARGUMENT, "Numerical result out of range", 0);
        }
    }

    private MessageLite editServer(String parent, RealServer server) throws DirectorException {
        VirtualService service = find(parent, "Service not defined");
        int index = indexOf(service, ResourceNames.of(service, server));
        if (index < 0) {
            throw new DirectorException(NOT_FOUND, "No such destination", 0);
        }
        services.put(parent, service.toBuilder().setRealServers(index, seen(server)).build());
        return server;
    }

    private MessageLite deleteServer(String name) throws DirectorException {
        String parent = name.substring(0, name.indexOf("/realServers/"));
        VirtualService service = find(parent, "Service not defined");
        int index = indexOf(service, name);
        if (index < 0) {
            throw new DirectorException(NOT_FOUND, "No such destination", 0);
        }
        services.put(parent, service.toBuilder().removeRealServers(index).build());
        return Empty.getDefaultInstance();
    }

    private MessageLite addLocal(CreateLocalAddressRequest request) throws DirectorException {
        VirtualService service = find(request.getParent(), "Service not defined");
        services.put(
                request.getParent(),
                service.toBuilder()
                        .addLocalAddresses(request.getLocalAddress().getAddress())
                        .build());
        return request.getLocalAddress();
    }

    private MessageLite deleteLocal(String name) throws DirectorException {
        int split = name.indexOf("/localAddresses/");
        VirtualService service = find(name.substring(0, split), "Service not defined");
        List<String> left = new ArrayList<>(service.getLocalAddressesList());
        left.remove(name.substring(split + "/localAddresses/".length()));
        services.put(
                name.substring(0, split),
                service.toBuilder().clearLocalAddresses().addAllLocalAddresses(left).build());
        return Empty.getDefaultInstance();
    }

    private MessageLite setTimeouts(Timeouts wanted) {
        Timeouts.Builder changed = timeouts.toBuilder();
        if (wanted.getTcpSeconds() != 0) {
            changed.setTcpSeconds(wanted.getTcpSeconds());
        }
        if (wanted.getTcpFinSeconds() != 0) {
            changed.setTcpFinSeconds(wanted.getTcpFinSeconds());
        }
        if (wanted.getUdpSeconds() != 0) {
            changed.setUdpSeconds(wanted.getUdpSeconds());
        }
        timeouts = changed.build();
        return timeouts;
    }

    private MessageLite zero(String name) throws DirectorException {
        if (!name.isEmpty()) {
            find(name, "No such service");
        }
        totals = Statistics.getDefaultInstance();
        return Empty.getDefaultInstance();
    }

    private MessageLite statistics(String name) throws DirectorException {
        ListStatisticsResponse.Builder reply = ListStatisticsResponse.newBuilder();
        List<VirtualService> wanted =
                name.isEmpty()
                        ? new ArrayList<>(services.values())
                        : List.of(find(name, "No such service"));
        for (VirtualService service : wanted) {
            ServiceStatistics.Builder line =
                    ServiceStatistics.newBuilder()
                            .setProtocol(service.getProtocol())
                            .setAddress(service.getAddress())
                            .setPort(service.getPort())
                            .setFirewallMark(service.getFirewallMark())
                            .setFamily(service.getFamily())
                            .setTotals(totals)
                            .setRates(rates);
            for (RealServer server : service.getRealServersList()) {
                line.addRealServers(
                        RealServerStatistics.newBuilder()
                                .setAddress(server.getAddress())
                                .setPort(server.getPort())
                                .setTotals(totals)
                                .setRates(rates));
            }
            reply.addServices(line);
        }
        return reply.build();
    }

    private MessageLite apply(ApplyConfigRequest request) throws DirectorException {
        Map<String, VirtualService> before = new LinkedHashMap<>(services);
        int number = 1;
        for (Operation operation : request.getOperations().getOperationsList()) {
            try {
                Change.send(operation, this);
            } catch (DirectorException e) {
                services = before;
                throw new DirectorException(e.code(), e.getMessage(), number);
            } catch (CommandException e) {
                throw new IllegalStateException(e);
            }
            number++;
        }
        return ApplyConfigResponse.getDefaultInstance();
    }
}
