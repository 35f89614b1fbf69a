package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.control.api.Door;
import io.jvs.control.local.LocalClient;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.GetConfigRequest;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.VirtualService;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at random moments of changes: afterwards the rules are those of one change, whole. */
class DirectorKillIT {
    private static final int ROUNDS = 12;
    private static final int SERVICES = 200;

    @TempDir private Path directory;

    /** The state after change {@code n}: all services carry n as their port. */
    private static Config state(int n) {
        Config.Builder config = Config.newBuilder();
        for (int i = 0; i < SERVICES; i++) {
            config.addVirtualServices(
                    VirtualService.newBuilder()
                            .setProtocol(Protocol.PROTOCOL_TCP)
                            .setAddress("10.0." + i + ".1")
                            .setPort(n)
                            .setScheduler("rr"));
        }
        return config.build();
    }

    private Process start(Path file) throws IOException {
        String classPath =
                Stream.of(
                                System.getProperty("jdk.module.path", ""),
                                System.getProperty("java.class.path", ""),
                                "target/classes",
                                "target/test-classes")
                        .filter(path -> !path.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        "io.jvs.control.ExampleDirector",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private LocalClient connect(Process process) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return new LocalClient(directory.resolve("jvs.sock"));
            } catch (IOException e) {
                assertThat(process.isAlive())
                        .as("%s", Files.readString(directory.resolve("log")))
                        .isTrue();
                assertThat(System.nanoTime() - end).isNegative();
                Thread.sleep(20);
            }
        }
    }

    /** Applies one change after the other until the director is gone; gives the last one. */
    private static int changeUntilKilled(LocalClient client, int from) throws Door.Refused {
        int n = from;
        try {
            while (true) {
                client.call(
                        "ApplyConfig",
                        ApplyConfigRequest.newBuilder()
                                .setConfig(state(n))
                                .setAllowRemovingMost(true)
                                .build(),
                        ApplyConfigResponse.getDefaultInstance());
                n++;
            }
        } catch (UncheckedIOException e) {
            return n;
        }
    }

    @Test
    void shouldHaveTheOldOrTheNewRulesAfterEachKill() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("jvs.yaml"),
                        """
                        ports: [{device: memory}]
                        control_socket: %s/jvs.sock
                        state_directory: %s/state
                        health_checks: {enabled: false}
                        """
                                .formatted(directory, directory));
        Random random = new Random();
        int next = 1;
        for (int round = 0; round < ROUNDS; round++) {
            Process process = start(file);
            try (LocalClient client = connect(process)) {
                Config config =
                        client.call(
                                "GetConfig",
                                GetConfigRequest.getDefaultInstance(),
                                Config.getDefaultInstance());
                next = portOf(config, next) + 1;
                Thread killer = killLater(process, random.nextInt(700));
                next = changeUntilKilled(client, next);
                killer.join();
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /**
     * The change that the director kept: the last answered one, {@code next - 1}, or {@code next}
     * itself, whose answer the kill cut off. Change 0 is the empty start: a director may be killed
     * before it has kept any.
     */
    private static int portOf(Config config, int next) {
        if (next == 1 && config.getVirtualServicesCount() == 0) {
            return 0;
        }
        assertThat(config.getVirtualServicesList()).hasSize(SERVICES);
        int port = config.getVirtualServices(0).getPort();
        assertThat(port).isIn(next - 1, next);
        assertThat(config.getVirtualServicesList()).allMatch(service -> service.getPort() == port);
        return port;
    }

    private static Thread killLater(Process process, int millis) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        Thread.sleep(millis);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    process.destroyForcibly();
                });
    }
}
