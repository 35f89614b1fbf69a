package io.jvs.control.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where gRPC listens: a Unix socket or a TCP address, one of them.
 *
 * @param socket path of the Unix socket
 * @param address TCP address; on loopback, or with {@code tls}
 * @param tls null for no TLS
 */
public record GrpcSpec(
        @Nullable Path socket, @Nullable InetSocketAddress address, @Nullable Tls tls) {
    /**
     * Files in PEM form.
     *
     * @param certificateChain the server's
     * @param privateKey the server's
     * @param clientCa what clients' certificates must be signed by
     */
    public record Tls(Path certificateChain, Path privateKey, Path clientCa) {}
}
