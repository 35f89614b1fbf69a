package io.jvs.control.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.control.api.DirectorFacts;
import io.jvs.control.api.DirectorMethods;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.FakeDataplane;
import io.jvs.director.Rules;
import io.jvs.director.TestRules;
import io.jvs.director.TestRules.MemoryStore;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEndpointTest {
    @TempDir private Path directory;
    private Path socket;
    private DirectorThread thread;
    private DirectorMethods methods;
    private LocalEndpoint endpoint;

    @BeforeEach
    void open() throws Exception {
        socket = directory.resolve("jvs.sock");
        Director director =
                new Director(new FakeDataplane(), new MemoryStore(), TestRules.SCHEDULERS);
        thread = DirectorThread.start(director, Rules.EMPTY, System::nanoTime);
        methods = new DirectorMethods(director, thread.proxy(), new DirectorFacts("1", 1, 0));
        endpoint = LocalEndpoint.open(socket, "", methods);
    }

    @AfterEach
    void close() throws Exception {
        endpoint.close();
        thread.close();
    }

    @Test
    void shouldRefuseARequestThatIsTooLongAndEndTheConnection() throws Exception {
        try (LocalClient client = new LocalClient(socket)) {
            client.sendRaw(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
            LocalReply reply = client.receive();
            assertThat(reply.getCode()).isEqualTo(3);
            assertThat(reply.getMessage())
                    .isEqualTo("a request of 2147483647 bytes is longer than 67108864");
            assertThatThrownBy(client::receive).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void shouldSayThatAMethodIsUnknownAndGoOn() throws Exception {
        try (LocalClient client = new LocalClient(socket)) {
            for (int i = 0; i < 2; i++) {
                client.send(LocalRequest.newBuilder().setMethod("Nonsense").build().toByteArray());
                LocalReply reply = client.receive();
                assertThat(reply.getCode()).isEqualTo(12);
                assertThat(reply.getMessage())
                        .isEqualTo("'Nonsense' is not a method of this director");
            }
        }
    }

    @Test
    void shouldAnswerGarbageWithARefusalAndNeverWithSilence() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            try (LocalClient client = new LocalClient(socket)) {
                client.send(garbage);
                assertThat(client.receive().getCode()).isNotZero();
            }
        }
    }

    @Test
    void shouldReplaceASocketFileThatNobodyListensOn() throws Exception {
        Path stale = directory.resolve("stale.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        try (LocalEndpoint replaced = LocalEndpoint.open(stale, "", methods);
                LocalClient client = new LocalClient(stale)) {
            assertThat(replaced).isNotNull();
            client.send(LocalRequest.newBuilder().setMethod("GetConfig").build().toByteArray());
            assertThat(client.receive().getCode()).isZero();
        }
    }

    @Test
    void shouldNotTakeTheSocketOfALivingDirector() {
        assertThatThrownBy(() -> LocalEndpoint.open(socket, "", methods))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another director answers on " + socket);
    }

    @Test
    void shouldSayThatAGroupIsUnknown() {
        assertThatThrownBy(() ->
                        LocalEndpoint.open(directory.resolve("g.sock"), "no-such-group", methods))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("g.sock cannot be made");
        assertThat(directory.resolve("g.sock")).doesNotExist();
    }
}
