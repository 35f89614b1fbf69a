package io.jvs.control.api;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.jvs.director.ApplyResult;
import io.jvs.director.Director;
import io.jvs.director.DirectorProxy;
import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.director.ServerId;
import io.jvs.director.Transaction;
import io.jvs.proto.v1.AccessList;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.DeleteRealServerRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.FlushRequest;
import io.jvs.proto.v1.GetConfigRequest;
import io.jvs.proto.v1.GetDirectorInfoRequest;
import io.jvs.proto.v1.GetRealServerRequest;
import io.jvs.proto.v1.GetSysctlsRequest;
import io.jvs.proto.v1.GetTimeoutsRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListLocalAddressesRequest;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListMarkRulesRequest;
import io.jvs.proto.v1.ListRealServersRequest;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.LocalAddress;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.SetMarkRulesRequest;
import io.jvs.proto.v1.SetSysctlsRequest;
import io.jvs.proto.v1.SetTimeoutsRequest;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.ZeroStatisticsRequest;
import io.jvs.service.ServiceKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code jvs.v1.DirectorService}, one table for all doors. Any thread; a method that
 * changes something returns when all workers have applied it.
 */
public final class DirectorMethods {
    private final Map<String, Method<?, ?>> methods = new LinkedHashMap<>();
    private final DirectorProxy proxy;
    private final DirectorReader reader;

    /** The methods of a director. */
    public DirectorMethods(Director director, DirectorProxy proxy, DirectorFacts facts) {
        this.proxy = proxy;
        this.reader = new DirectorReader(director, facts);
        addReads();
        addServiceChanges();
        addServerChanges();
        addOtherChanges();
    }

    /** A method by its short name, or null. */
    public @Nullable Method<?, ?> find(String name) {
        return methods.get(name);
    }

    /** All of them. */
    public Collection<Method<?, ?>> all() {
        return methods.values();
    }

    private <Q extends Message, R extends Message> void add(
            String name, Q prototype, Method.Handler<Q, R> handler) {
        methods.put(name, new Method<>(name, prototype, handler));
    }

    private void addReads() {
        add(
                "GetDirectorInfo",
                GetDirectorInfoRequest.getDefaultInstance(),
                request -> reader.info());
        add(
                "GetVirtualService",
                GetVirtualServiceRequest.getDefaultInstance(),
                request -> reader.service(ResourceName.service(request.getName())));
        add(
                "ListVirtualServices",
                ListVirtualServicesRequest.getDefaultInstance(),
                reader::services);
        add(
                "GetRealServer",
                GetRealServerRequest.getDefaultInstance(),
                request -> reader.server(ResourceName.server(request.getName())));
        add("ListRealServers", ListRealServersRequest.getDefaultInstance(), reader::servers);
        add(
                "ListLocalAddresses",
                ListLocalAddressesRequest.getDefaultInstance(),
                request -> reader.locals(ResourceName.service(request.getParent())));
        add(
                "ListAccessEntries",
                ListAccessEntriesRequest.getDefaultInstance(),
                reader::accessEntries);
        add("ListConnections", ListConnectionsRequest.getDefaultInstance(), reader::connections);
        add("ListLocalPorts", ListLocalPortsRequest.getDefaultInstance(), reader::localPorts);
        add("ListStatistics", ListStatisticsRequest.getDefaultInstance(), reader::statistics);
        add("GetTimeouts", GetTimeoutsRequest.getDefaultInstance(), request -> reader.timeouts());
        add("ListMarkRules", ListMarkRulesRequest.getDefaultInstance(), request -> reader.marks());
        add("GetSysctls", GetSysctlsRequest.getDefaultInstance(), request -> reader.sysctls());
        add("GetConfig", GetConfigRequest.getDefaultInstance(), request -> reader.config());
    }

    private void addServiceChanges() {
        add(
                "CreateVirtualService",
                CreateVirtualServiceRequest.getDefaultInstance(),
                this::createService);
        add(
                "UpdateVirtualService",
                UpdateVirtualServiceRequest.getDefaultInstance(),
                this::updateService);
        add(
                "DeleteVirtualService",
                DeleteVirtualServiceRequest.getDefaultInstance(),
                request -> change(OperationReader.removeService(request.getName())));
    }

    private void addServerChanges() {
        add("CreateRealServer", CreateRealServerRequest.getDefaultInstance(), this::createServer);
        add("UpdateRealServer", UpdateRealServerRequest.getDefaultInstance(), this::updateServer);
        add(
                "DeleteRealServer",
                DeleteRealServerRequest.getDefaultInstance(),
                request -> change(OperationReader.removeServer(request.getName())));
        add(
                "CreateLocalAddress",
                CreateLocalAddressRequest.getDefaultInstance(),
                this::createLocal);
        add(
                "DeleteLocalAddress",
                DeleteLocalAddressRequest.getDefaultInstance(),
                request -> change(OperationReader.delete(request)));
    }

    private void addOtherChanges() {
        add(
                "ChangeAccessEntries",
                ChangeAccessEntriesRequest.getDefaultInstance(),
                this::changeAccess);
        add(
                "ZeroStatistics",
                ZeroStatisticsRequest.getDefaultInstance(),
                request -> change(OperationReader.zero(request)));
        add("SetTimeouts", SetTimeoutsRequest.getDefaultInstance(), this::setTimeouts);
        add("SetMarkRules", SetMarkRulesRequest.getDefaultInstance(), this::setMarks);
        add("SetSysctls", SetSysctlsRequest.getDefaultInstance(), this::setSysctls);
        add("Flush", FlushRequest.getDefaultInstance(), request -> change(new Operation.Flush()));
        add("ApplyConfig", ApplyConfigRequest.getDefaultInstance(), this::applyConfig);
    }

    private Empty change(Operation operation) throws RefusedException {
        proxy.await(Transaction.of(operation));
        return Empty.getDefaultInstance();
    }

    private VirtualService createService(CreateVirtualServiceRequest request)
            throws RefusedException {
        Operation.AddService operation = OperationReader.create(request);
        change(operation);
        return reader.service(operation.rule().key());
    }

    private VirtualService updateService(UpdateVirtualServiceRequest request)
            throws RefusedException {
        Operation.EditService operation = OperationReader.update(request);
        change(operation);
        return reader.service(operation.key());
    }

    private RealServer createServer(CreateRealServerRequest request) throws RefusedException {
        Operation.AddServer operation = OperationReader.create(request);
        change(operation);
        return reader.server(ServerId.of(operation.key(), operation.server()));
    }

    private RealServer updateServer(UpdateRealServerRequest request) throws RefusedException {
        Operation.EditServer operation = OperationReader.update(request);
        change(operation);
        return reader.server(new ServerId(operation.key(), operation.address(), operation.port()));
    }

    private LocalAddress createLocal(CreateLocalAddressRequest request) throws RefusedException {
        Operation.AddLocalAddress operation = OperationReader.create(request);
        change(operation);
        ServiceKey key = operation.key();
        return RuleWriter.local(key, operation.address());
    }

    private AccessList changeAccess(ChangeAccessEntriesRequest request) throws RefusedException {
        Operation.ChangeAccess operation = AccessMapper.change(request);
        change(operation);
        return reader.service(operation.key()).getAccessList();
    }

    private Timeouts setTimeouts(SetTimeoutsRequest request) throws RefusedException {
        change(new Operation.SetTimeouts(RuleReader.timeouts(request.getTimeouts())));
        return reader.timeouts();
    }

    private MarkRules setMarks(SetMarkRulesRequest request) throws RefusedException {
        change(MarkMapper.read(request));
        return reader.marks();
    }

    private Sysctls setSysctls(SetSysctlsRequest request) throws RefusedException {
        change(new Operation.SetSysctls(request.getValuesMap()));
        return reader.sysctls();
    }

    private ApplyConfigResponse applyConfig(ApplyConfigRequest request) throws RefusedException {
        ApplyResult result = proxy.await(OperationReader.transaction(request));
        return ApplyConfigResponse.newBuilder()
                .setGeneration(result.generation())
                .setChanged(result.changed())
                .setAdded(result.added())
                .setEdited(result.edited())
                .setRemoved(result.removed())
                .build();
    }
}
