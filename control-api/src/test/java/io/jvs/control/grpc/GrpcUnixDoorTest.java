package io.jvs.control.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.jvs.control.api.DirectorContract;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Door;
import io.jvs.control.config.GrpcSpec;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract through gRPC on a Unix socket; and the services that stand beside. */
class GrpcUnixDoorTest extends DirectorContract {
    @TempDir private Path directory;
    private @Nullable ManagedChannel channel;

    @Override
    protected Door open(DirectorMethods methods) throws Exception {
        Path socket = directory.resolve("grpc.sock");
        GrpcEndpoint endpoint = GrpcEndpoint.open(new GrpcSpec(socket, null, null), methods);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        ManagedChannel opened =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .eventLoopGroup(
                                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                        .usePlaintext()
                        .build();
        channel = opened;
        return new GrpcDoor(endpoint, opened);
    }

    @Test
    void shouldSayThatItServes() {
        for (String service : new String[] {"", "jvs.v1.DirectorService"}) {
            assertThat(
                            HealthGrpc.newBlockingStub(Objects.requireNonNull(channel))
                                    .check(
                                            HealthCheckRequest.newBuilder()
                                                    .setService(service)
                                                    .build())
                                    .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void shouldDescribeItsServices() throws Exception {
        CompletableFuture<ServerReflectionResponse> reply = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests =
                ServerReflectionGrpc.newStub(Objects.requireNonNull(channel))
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse value) {
                                        reply.complete(value);
                                    }

                                    @Override
                                    public void onError(Throwable t) {
                                        reply.completeExceptionally(t);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        reply.cancel(false);
                                    }
                                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(reply.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("jvs.v1.DirectorService", "grpc.health.v1.Health");
        requests.onCompleted();
    }
}
