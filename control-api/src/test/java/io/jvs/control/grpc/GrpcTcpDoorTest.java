package io.jvs.control.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.jvs.control.api.DirectorContract;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Door;
import io.jvs.control.config.GrpcSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The contract through gRPC on loopback. */
class GrpcTcpDoorTest extends DirectorContract {
    @Override
    protected Door open(DirectorMethods methods) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        GrpcEndpoint endpoint = GrpcEndpoint.open(new GrpcSpec(null, address, null), methods);
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", endpoint.port()).usePlaintext().build();
        return new GrpcDoor(endpoint, channel);
    }
}
