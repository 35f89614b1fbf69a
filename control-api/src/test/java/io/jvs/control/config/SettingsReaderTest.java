package io.jvs.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.VirtualService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
    private static final String PORT = "ports: [{name: lan, device: 'null'}]\n";

    private static Settings read(String text) throws ConfigException {
        return SettingsReader.settings(SettingsReader.readText("jvs.yaml", text));
    }

    @Test
    void shouldReadAccessListsWithTheirFiles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("deny.txt");
        Files.writeString(file, "# spam\n\n10.0.0.0/8   # all of it\nallow 10.1.0.0/16\n");
        String service =
                PORT
                        + "virtual_services: [{protocol: tcp, address: 10.0.0.1, port: 80,"
                        + " access_list: {deny: [192.0.2.1], files: ['"
                        + file
                        + "']}}]";
        Settings settings = read(service);
        AccessList list = settings.initial().rules().getFirst().service().guard().access();
        assertThat(list.size()).isEqualTo(3);
        assertThat(list.entry(2)).hasToString("deny 192.0.2.1/32");
        Files.writeString(file, "10.0.0.0/8\n");
        assertThat(read(service).initialHash()).isNotEqualTo(settings.initialHash());
        Files.writeString(file, "10.0.0.0/8\n10.0.0.0/40\n");
        assertThatThrownBy(() -> read(service))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("virtual_services[0]")
                .hasMessageContaining(
                        file + " line 2: '10.0.0.0/40' is not an entry of an access list");
        Files.delete(file);
        assertThatThrownBy(() -> read(service))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + file + "' cannot be read");
    }

    @Test
    void shouldReadHowManyQueuesAPortHas() throws ConfigException {
        assertThat(read(PORT).dataplane().ports().getFirst().queues()).isZero();
        String two = "ports: [{name: lan, device: 'null', queues: %d}]";
        assertThat(read(two.formatted(2)).dataplane().ports().getFirst().queues()).isEqualTo(2);
        assertThatThrownBy(() -> read(two.formatted(65)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ports[0].queues")
                .hasMessageContaining("must be at most 64");
    }

    @Test
    void shouldKnowWhereFtpIs() throws ConfigException {
        assertThat(read(PORT).dataplane().ftpPorts()).containsExactly(21);
        assertThat(read(PORT + "ftp_ports: [21, 2121]").dataplane().ftpPorts())
                .containsExactly(21, 2121);
        assertThat(read(PORT + "ftp_ports: [0]").dataplane().ftpPorts()).isEmpty();
    }

    @Test
    void shouldReadAWholeFile() throws ConfigException {
        Settings settings =
                read(
                        """
                        ports:
                          - name: lan
                            device: "af_packet:eth0"
                            mtu: 1400
                            addresses: ["192.168.77.254/24", "2001:db8:77::254/64"]
                            vlans: [{id: 100, addresses: ["10.0.0.1/24"]}]
                            host_interface: jvs0
                        routes:
                          - {to: "0.0.0.0/0", via: "10.99.0.1"}
                        neighbors:
                          - {address: "10.99.0.1", mac: "02:00:00:00:00:01"}
                        workers: 2
                        workerCpus: [2, 3]
                        memory: no-huge
                        memory_megabytes: 128
                        max_connections: 1001
                        busy_poll: true
                        control_socket: /tmp/x.sock
                        grpc_address: "unix:/tmp/grpc.sock"
                        metrics_address: "[::1]:9105"
                        state_directory: /tmp/state
                        health_checks: {enabled: false, interval: 500ms, timeout: "1.5s", rise: 3}
                        timeouts: {tcp_seconds: 60}
                        virtual_services:
                          - protocol: tcp
                            address: 10.0.0.1
                            port: 80
                            scheduler: rr
                            real_servers:
                              - {address: 10.1.0.1, forwarding_method: nat, port: 8080, weight: 3}
                              - {address: 10.1.0.2, forwardingMethod: direct-route}
                        """);
        assertThat(settings.dataplane().ports().getFirst().interfaces().get(1).vlan())
                .isEqualTo(100);
        assertThat(settings.dataplane().ports().getFirst().exceptionInterface()).isEqualTo("jvs0");
        assertThat(settings.dataplane().routes().getFirst().gateway())
                .isEqualTo(Address.parse("10.99.0.1"));
        assertThat(settings.dataplane().neighbors().getFirst().mac()).isEqualTo(0x020000000001L);
        assertThat(settings.dataplane().workers()).isEqualTo(2);
        assertThat(settings.dataplane().workerCpus()).containsExactly(2, 3);
        assertThat(settings.dataplane().maxConnections()).isEqualTo(501);
        assertThat(settings.dataplane().busyPoll()).isTrue();
        assertThat(settings.health())
                .isEqualTo(new HealthDefaults(false, 500_000_000, 1_500_000_000, 3, 2));
        assertThat(settings.metrics()).hasToString("/[0:0:0:0:0:0:0:1]:9105");
        assertThat(settings.grpc()).isEqualTo(new GrpcSpec(Path.of("/tmp/grpc.sock"), null, null));
        VirtualService service = settings.initial().rules().getFirst().service();
        assertThat(service.servers().getFirst().method()).isEqualTo(ForwardingMethod.NAT);
        assertThat(service.servers().getFirst().weight()).isEqualTo(3);
        assertThat(service.servers().get(1).method()).isEqualTo(ForwardingMethod.DIRECT_ROUTE);
        assertThat(settings.initialHash()).hasSize(64);
    }

    @Test
    void shouldHaveDefaults() throws ConfigException {
        Settings settings = read(PORT);
        assertThat(settings.controlSocket()).isEqualTo(Path.of("/run/jvs/jvs.sock"));
        assertThat(settings.stateDirectory()).isEqualTo(Path.of("/var/lib/jvs"));
        assertThat(settings.grpc()).isNull();
        assertThat(settings.metrics()).isNull();
        assertThat(settings.maxConnections()).isEqualTo(1_000_000);
        assertThat(settings.dataplane().filePrefix()).isEqualTo("jvs");
        assertThat(settings.health())
                .isEqualTo(new HealthDefaults(true, 1_000_000_000, 1_000_000_000, 1, 2));
        assertThat(settings.initialHash()).isEmpty();
        assertThat(read(PORT + "control_socket: /tmp/b.sock").dataplane().filePrefix())
                .startsWith("jvs-");
    }

    @Test
    void shouldTakeJsonToo() throws ConfigException {
        assertThat(
                        read("{\"ports\": [{\"device\": \"null\"}], \"maxConnections\": 5}")
                                .maxConnections())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "colour: red | jvs.yaml:2: 'colour' is not known here; it can be ports, routes",
                "workers: 1\\nworkers: 2 | jvs.yaml:3: workers: is given twice",
                "workers: many | jvs.yaml:2: workers: 'many' is not a whole number from 0 to",
                "workers: -1 | jvs.yaml:2: workers: '-1' is not a whole number from 0 to",
                "workers: 65 | workers: must be 1..64, not 65",
                "ftp_ports: [21, 70000] | ftp_ports: must be at most 8 ports of 1..65535, or a"
                        + " single 0 for none, not [21, 70000]",
                "busy_poll: 3 | jvs.yaml:2: busy_poll: '3' is not true or false",
                "routes: 3 | jvs.yaml:2: routes: a list is wanted here",
                "health_checks: 3 | jvs.yaml:2: health_checks: keys and values are wanted here",
                "health_checks: {interval: 5} | health_checks.interval: '5' is not a duration such"
                        + " as 1s",
                "routes: [{to: 10.0.0.0/33, via: 1.2.3.4}] | routes[0].to: '10.0.0.0/33' is not an"
                        + " address with a prefix length",
                "routes: [{to: '::/0', via: 1.2.3.4}] | routes[0]: the next hop 1.2.3.4 is of"
                        + " another address family than ::/0",
                "neighbors: [{address: 1.2.3.4, mac: 1}] | neighbors[0].mac: '1' is not a MAC"
                        + " address such as 02:00:00:00:00:01",
                "memory: lots | memory: 'lots' is not one of auto, hugepages, no-huge",
                "metrics_address: 9105 | metrics_address: '9105' is not ADDRESS:PORT such as",
                "grpc_address: 0.0.0.0:9500 | grpc_address: 0.0.0.0:9500 is not on loopback and"
                        + " there is no grpc_tls; give grpc_tls",
                "virtual_services: [{protocol: ip}] | jvs.yaml:2: virtual_services[0].protocol:"
                        + " 'ip' is not one of tcp, udp, sctp",
                "virtual_services: [{protocol: tcp, address: 10.0.0.1}] | virtual_services[0]:"
                        + " Zero port specified for non-persistent service",
                "virtual_services: [{protocol: tcp, address: 10.0.0.1, port: 80, scheduler: x}] |"
                        + " virtual_services[0]: Scheduler or persistence engine not found",
                "'[' | jvs.yaml:2: not YAML: ",
                "workers: [ | jvs.yaml:",
            })
    void shouldNameThePlaceOfWhatIsWrong(String text, String sentence) {
        assertThatThrownBy(() -> read(PORT + text.replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldWantPortsWithNamesOfTheirOwn() {
        assertThatThrownBy(() -> read("workers: 1"))
                .hasMessage("ports: at least one port is needed");
        assertThatThrownBy(() ->
                        read("ports: [{name: a, device: 'null'}, {name: a, device:" + " 'null'}]"))
                .hasMessage("ports[1].name: 'a' is taken by another port");
        assertThatThrownBy(() -> read("ports: [{name: a}]"))
                .hasMessageStartingWith("ports[0].device: is needed");
        assertThatThrownBy(() -> read("ports: [{device: 'null', vlans: [{id: 5}, {id: 5}]}]"))
                .hasMessageStartingWith("ports[0].vlans[1].id: must be 1..4094, each once, not 5");
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        assertThatThrownBy(() -> SettingsReader.readFile(Path.of("/nonexistent/jvs.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/nonexistent/jvs.yaml");
    }

    @Test
    void shouldRefuseTheSameServiceTwice() {
        String service = "{protocol: tcp, address: 10.0.0.1, port: 80}";
        assertThatThrownBy(
                        () -> read(PORT + "virtual_services: [" + service + ", " + service + "]"))
                .hasMessageStartingWith("virtual_services[1]: Service already exists");
    }

    @Test
    void shouldKnowWhenItsRulesChange() throws ConfigException {
        String services = PORT + "virtual_services: [{protocol: tcp, address: 10.0.0.1, port: %d}]";
        assertThat(read(services.formatted(80)).initialHash())
                .isEqualTo(read("workers: 1\n" + services.formatted(80)).initialHash())
                .isNotEqualTo(read(services.formatted(81)).initialHash());
        assertThat(List.of(read(services.formatted(80)).initial().rules())).hasSize(1);
    }
}
