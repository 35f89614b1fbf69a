package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that speaks as much QUIC as a director looks at, and moves from port to port and address
 * to address in the middle of its connections. Needs root, for network namespaces.
 */
class QuicIT {
    private static final long START_SECONDS = 60;

    /**
     * Opens two connections from one address, each with an Initial packet of a random id; learns
     * from the answers which servers they are at; goes on with short headers whose ids name these
     * servers, from all addresses of the client in turn and other ports each time. The servers
     * answer with their names and what was sent.
     */
    private static final String CLIENT =
            """
            import os, socket, sys
            vip, addresses = sys.argv[1], sys.argv[2].split(',')
            servers = dict(pair.split('=') for pair in sys.argv[3].split(','))

            def ask(address, packet):
                family = socket.AF_INET6 if ':' in vip else socket.AF_INET
                with socket.socket(family, socket.SOCK_DGRAM) as s:
                    s.bind((address, 0))
                    s.settimeout(1)
                    for attempt in range(30):
                        try:
                            s.sendto(packet, (vip, 5300))
                            answer = s.recv(65535)
                            assert answer.endswith(packet)
                            return answer.split(b' ')[0].decode()
                        except TimeoutError:
                            continue
                sys.exit('no answer')

            def initial():
                return bytes.fromhex('c00000000108') + os.urandom(8) + bytes(1180)

            def short(name):
                start = bytes([0x40, 0x20]) + bytes.fromhex(servers[name])
                return start + os.urandom(5) + bytes(40)

            homes = [ask(addresses[0], initial()) for _ in range(2)]
            assert homes[0] != homes[1], homes
            for step in range(24):
                for home in homes:
                    found = ask(addresses[step % len(addresses)], short(home))
                    assert found == home, (step, home, found)
            print('stayed', *homes)
            """;

    private static Laboratory laboratory;

    @TempDir private static Path directory;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsquic");
        laboratory.lab("prepare", "fullnat");
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static String service(String vip, String local, String servers) {
        return """
          - protocol: udp
            address: "%s"
            port: 5300
            scheduler: rr
            quic: {formats: [{config_id: 1, server_id_bytes: 4, nonce_bytes: 5}]}
            local_addresses: ["%s"]
            real_servers: [%s]
        """
                .formatted(vip, local, servers);
    }

    private static String servers(String... addresses) {
        StringBuilder text = new StringBuilder();
        for (String address : addresses) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append("{address: \"%s\", forwarding_method: fullnat}".formatted(address));
        }
        return text.toString();
    }

    private static Path configuration() throws Exception {
        String text =
                laboratory.lab("director", "two")
                        + """

                        memory: no-huge
                        memory_megabytes: 128
                        max_connections: 100000
                        control_socket: %s/jvs.sock
                        grpc_address: "unix:%s/grpc.sock"
                        metrics_address: "127.0.0.1:9105"
                        state_directory: %s/state
                        health_checks: {enabled: false}
                        virtual_services:
                        """
                                .formatted(directory, directory, directory)
                        + service(
                                "172.16.0.100",
                                "10.0.1.200",
                                servers("10.0.1.11", "10.0.1.12", "10.0.1.13"))
                        + service(
                                "2001:db8:c::100",
                                "2001:db8:1::200",
                                servers("2001:db8:1::11", "2001:db8:1::12", "2001:db8:1::13"));
        return Files.writeString(directory.resolve("jvs.yaml"), text);
    }

    private static void move(Process director, Path log, List<String> arguments) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", CLIENT));
        command.addAll(arguments);
        Laboratory.Result result = laboratory.client(command.toArray(new String[0]));
        while (result.output().contains("no answer") && System.nanoTime() < end) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            result = laboratory.client(command.toArray(new String[0]));
        }
        assertThat(result.output()).startsWith("stayed");
    }

    @Test
    void shouldKeepConnectionsAtTheirServersWhileTheClientMoves() throws Exception {
        Path log = directory.resolve("director.log");
        Process director = laboratory.director(configuration(), log);
        try {
            move(
                    director,
                    log,
                    List.of(
                            "172.16.0.100",
                            "172.16.1.1,172.16.1.2,172.16.1.3,172.16.1.4",
                            "rs1=0a00010b,rs2=0a00010c,rs3=0a00010d"));
            move(
                    director,
                    log,
                    List.of(
                            "2001:db8:c::100",
                            "2001:db8:c::1:1,2001:db8:c::1:2,2001:db8:c::1:3,2001:db8:c::1:4",
                            "rs1=00000011,rs2=00000012,rs3=00000013"));
        } finally {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
        }
    }
}
