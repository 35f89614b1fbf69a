package io.jvs.control.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.jvs.control.api.Door;
import io.jvs.proto.v1.DirectorServiceGrpc;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A client of the gRPC server. */
final class GrpcDoor implements Door {
    private final GrpcEndpoint endpoint;
    private final ManagedChannel channel;

    GrpcDoor(GrpcEndpoint endpoint, ManagedChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
    }

    @Override
    public <R extends Message> R call(String method, Message request, R prototype) throws Refused {
        for (MethodDescriptor<?, ?> descriptor :
                DirectorServiceGrpc.getServiceDescriptor().getMethods()) {
            if (method.equals(descriptor.getBareMethodName())) {
                @SuppressWarnings("unchecked") // the test names the method of its request
                MethodDescriptor<Message, R> known = (MethodDescriptor<Message, R>) descriptor;
                return call(known, request);
            }
        }
        throw new AssertionError("no method " + method);
    }

    private <R extends Message> R call(MethodDescriptor<Message, R> method, Message request)
            throws Refused {
        try {
            return ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            throw refused(e);
        }
    }

    private static Refused refused(StatusRuntimeException e) {
        com.google.rpc.Status status = StatusProto.fromThrowable(e);
        if (status == null || status.getDetailsCount() == 0) {
            throw e;
        }
        try {
            ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
            int operation = Integer.parseInt(info.getMetadataOrDefault("operation", "0"));
            return new Refused(status.getCode(), status.getMessage(), operation);
        } catch (InvalidProtocolBufferException bad) {
            throw new AssertionError(bad);
        }
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        endpoint.close();
    }
}
