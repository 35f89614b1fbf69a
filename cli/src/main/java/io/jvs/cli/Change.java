package io.jvs.cli;

import com.google.protobuf.Empty;
import io.jvs.cli.option.ParsedCommand;
import io.jvs.cli.option.Setting;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.DeleteRealServerRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.FlushRequest;
import io.jvs.proto.v1.LocalAddress;
import io.jvs.proto.v1.Operation;
import io.jvs.proto.v1.SetTimeoutsRequest;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.ZeroStatisticsRequest;

/** Command lines that change something, as operations of the API. */
final class Change {
    private Change() {}

    /** The operation of a command line; none is set in it when the command changes nothing. */
    static Operation operation(ParsedCommand parsed) {
        Operation.Builder operation = Operation.newBuilder();
        VirtualService service = parsed.service();
        switch (parsed.command()) {
            case ADD_SERVICE ->
                    operation.setCreateVirtualService(
                            CreateVirtualServiceRequest.newBuilder().setVirtualService(service));
            case EDIT_SERVICE ->
                    operation.setUpdateVirtualService(
                            UpdateVirtualServiceRequest.newBuilder().setVirtualService(service));
            case DELETE_SERVICE ->
                    operation.setDeleteVirtualService(
                            DeleteVirtualServiceRequest.newBuilder()
                                    .setName(ResourceNames.of(service)));
            case CLEAR -> operation.setFlush(FlushRequest.getDefaultInstance());
            case SET ->
                    operation.setSetTimeouts(
                            SetTimeoutsRequest.newBuilder().setTimeouts(parsed.timeouts()));
            case ZERO ->
                    operation.setZeroStatistics(
                            ZeroStatisticsRequest.newBuilder()
                                    .setName(
                                            parsed.has(Setting.SERVICE)
                                                    ? ResourceNames.of(service)
                                                    : ""));
            default -> setPart(operation, parsed, service);
        }
        return operation.build();
    }

    /** Operations on parts of a service. */
    private static void setPart(
            Operation.Builder operation, ParsedCommand parsed, VirtualService service) {
        String parent = ResourceNames.of(service);
        switch (parsed.command()) {
            case ADD_SERVER ->
                    operation.setCreateRealServer(
                            CreateRealServerRequest.newBuilder()
                                    .setParent(parent)
                                    .setRealServer(parsed.server()));
            case EDIT_SERVER ->
                    operation.setUpdateRealServer(
                            UpdateRealServerRequest.newBuilder()
                                    .setParent(parent)
                                    .setRealServer(parsed.server()));
            case DELETE_SERVER ->
                    operation.setDeleteRealServer(
                            DeleteRealServerRequest.newBuilder()
                                    .setName(ResourceNames.of(service, parsed.server())));
            case ADD_LADDR ->
                    operation.setCreateLocalAddress(
                            CreateLocalAddressRequest.newBuilder()
                                    .setParent(parent)
                                    .setLocalAddress(
                                            LocalAddress.newBuilder()
                                                    .setAddress(parsed.localAddress())));
            case DELETE_LADDR ->
                    operation.setDeleteLocalAddress(
                            DeleteLocalAddressRequest.newBuilder()
                                    .setName(ResourceNames.of(service, parsed.localAddress())));
            default -> {
                // Changes nothing.
            }
        }
    }

    /** Sends one operation by its own method. */
    static void send(Operation operation, DirectorClient director)
            throws DirectorException, CommandException {
        switch (operation.getOperationCase()) {
            case CREATE_VIRTUAL_SERVICE ->
                    director.call(
                            "CreateVirtualService",
                            operation.getCreateVirtualService(),
                            VirtualService.parser());
            case UPDATE_VIRTUAL_SERVICE ->
                    director.call(
                            "UpdateVirtualService",
                            operation.getUpdateVirtualService(),
                            VirtualService.parser());
            case DELETE_VIRTUAL_SERVICE ->
                    director.call(
                            "DeleteVirtualService",
                            operation.getDeleteVirtualService(),
                            Empty.parser());
            case FLUSH -> director.call("Flush", operation.getFlush(), Empty.parser());
            case SET_TIMEOUTS ->
                    director.call(
                            "SetTimeouts",
                            operation.getSetTimeouts(),
                            io.jvs.proto.v1.Timeouts.parser());
            case ZERO_STATISTICS ->
                    director.call("ZeroStatistics", operation.getZeroStatistics(), Empty.parser());
            default -> sendPart(operation, director);
        }
    }

    private static void sendPart(Operation operation, DirectorClient director)
            throws DirectorException, CommandException {
        switch (operation.getOperationCase()) {
            case CREATE_REAL_SERVER ->
                    director.call(
                            "CreateRealServer",
                            operation.getCreateRealServer(),
                            io.jvs.proto.v1.RealServer.parser());
            case UPDATE_REAL_SERVER ->
                    director.call(
                            "UpdateRealServer",
                            operation.getUpdateRealServer(),
                            io.jvs.proto.v1.RealServer.parser());
            case DELETE_REAL_SERVER ->
                    director.call(
                            "DeleteRealServer", operation.getDeleteRealServer(), Empty.parser());
            case CREATE_LOCAL_ADDRESS ->
                    director.call(
                            "CreateLocalAddress",
                            operation.getCreateLocalAddress(),
                            LocalAddress.parser());
            case DELETE_LOCAL_ADDRESS ->
                    director.call(
                            "DeleteLocalAddress",
                            operation.getDeleteLocalAddress(),
                            Empty.parser());
            default -> throw new IllegalArgumentException("no operation");
        }
    }
}
