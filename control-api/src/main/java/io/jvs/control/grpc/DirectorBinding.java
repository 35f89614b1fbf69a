package io.jvs.control.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Method;
import io.jvs.control.api.StatusCode;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.proto.v1.DirectorServiceGrpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the table of methods to the service's descriptor. */
final class DirectorBinding {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorBinding.class);
    private static final String DOMAIN = "jvs.io";

    private DirectorBinding() {}

    static ServerServiceDefinition bind(DirectorMethods methods) {
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(DirectorServiceGrpc.getServiceDescriptor());
        for (MethodDescriptor<?, ?> descriptor :
                DirectorServiceGrpc.getServiceDescriptor().getMethods()) {
            Method<?, ?> method = methods.find(String.valueOf(descriptor.getBareMethodName()));
            if (method == null) {
                throw new IllegalStateException(
                        descriptor.getFullMethodName() + " is not in the table of methods");
            }
            add(definition, descriptor, method);
        }
        return definition.build();
    }

    @SuppressWarnings(
            "unchecked") // descriptor and method have the same name, and so the same types
    private static <Q extends Message, R extends Message> void add(
            ServerServiceDefinition.Builder definition,
            MethodDescriptor<?, ?> descriptor,
            Method<Q, R> method) {
        definition.addMethod(
                (MethodDescriptor<Q, R>) descriptor,
                ServerCalls.asyncUnaryCall((request, observer) -> call(method, request, observer)));
    }

    private static <Q extends Message, R extends Message> void call(
            Method<Q, R> method, Q request, StreamObserver<R> observer) {
        R reply;
        try {
            reply = method.handler().handle(request);
        } catch (RefusedException e) {
            observer.onError(status(e));
            return;
        } catch (RuntimeException e) {
            LOG.error("{} failed", method.name(), e);
            observer.onError(
                    status(new RefusedException(Reason.INTERNAL, "the director failed: " + e)));
            return;
        }
        observer.onNext(reply);
        observer.onCompleted();
    }

    private static StatusRuntimeException status(RefusedException e) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(e.reason().name());
        if (e.operation() > 0) {
            info.putMetadata("operation", Integer.toString(e.operation()));
        }
        return StatusProto.toStatusRuntimeException(
                Status.newBuilder()
                        .setCode(StatusCode.of(e.reason()))
                        .setMessage(e.sentence())
                        .addDetails(Any.pack(info.build()))
                        .build());
    }
}
