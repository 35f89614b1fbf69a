package io.jvs.control.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jvs.control.api.DirectorContract;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Door;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;

/** The contract through the local socket. */
class LocalDoorTest extends DirectorContract {
    @TempDir private Path directory;

    @Override
    protected Door open(DirectorMethods methods) throws IOException {
        Path socket = directory.resolve("jvs.sock");
        LocalEndpoint endpoint = LocalEndpoint.open(socket, "", methods);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        LocalClient client = new LocalClient(socket);
        return new Door() {
            @Override
            public <R extends Message> R call(String method, Message request, R prototype)
                    throws Refused {
                return client.call(method, request, prototype);
            }

            @Override
            public void close() throws IOException {
                client.close();
                endpoint.close();
                assertThat(socket).doesNotExist();
            }
        };
    }
}
