package io.jvs.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.LocalPortUse;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.Persistence;
import io.jvs.proto.v1.PortInfo;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.Rates;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.Statistics;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.WorkerInfo;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs the usual commands once against answers made up here, so that the JVM that records the
 * ahead-of-time cache of bin/jvsadm sees the classes that they need. Part of the build.
 */
final class CacheTraining {
    private static final String[] COMMANDS = {
        "-Ln",
        "-L -n --stats",
        "-Ln --rate",
        "-Lnc",
        "-Sn",
        "-L -t 127.0.0.1:80",
        "-Ln --timeout",
        "-A -t 10.0.0.1:http -s rr -p 300 -M 255.255.255.0",
        "-a -t [2001:db8::1]:80 -r [2001:db8::2]:80 -m -w 1",
        "-d -t 10.0.0.1:80 -r 10.0.0.2:80",
        "-R",
        "-C",
        "-Z",
        "-v",
        "-h",
        "--nosuch",
    };

    private static final String[] EVERYDAY = {
        "sysctl",
        "sysctl -n conn_reuse_mode",
        "sysctl net.ipv4.vs.conn_reuse_mode=1",
        "mark list",
        "mark add -p tcp -s 10.0.0.0/8 -d 2001:db8::1 --dport 80:90 --mark 1",
        "mark nosuch",
        "status",
        "local-ports",
    };

    private CacheTraining() {}

    /** Runs all of them; fails when the socket cannot be made. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("jvsadm");
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> serve(server));
            for (String command : COMMANDS) {
                run(socket, command);
            }
            for (String command : EVERYDAY) {
                runEveryday(socket, command);
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        }
    }

    private static void run(Path socket, String command) {
        List<String> words = new ArrayList<>(List.of("--socket", socket.toString()));
        Collections.addAll(words, command.split(" "));
        JvsadmMain.run(words);
    }

    private static void runEveryday(Path socket, String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(1, "--socket=" + socket);
        JvsMain.run(words);
    }

    private static void serve(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                while (answer(connection)) {
                    // Until the client closes it.
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private static boolean answer(SocketChannel connection) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(connection, length)) {
            return false;
        }
        ByteBuffer request = ByteBuffer.allocate(length.getInt(0));
        fill(connection, request);
        MessageLite message = sample(LocalRequest.parseFrom(request.array()).getMethod());
        byte[] reply =
                LocalReply.newBuilder().setPayload(message.toByteString()).build().toByteArray();
        connection.write(
                ByteBuffer.allocate(Integer.BYTES + reply.length)
                        .putInt(reply.length)
                        .put(reply)
                        .flip());
        return true;
    }

    private static boolean fill(SocketChannel connection, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (connection.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    private static MessageLite sample(String method) {
        return switch (method) {
            case "ListVirtualServices" ->
                    ListVirtualServicesResponse.newBuilder().addVirtualServices(service()).build();
            case "GetVirtualService", "CreateVirtualService" -> service();
            case "ListStatistics" -> statistics();
            case "GetSysctls", "SetSysctls" ->
                    Sysctls.newBuilder().putValues("conn_reuse_mode", "1").build();
            case "ListMarkRules", "SetMarkRules" ->
                    MarkRules.newBuilder().addMarkRules(MarkRule.newBuilder().setMark(1)).build();
            case "GetDirectorInfo" ->
                    DirectorInfo.newBuilder()
                            .addPorts(PortInfo.newBuilder().setName("lan"))
                            .addWorkers(WorkerInfo.newBuilder().setCycles(1))
                            .build();
            case "ListLocalPorts" ->
                    ListLocalPortsResponse.newBuilder()
                            .addLocalPorts(LocalPortUse.newBuilder().setCapacity(1))
                            .build();
            case "ListConnections" ->
                    ListConnectionsResponse.newBuilder()
                            .addConnections(
                                    Connection.newBuilder()
                                            .setProtocol(6)
                                            .setClientAddress("10.0.0.3")
                                            .setVirtualAddress("10.0.0.1")
                                            .setRealAddress("10.0.0.2")
                                            .setState("ESTABLISHED"))
                            .build();
            default -> LocalRequest.newBuilder().setPayload(ByteString.EMPTY).build();
        };
    }

    private static VirtualService service() {
        return VirtualService.newBuilder()
                .setProtocol(Protocol.PROTOCOL_TCP)
                .setAddress("127.0.0.1")
                .setPort(80)
                .setScheduler("wlc")
                .setPersistence(Persistence.newBuilder().setTimeoutSeconds(300))
                .addRealServers(
                        RealServer.newBuilder()
                                .setAddress("::1")
                                .setPort(80)
                                .setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_NAT)
                                .setWeight(1))
                .addLocalAddresses("127.0.0.1")
                .build();
    }

    private static ListStatisticsResponse statistics() {
        Statistics totals = Statistics.newBuilder().setIncomingBytes(123_456_789).build();
        Rates rates = Rates.newBuilder().setIncomingBytesPerSecond(1).build();
        return ListStatisticsResponse.newBuilder()
                .addServices(
                        ServiceStatistics.newBuilder()
                                .setProtocol(Protocol.PROTOCOL_UDP)
                                .setAddress("127.0.0.1")
                                .setPort(53)
                                .setTotals(totals)
                                .setRates(rates)
                                .addRealServers(
                                        RealServerStatistics.newBuilder()
                                                .setAddress("127.0.0.1")
                                                .setTotals(totals)
                                                .setRates(rates)))
                .build();
    }
}
