package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.jvs.control.local.LocalClient;
import io.jvs.proto.v1.AccessList;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.Drain;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.ServerExit;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.VirtualService;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real director between a real client and real nginx servers: an access list of a million
 * prefixes, and servers that are drained under a download. Needs root, for network namespaces.
 */
class GuardIT {
    private static final String VIP = "172.16.0.100";
    private static final String CLIENT = "172.16.1.1";
    private static final String WEB = "virtualServices/tcp-" + VIP + "-80";
    private static final int PREFIXES = 1_000_000;
    private static final long START_SECONDS = 120;
    private static final int RESET_BY_PEER = 56;
    private static final int TIMED_OUT = 28;

    private static Laboratory laboratory;

    @TempDir private Path directory;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsguard");
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    /** A million prefixes, none of which has the client's address. */
    private Path denied() throws Exception {
        Path file = directory.resolve("deny.txt");
        Random random = new Random(4);
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < PREFIXES; i++) {
                int first = 173 + random.nextInt(40);
                lines.write(
                        first
                                + "."
                                + random.nextInt(256)
                                + "."
                                + random.nextInt(256)
                                + "."
                                + random.nextInt(256)
                                + "/"
                                + (20 + random.nextInt(13))
                                + "\n");
            }
        }
        return file;
    }

    private Path configuration() throws Exception {
        String text =
                laboratory.lab("director", "two")
                        + """

                        memory: no-huge
                        memory_megabytes: 128
                        max_connections: 100000
                        control_socket: %s/jvs.sock
                        state_directory: %s/state
                        health_checks: {enabled: false}
                        virtual_services:
                          - protocol: tcp
                            address: "%s"
                            port: 80
                            scheduler: rr
                            access_list: {files: ["%s"]}
                            real_servers:
                              - {address: "10.0.1.11", port: 8080, forwarding_method: nat}
                              - {address: "10.0.1.12", port: 8080, forwarding_method: nat}
                        """
                                .formatted(directory, directory, VIP, denied());
        return Files.writeString(directory.resolve("jvs.yaml"), text);
    }

    @Test
    void shouldGuardAServiceAndLetItsServersGo() throws Exception {
        laboratory.lab("prepare", "nat");
        Path log = directory.resolve("director.log");
        Process director = laboratory.director(configuration(), log);
        try {
            awaitAnswer(director, log);
            try (LocalClient client = new LocalClient(directory.resolve("jvs.sock"))) {
                denyAndAllow(client);
                finishWithinTheDeadline(client);
                resetAtTheDeadline(client);
            }
        } finally {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
        }
    }

    private void awaitAnswer(Process director, Path log) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (get("/", 3).status() != 0 || !Files.exists(directory.resolve("jvs.sock"))) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as("%s", Files.readString(log)).isNegative();
            Thread.sleep(100);
        }
    }

    private static Laboratory.Result get(String path, int seconds, String... options)
            throws Exception {
        String[] words = new String[6 + options.length];
        String[] first = {
            "curl", "-sS", "-f", "-m", Integer.toString(seconds), "http://" + VIP + path
        };
        System.arraycopy(first, 0, words, 0, 6);
        System.arraycopy(options, 0, words, 6, options.length);
        return laboratory.client(words);
    }

    private static VirtualService service(LocalClient client) throws Exception {
        return client.call(
                "GetVirtualService",
                GetVirtualServiceRequest.newBuilder().setName(WEB).build(),
                VirtualService.getDefaultInstance());
    }

    private void denyAndAllow(LocalClient client) throws Exception {
        assertThat(service(client).getAccessList().getSize()).isGreaterThan(PREFIXES * 9 / 10);
        ChangeAccessEntriesRequest.Builder change =
                ChangeAccessEntriesRequest.newBuilder().setParent(WEB);
        client.call(
                "ChangeAccessEntries",
                change.addAdd("deny " + CLIENT).build(),
                AccessList.getDefaultInstance());
        assertThat(get("/", 3).status()).isEqualTo(TIMED_OUT);
        client.call(
                "ChangeAccessEntries",
                change.clear().setParent(WEB).addDelete(CLIENT).build(),
                AccessList.getDefaultInstance());
        Laboratory.Result allowed = get("/", 10);
        assertThat(allowed.status()).as(allowed.output()).isZero();
        try (var files = Files.list(directory.resolve("state"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("access-")))
                    .isNotEmpty();
        }
    }

    /** A download that takes so many bytes a second. */
    private static CompletableFuture<Laboratory.Result> download(String rate) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return get("/files/1MiB", 50, "--limit-rate", rate, "-o", "/dev/null");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The server that has a connection under way. */
    private static RealServer busy(LocalClient client) throws Exception {
        for (int i = 0; i < 300; i++) {
            for (RealServer server : service(client).getRealServersList()) {
                if (server.getActiveConnections() > 0) {
                    return server;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no download has begun: " + service(client));
    }

    private static void drain(LocalClient client, RealServer server, int seconds) throws Exception {
        RealServer.Builder drained = RealServer.newBuilder().setName(server.getName());
        if (seconds >= 0) {
            drained.setDrain(
                    Drain.newBuilder()
                            .setDeadline(Duration.newBuilder().setSeconds(seconds))
                            .setThen(ServerExit.SERVER_EXIT_RESET));
        }
        client.call(
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setRealServer(drained)
                        .setUpdateMask(FieldMask.newBuilder().addPaths("drain"))
                        .build(),
                RealServer.getDefaultInstance());
    }

    private static void finishWithinTheDeadline(LocalClient client) throws Exception {
        awaitQuiet(client);
        CompletableFuture<Laboratory.Result> download = download("200k");
        RealServer server = busy(client);
        drain(client, server, 600);
        for (int i = 0; i < 4; i++) {
            Laboratory.Result other = get("/who?drained", 10);
            assertThat(other.status()).as(other.output()).isZero();
        }
        assertThat(laboratory.accessLines("/who?drained"))
                .hasSize(4)
                .noneMatch(line -> line.split(" ", -1)[3].contains(server.getAddress()));
        Laboratory.Result result = download.get(60, TimeUnit.SECONDS);
        assertThat(result.status()).as(result.output()).isZero();
        drain(client, server, -1);
    }

    private static void resetAtTheDeadline(LocalClient client) throws Exception {
        awaitQuiet(client);
        CompletableFuture<Laboratory.Result> download = download("30k");
        drain(client, busy(client), 1);
        Laboratory.Result result = download.get(60, TimeUnit.SECONDS);
        assertThat(result.status()).as(result.output()).isEqualTo(RESET_BY_PEER);
        assertThat(result.output()).contains("reset");
    }

    /** Connections of before have closed. */
    private static void awaitQuiet(LocalClient client) throws Exception {
        for (int i = 0; i < 400 && isAnyBusy(client); i++) {
            Thread.sleep(50);
        }
        assertThat(isAnyBusy(client)).isFalse();
    }

    private static boolean isAnyBusy(LocalClient client) throws Exception {
        return service(client).getRealServersList().stream()
                .anyMatch(server -> server.getActiveConnections() > 0);
    }
}
