package io.jvs.control.api;

import static io.jvs.control.api.RuleReader.invalid;

import com.google.protobuf.FieldMask;
import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.director.ServerId;
import io.jvs.director.ServiceRule;
import io.jvs.director.TimeoutsSpec;
import io.jvs.director.Transaction;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.ZeroStatisticsRequest;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests that change something into operations on the desired state. */
public final class OperationReader {
    private static final Set<String> SERVICE_PATHS =
            Set.of(
                    "scheduler",
                    "scheduler_flags",
                    "persistence",
                    "persistence_engine",
                    "one_packet",
                    "health_check",
                    "real_servers",
                    "local_addresses",
                    "access_list",
                    "limits",
                    "client_address",
                    "on_server_removed",
                    "quic",
                    "syn_proxy");

    /** What ipvsadm -E sets. */
    private static final Set<String> SERVICE_DEFAULT =
            Set.of(
                    "scheduler",
                    "scheduler_flags",
                    "persistence",
                    "persistence_engine",
                    "one_packet");

    /** What ipvsadm -e sets. */
    private static final Set<String> SERVER_DEFAULT =
            Set.of("forwarding_method", "weight", "upper_threshold", "lower_threshold", "tunnel");

    private static final Set<String> SERVER_PATHS =
            Set.of(
                    "forwarding_method",
                    "weight",
                    "upper_threshold",
                    "lower_threshold",
                    "tunnel",
                    "limits",
                    "drain");

    private OperationReader() {}

    /** A whole transaction. */
    static Transaction transaction(ApplyConfigRequest request) throws RefusedException {
        List<Operation> operations =
                switch (request.getChangeCase()) {
                    case CONFIG -> List.of(replace(request.getConfig()));
                    case OPERATIONS -> operations(request.getOperations().getOperationsList());
                    case CHANGE_NOT_SET ->
                            throw invalid("ApplyConfig needs a config or operations");
                };
        return new Transaction(
                operations, request.getValidateOnly(), request.getAllowRemovingMost());
    }

    /** The whole desired state. */
    public static Operation replace(Config config) throws RefusedException {
        List<ServiceRule> rules = new ArrayList<>(config.getVirtualServicesCount());
        for (io.jvs.proto.v1.VirtualService service : config.getVirtualServicesList()) {
            rules.add(RuleReader.rule(service));
        }
        return new Operation.Replace(
                rules,
                config.hasTimeouts()
                        ? RuleReader.timeouts(config.getTimeouts())
                        : TimeoutsSpec.KEEP,
                MarkMapper.read(config.getMarkRulesList()),
                config.getSysctlsMap());
    }

    private static List<Operation> operations(List<io.jvs.proto.v1.Operation> messages)
            throws RefusedException {
        List<Operation> operations = new ArrayList<>(messages.size());
        for (io.jvs.proto.v1.Operation message : messages) {
            try {
                operations.add(operation(message));
            } catch (RefusedException e) {
                throw e.at(operations.size() + 1);
            }
        }
        return operations;
    }

    private static Operation operation(io.jvs.proto.v1.Operation message) throws RefusedException {
        return switch (message.getOperationCase()) {
            case CREATE_VIRTUAL_SERVICE -> create(message.getCreateVirtualService());
            case UPDATE_VIRTUAL_SERVICE -> update(message.getUpdateVirtualService());
            case DELETE_VIRTUAL_SERVICE ->
                    removeService(message.getDeleteVirtualService().getName());
            case CREATE_REAL_SERVER -> create(message.getCreateRealServer());
            case UPDATE_REAL_SERVER -> update(message.getUpdateRealServer());
            case DELETE_REAL_SERVER -> removeServer(message.getDeleteRealServer().getName());
            case CREATE_LOCAL_ADDRESS -> create(message.getCreateLocalAddress());
            case DELETE_LOCAL_ADDRESS -> delete(message.getDeleteLocalAddress());
            case SET_TIMEOUTS ->
                    new Operation.SetTimeouts(
                            RuleReader.timeouts(message.getSetTimeouts().getTimeouts()));
            case SET_MARK_RULES -> MarkMapper.read(message.getSetMarkRules());
            case SET_SYSCTLS -> new Operation.SetSysctls(message.getSetSysctls().getValuesMap());
            case CHANGE_ACCESS_ENTRIES -> AccessMapper.change(message.getChangeAccessEntries());
            case FLUSH -> new Operation.Flush();
            case ZERO_STATISTICS -> zero(message.getZeroStatistics());
            case OPERATION_NOT_SET -> throw invalid("an operation is empty or not known here");
        };
    }

    static Operation.AddService create(CreateVirtualServiceRequest request)
            throws RefusedException {
        return new Operation.AddService(RuleReader.rule(request.getVirtualService()));
    }

    static Operation.EditService update(UpdateVirtualServiceRequest request)
            throws RefusedException {
        ServiceRule given = RuleReader.rule(request.getVirtualService());
        Set<String> paths = paths(request.getUpdateMask(), SERVICE_PATHS, SERVICE_DEFAULT);
        return new Operation.EditService(given.key(), old -> edited(old, given, paths));
    }

    private static Set<String> paths(FieldMask mask, Set<String> known, Set<String> byDefault)
            throws RefusedException {
        if (mask.getPathsCount() == 0) {
            return byDefault;
        }
        if (mask.getPathsList().contains("*")) {
            return known;
        }
        for (String path : mask.getPathsList()) {
            if (!known.contains(path)) {
                throw invalid(
                        "update_mask: '"
                                + path
                                + "' cannot be changed; it can be "
                                + String.join(", ", known.stream().sorted().toList())
                                + " or *");
            }
        }
        return Set.copyOf(mask.getPathsList());
    }

    private static ServiceRule edited(ServiceRule old, ServiceRule given, Set<String> paths) {
        VirtualService was = old.service();
        VirtualService now = given.service();
        VirtualService edited =
                new VirtualService(
                        was.key(),
                        paths.contains("scheduler") ? now.scheduler() : was.scheduler(),
                        paths.contains("scheduler_flags") ? now.flags() : was.flags(),
                        paths.contains("persistence") ? now.persistence() : was.persistence(),
                        paths.contains("persistence_engine")
                                ? now.persistenceEngine()
                                : was.persistenceEngine(),
                        paths.contains("one_packet") ? now.onePacket() : was.onePacket(),
                        paths.contains("real_servers") ? now.servers() : was.servers(),
                        paths.contains("local_addresses")
                                ? now.localAddresses()
                                : was.localAddresses(),
                        guard(was.guard(), now.guard(), paths),
                        paths.contains("client_address")
                                ? now.clientAddress()
                                : was.clientAddress(),
                        paths.contains("quic") ? now.quic() : was.quic());
        return new ServiceRule(
                edited, paths.contains("health_check") ? given.healthCheck() : old.healthCheck());
    }

    private static ServiceGuard guard(ServiceGuard was, ServiceGuard now, Set<String> paths) {
        return new ServiceGuard(
                paths.contains("access_list") ? now.access() : was.access(),
                paths.contains("limits") ? now.limits() : was.limits(),
                paths.contains("on_server_removed") ? now.onServerRemoved() : was.onServerRemoved(),
                paths.contains("syn_proxy") ? now.synProxy() : was.synProxy());
    }

    static Operation.RemoveService removeService(String name) throws RefusedException {
        return new Operation.RemoveService(ResourceName.service(name));
    }

    static Operation.AddServer create(CreateRealServerRequest request) throws RefusedException {
        ServiceKey key = ResourceName.service(request.getParent());
        return new Operation.AddServer(key, RuleReader.server(key, request.getRealServer()));
    }

    static Operation.EditServer update(UpdateRealServerRequest request) throws RefusedException {
        ServiceKey key =
                request.getParent().isEmpty()
                        ? ResourceName.server(request.getRealServer().getName()).service()
                        : ResourceName.service(request.getParent());
        RealServer given = RuleReader.server(key, request.getRealServer());
        Set<String> paths = paths(request.getUpdateMask(), SERVER_PATHS, SERVER_DEFAULT);
        return new Operation.EditServer(
                key, given.address(), portOf(key, given, paths), old -> edited(old, given, paths));
    }

    /** As ipvsadm -e: DR and TUN silently mean the service's port. */
    private static int portOf(ServiceKey key, RealServer given, Set<String> paths) {
        boolean keepsPort =
                paths.contains("forwarding_method")
                        && (given.method() == ForwardingMethod.DIRECT_ROUTE
                                || given.method() == ForwardingMethod.TUNNEL);
        return keepsPort && key instanceof ServiceKey.Endpoint endpoint
                ? endpoint.port()
                : given.port();
    }

    private static RealServer edited(RealServer old, RealServer given, Set<String> paths) {
        return new RealServer(
                old.address(),
                old.port(),
                paths.contains("forwarding_method") ? given.method() : old.method(),
                paths.contains("weight") ? given.weight() : old.weight(),
                paths.contains("upper_threshold") ? given.upperThreshold() : old.upperThreshold(),
                paths.contains("lower_threshold") ? given.lowerThreshold() : old.lowerThreshold(),
                paths.contains("tunnel") ? given.tunnel() : old.tunnel(),
                paths.contains("limits") ? given.limits() : old.limits(),
                paths.contains("drain") ? given.drain() : old.drain());
    }

    static Operation.RemoveServer removeServer(String name) throws RefusedException {
        ServerId id = ResourceName.server(name);
        return new Operation.RemoveServer(id.service(), id.address(), id.port());
    }

    static Operation.AddLocalAddress create(CreateLocalAddressRequest request)
            throws RefusedException {
        ServiceKey key = ResourceName.service(request.getParent());
        Address address = RuleReader.address(request.getLocalAddress().getAddress());
        return new Operation.AddLocalAddress(key, address);
    }

    static Operation.RemoveLocalAddress delete(DeleteLocalAddressRequest request)
            throws RefusedException {
        ResourceName.Local local = ResourceName.local(request.getName());
        return new Operation.RemoveLocalAddress(local.service(), local.address());
    }

    static Operation.ZeroStatistics zero(ZeroStatisticsRequest request) throws RefusedException {
        return new Operation.ZeroStatistics(
                request.getName().isEmpty() ? null : ResourceName.service(request.getName()));
    }
}
