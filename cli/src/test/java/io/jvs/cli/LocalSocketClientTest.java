package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jvs.proto.v1.GetTimeoutsRequest;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import io.jvs.proto.v1.Timeouts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LocalSocketClientTest {
    @TempDir Path directory;

    private final List<String> methods = new ArrayList<>();

    /** Answers one connection's requests with these replies, then closes it. */
    private Thread serve(ServerSocketChannel server, LocalReply... replies) {
        return Thread.ofPlatform()
                .start(() -> {
                    try (SocketChannel connection = server.accept()) {
                        answer(connection, replies);
                    } catch (IOException e) {
                        methods.add(e.toString());
                    }
                });
    }

    private void answer(SocketChannel connection, LocalReply... replies) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(connection));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(connection));
        for (LocalReply reply : replies) {
            methods.add(LocalRequest.parseFrom(in.readNBytes(in.readInt())).getMethod());
            out.writeInt(reply.getSerializedSize());
            out.write(reply.toByteArray());
        }
    }

    private static Timeouts timeouts(LocalSocketClient client)
            throws DirectorException, CommandException {
        return client.call(
                "GetTimeouts", GetTimeoutsRequest.getDefaultInstance(), Timeouts.parser());
    }

    @Test
    void shouldCarryRepliesAndRefusals() throws Exception {
        Path socket = directory.resolve("s");
        Timeouts wanted = Timeouts.newBuilder().setTcpSeconds(7).build();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                LocalSocketClient client = new LocalSocketClient(socket)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread =
                    serve(
                            server,
                            LocalReply.newBuilder().setPayload(wanted.toByteString()).build(),
                            LocalReply.newBuilder()
                                    .setCode(5)
                                    .setMessage("No such service")
                                    .setFailedOperation(3)
                                    .build());
            assertThat(timeouts(client)).isEqualTo(wanted);
            DirectorException refusal =
                    catchThrowableOfType(DirectorException.class, () -> timeouts(client));
            assertThat(refusal).hasMessage("No such service");
            assertThat(refusal.code()).isEqualTo(5);
            assertThat(refusal.failedOperation()).isEqualTo(3);
            thread.join();
            assertThat(methods).containsExactly("GetTimeouts", "GetTimeouts");

            CommandException closed =
                    catchThrowableOfType(CommandException.class, () -> timeouts(client));
            assertThat(closed.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(closed).hasMessageContaining(socket.toString());
        }
    }

    @Test
    void shouldSayWhereNoDirectorAnswers() {
        Path socket = directory.resolve("none");
        try (LocalSocketClient client = new LocalSocketClient(socket)) {
            CommandException none =
                    catchThrowableOfType(CommandException.class, () -> timeouts(client));
            assertThat(none.exitCode()).isEqualTo(ExitCode.ARGUMENT);
            assertThat(none)
                    .hasMessageStartingWith("Can't initialize ipvs: ")
                    .hasMessageContaining(socket.toString());
        }
    }
}
