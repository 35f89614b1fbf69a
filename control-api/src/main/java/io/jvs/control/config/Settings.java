package io.jvs.control.config;

import io.jvs.director.Operation;
import io.jvs.worker.DataplaneSpec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file, checked.
 *
 * @param dataplane what the data plane is opened with
 * @param maxConnections most connections over all workers
 * @param controlSocket path of the local tools' socket
 * @param controlGroup group that may use it too, empty for none
 * @param grpc null for no gRPC
 * @param metrics where /metrics is, null for nowhere
 * @param stateDirectory where rules are kept
 * @param health defaults of the health checks
 * @param initial rules to start with
 * @param initialHash SHA-256 (hex) of them, empty when there are none
 */
public record Settings(
        DataplaneSpec dataplane,
        int maxConnections,
        Path controlSocket,
        String controlGroup,
        @Nullable GrpcSpec grpc,
        @Nullable InetSocketAddress metrics,
        Path stateDirectory,
        HealthDefaults health,
        Operation.Replace initial,
        String initialHash) {}
