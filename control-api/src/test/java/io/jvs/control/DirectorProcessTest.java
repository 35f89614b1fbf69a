package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import io.jvs.control.config.Settings;
import io.jvs.control.config.SettingsReader;
import io.jvs.control.local.LocalClient;
import io.jvs.director.FakeDataplane;
import io.jvs.packet.Verdict;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.GetConfigRequest;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.VirtualService;
import io.jvs.worker.DataplaneException;
import io.jvs.worker.ServerCounter;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole director but for the packet path. */
class DirectorProcessTest {
    private static final String ONE_SERVICE =
            """
            virtual_services:
              - protocol: tcp
                address: 10.0.0.1
                port: 80
                scheduler: rr
                real_servers: [{address: 10.1.0.1, forwarding_method: nat}]
                health_check: {disabled: true}
            """;

    @TempDir private Path directory;
    private FakeDataplane dataplane = new FakeDataplane();

    private Settings settings(String more) throws Exception {
        return SettingsReader.settings(
                SettingsReader.readText(
                        "jvs.yaml",
                        """
                        ports: [{name: lan, device: "memory"}]
                        control_socket: %s/jvs.sock
                        grpc_address: "127.0.0.1:0"
                        metrics_address: "127.0.0.1:0"
                        state_directory: %s/state
                        %s
                        """
                                .formatted(directory, directory, more)));
    }

    private DirectorProcess start(String more) throws Exception {
        dataplane = new FakeDataplane();
        return DirectorProcess.start(settings(more), spec -> dataplane);
    }

    private LocalClient client() throws IOException {
        return new LocalClient(directory.resolve("jvs.sock"));
    }

    private List<String> services() throws Exception {
        try (LocalClient client = client()) {
            return client
                    .call(
                            "GetConfig",
                            GetConfigRequest.getDefaultInstance(),
                            Config.getDefaultInstance())
                    .getVirtualServicesList()
                    .stream()
                    .map(VirtualService::getName)
                    .toList();
        }
    }

    private void create(int port) throws Exception {
        try (LocalClient client = client()) {
            client.call(
                    "CreateVirtualService",
                    CreateVirtualServiceRequest.newBuilder()
                            .setVirtualService(
                                    VirtualService.newBuilder()
                                            .setProtocol(Protocol.PROTOCOL_TCP)
                                            .setAddress("10.0.0.1")
                                            .setPort(port))
                            .build(),
                    VirtualService.getDefaultInstance());
        }
    }

    @Test
    void shouldHaveItsRulesBackAfterARestart() throws Exception {
        try (DirectorProcess first = start("")) {
            assertThat(first.isClosed()).isFalse();
            create(80);
            create(81);
        }
        assertThat(dataplane.isClosed()).isTrue();
        try (DirectorProcess second = start("")) {
            assertThat(second.isClosed()).isFalse();
            assertThat(services())
                    .containsExactly(
                            "virtualServices/tcp-10.0.0.1-80", "virtualServices/tcp-10.0.0.1-81");
            assertThat(dataplane.applied().getFirst().generation()).isEqualTo(4);
        }
    }

    @Test
    void shouldStartWithTheLastGoodRulesWhenTheFileIsDamaged() throws Exception {
        try (DirectorProcess first = start("")) {
            assertThat(first.isClosed()).isFalse();
            create(80);
            create(81);
        }
        Path rules = directory.resolve("state/rules");
        byte[] bytes = Files.readAllBytes(rules);
        Files.write(rules, java.util.Arrays.copyOf(bytes, bytes.length - 10));
        try (DirectorProcess second = start("")) {
            assertThat(second.isClosed()).isFalse();
            assertThat(services()).containsExactly("virtualServices/tcp-10.0.0.1-80");
        }
    }

    @Test
    void shouldTakeTheConfigurationsRulesOnlyWhenTheyHaveChanged() throws Exception {
        try (DirectorProcess first = start(ONE_SERVICE)) {
            assertThat(first.isClosed()).isFalse();
            assertThat(services()).containsExactly("virtualServices/tcp-10.0.0.1-80");
            create(81);
        }
        try (DirectorProcess same = start(ONE_SERVICE)) {
            assertThat(same.isClosed()).isFalse();
            assertThat(services()).hasSize(2);
        }
        try (DirectorProcess none = start("")) {
            assertThat(none.isClosed()).isFalse();
            assertThat(services()).hasSize(2);
        }
        try (DirectorProcess changed = start(ONE_SERVICE.replace("port: 80", "port: 90"))) {
            assertThat(changed.isClosed()).isFalse();
            assertThat(services()).containsExactly("virtualServices/tcp-10.0.0.1-90");
        }
    }

    private record Reply(int status, String type, String body) {}

    private static Reply get(DirectorProcess process, String path, String accept)
            throws IOException {
        URL url = URI.create("http://127.0.0.1:" + process.metricsPort() + path).toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestProperty("Accept", accept);
        int status = connection.getResponseCode();
        try (InputStream in =
                status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Reply(
                    status,
                    connection.getContentType(),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldServeMetricsThatPrometheusReads() throws Exception {
        try (DirectorProcess process = start(ONE_SERVICE)) {
            dataplane.count(0, ServerCounter.CONNECTIONS, 11);
            dataplane.count(0, ServerCounter.OUTGOING_BYTES, 5_000_000_000L);
            dataplane.countVerdict(Verdict.DROP_NO_ROUTE, 3);
            dataplane.countVerdict(Verdict.FORWARDED, 17);
            String text = get(process, "/metrics", "*/*").body();
            String labels = "{fwmark=\"\",protocol=\"TCP\",";
            assertThat(text)
                    .contains("jvs_service_connections_total" + labels + "vip=\"10.0.0.1\"")
                    .contains("jvs_dropped_packets_total{reason=\"no_route\"} 3.0")
                    .contains("jvs_packets_total{verdict=\"forwarded\"} 17.0")
                    .contains("jvs_port_rx_packets_total{port=\"lan\"} 100.0")
                    .contains("jvm_memory_used_bytes")
                    .containsPattern(
                            "jvs_real_server_connections_total\\{.*rip=\"10.1.0.1\",rport=\"80\".*"
                                    + "\\} 11.0")
                    .containsPattern("jvs_real_server_outgoing_bytes_total\\{.*\\} 5.0E9")
                    .containsPattern("jvs_real_server_weight\\{.*\\} 1.0");
            assertHelpForEach(text);
            Reply open = get(process, "/metrics", "application/openmetrics-text; version=1.0.0");
            assertThat(open.body()).endsWith("# EOF\n");
            assertThat(open.type()).startsWith("application/openmetrics-text");
        }
    }

    /** What promtool check metrics wants: help for each, counters that end in _total. */
    private static void assertHelpForEach(String text) {
        Set<String> helped = new HashSet<>();
        Matcher help = Pattern.compile("(?m)^# HELP (\\S+) \\S.*$").matcher(text);
        while (help.find()) {
            helped.add(help.group(1));
        }
        Matcher type = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(text);
        int types = 0;
        while (type.find()) {
            types++;
            assertThat(helped).contains(type.group(1));
            if (type.group(2).equals("counter")) {
                assertThat(type.group(1)).endsWith("_total");
            }
        }
        assertThat(types).isGreaterThan(30);
    }

    @Test
    void shouldSayWhetherItLivesAndIsReady() throws Exception {
        try (DirectorProcess process = start("")) {
            assertThat(get(process, "/health/live", "*/*").status()).isEqualTo(200);
            assertThat(get(process, "/health/ready", "*/*").status()).isEqualTo(200);
            assertThat(get(process, "/health/other", "*/*").status()).isEqualTo(404);
            dataplane.close();
            Reply ended = get(process, "/health/ready", "*/*");
            assertThat(ended.status()).isEqualTo(503);
            assertThat(ended.body()).isEqualTo("the data plane has ended\n");
        }
    }

    @Test
    void shouldLeaveNothingOpenWhenItCannotStart() throws Exception {
        Settings settings = settings("");
        assertThatThrownBy(() ->
                        DirectorProcess.start(
                                settings,
                                spec -> {
                                    throw new DataplaneException("no such device");
                                }))
                .hasMessage("no such device");
        try (DirectorProcess next = start("")) {
            assertThat(next.grpcPort()).isPositive();
        }
        assertThat(directory.resolve("jvs.sock")).doesNotExist();
    }

    @Test
    void shouldNotStartTwiceOnOneStateDirectory() throws Exception {
        try (DirectorProcess first = start("")) {
            assertThat(first.isClosed()).isFalse();
            assertThatThrownBy(() -> start(""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another director uses the state directory");
        }
    }

    @Test
    void shouldAnswerClientsThatComeAllAtOnce() throws Exception {
        try (DirectorProcess process = start("")) {
            assertThat(process.isClosed()).isFalse();
            List<Thread> clients = new java.util.ArrayList<>();
            for (int i = 1; i <= 40; i++) {
                int port = i;
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        create(port);
                                    } catch (Exception e) {
                                        throw new AssertionError(e);
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(services()).hasSize(40);
            try (LocalClient client = client()) {
                client.call(
                        "DeleteVirtualService",
                        DeleteVirtualServiceRequest.newBuilder()
                                .setName("virtualServices/tcp-10.0.0.1-40")
                                .build(),
                        Empty.getDefaultInstance());
            }
            assertThat(services()).hasSize(39);
        }
    }
}
