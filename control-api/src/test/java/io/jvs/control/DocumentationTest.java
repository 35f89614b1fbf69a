package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jvs.proto.v1.DirectorConfig;
import io.jvs.proto.v1.DirectorServiceGrpc;
import io.jvs.proto.v1.HealthCheck;
import io.jvs.proto.v1.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pages name all that there is. */
class DocumentationTest {
    private static String page(String name) throws IOException {
        return Files.readString(Path.of("..", "docs", name));
    }

    @Test
    void shouldExplainEachKeyOfTheConfiguration() throws IOException {
        String page = page("configuration.md");
        for (FieldDescriptor field : DirectorConfig.getDescriptor().getFields()) {
            assertThat(page).contains("| `" + field.getName() + "` |");
        }
        for (FieldDescriptor field : Port.getDescriptor().getFields()) {
            assertThat(page).contains("| `" + field.getName() + "` |");
        }
        for (FieldDescriptor field : HealthCheck.getDescriptor().getFields()) {
            assertThat(page).contains(field.getName());
        }
    }

    @Test
    void shouldDescribeTheSocketsMessages() throws IOException {
        assertThat(page("design/005-local-socket.md"))
                .contains("LocalRequest {method, payload}")
                .contains("LocalReply {code, message, payload, failed_operation}");
        assertThat(DirectorServiceGrpc.SERVICE_NAME).isEqualTo("jvs.v1.DirectorService");
    }
}
