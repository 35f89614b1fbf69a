package io.jvs.control.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.config.GrpcSpec;
import io.jvs.control.local.UnixSocketFile;
import io.jvs.proto.v1.DirectorServiceGrpc;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * gRPC on a Unix socket (mode 0600), on loopback, or elsewhere with TLS and clients' certificates;
 * with the health and reflection services. Calls run on virtual threads.
 */
public final class GrpcEndpoint implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 16 << 20;
    private static final int MAX_CALLS_A_CONNECTION = 1000;
    private static final long MAX_CONNECTION_AGE_MINUTES = 30;
    private static final long MIN_KEEPALIVE_SECONDS = 10;
    private static final long DRAIN_SECONDS = 3;

    private final Server server;
    private final HealthStatusManager health;
    private final MultiThreadIoEventLoopGroup loops;
    private final ExecutorService calls;
    private final @Nullable UnixSocketFile file;

    private GrpcEndpoint(
            Server server,
            HealthStatusManager health,
            MultiThreadIoEventLoopGroup loops,
            ExecutorService calls,
            @Nullable UnixSocketFile file) {
        this.server = server;
        this.health = health;
        this.loops = loops;
        this.calls = calls;
        this.file = file;
    }

    /**
     * Listens, and serves until it is closed.
     *
     * @throws IOException with a sentence when the address cannot be used
     */
    public static GrpcEndpoint open(GrpcSpec spec, DirectorMethods methods) throws IOException {
        Path socket = spec.socket();
        UnixSocketFile file = socket == null ? null : UnixSocketFile.prepare(socket);
        SocketAddress address =
                file == null ? Objects.requireNonNull(spec.address()) : file.bindAddress();
        MultiThreadIoEventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        HealthStatusManager health = new HealthStatusManager();
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address, credentials(spec))
                        .channelType(
                                file == null
                                        ? NioServerSocketChannel.class
                                        : NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loops)
                        .workerEventLoopGroup(loops)
                        .executor(calls)
                        .maxInboundMessageSize(MAX_REQUEST_BYTES)
                        .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
                        .permitKeepAliveTime(MIN_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .maxConnectionAge(MAX_CONNECTION_AGE_MINUTES, TimeUnit.MINUTES)
                        .addService(DirectorBinding.bind(methods))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance());
        GrpcEndpoint endpoint = new GrpcEndpoint(builder.build(), health, loops, calls, file);
        try {
            endpoint.server.start();
            if (file != null) {
                file.publish("");
            }
        } catch (IOException e) {
            endpoint.close();
            throw new IOException("grpc_address " + place(spec) + " cannot be used: " + e, e);
        }
        health.setStatus("", ServingStatus.SERVING);
        health.setStatus(DirectorServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
        return endpoint;
    }

    private static Object place(GrpcSpec spec) {
        return spec.socket() == null ? Objects.requireNonNull(spec.address()) : spec.socket();
    }

    private static ServerCredentials credentials(GrpcSpec spec) throws IOException {
        GrpcSpec.Tls tls = spec.tls();
        if (tls == null) {
            return InsecureServerCredentials.create();
        }
        return TlsServerCredentials.newBuilder()
                .keyManager(tls.certificateChain().toFile(), tls.privateKey().toFile())
                .trustManager(tls.clientCa().toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
    }

    /** The TCP port, -1 for a Unix socket. */
    public int port() {
        return server.getPort();
    }

    /** Tells clients that it ends, lets running calls finish for a moment, and stops. */
    @Override
    public void close() throws IOException {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        Future<?> _ = loops.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS);
        calls.shutdown();
        if (file != null) {
            file.close();
        }
    }
}
