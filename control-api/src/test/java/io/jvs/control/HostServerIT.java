package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The director as its own real server: nginx beside it, reached through its exception path, for
 * clients that know the virtual address only. Needs root, for network namespaces.
 */
class HostServerIT {
    private static final List<String> VIRTUAL = List.of("172.16.0.100", "[2001:db8:c::100]");
    private static final long WAIT_SECONDS = 90;

    @TempDir private Path directory;

    private static final String SERVICES =
            """
            virtual_services:
              - protocol: tcp
                address: "172.16.0.100"
                port: 80
                scheduler: rr
                real_servers: [{address: "172.16.0.1", port: 8080, forwarding_method: nat}]
              - protocol: tcp
                address: "2001:db8:c::100"
                port: 80
                scheduler: rr
                real_servers: [{address: "2001:db8:c::1", port: 8080, forwarding_method: nat}]
            """;

    private Path configuration() throws Exception {
        return Files.writeString(
                directory.resolve("jvs.yaml"),
                """
                ports:
                  - name: wan
                    device: af_packet:wan
                    addresses: ["172.16.0.1/16", "2001:db8:c::1/64"]
                    host_interface: jvs0
                memory: no-huge
                memory_megabytes: 128
                max_connections: 10000
                control_socket: %s/jvs.sock
                state_directory: %s/state
                health_checks: {enabled: false}
                """
                                .formatted(directory, directory)
                        + SERVICES);
    }

    /** What an administrator does at a host whose port a director drives, and an nginx. */
    private String hostSetup(Laboratory laboratory) throws Exception {
        Path prefix = Files.createDirectories(directory.resolve("nginx"));
        Path configuration =
                Files.writeString(
                        prefix.resolve("nginx.conf"),
                        """
                        pid %s/nginx.pid;
                        events {}
                        http {
                          access_log %s/access.log;
                          server {
                            listen 8080;
                            listen [::]:8080;
                            root %s;
                          }
                        }
                        """
                                .formatted(prefix, prefix, laboratory.state()));
        return """
        set -e
        n=0
        until ip link set jvs0 up 2>/dev/null; do
            n=$((n + 1)); [ $n -lt 600 ]; sleep 0.1
        done
        ip address add 172.16.0.1/16 dev jvs0
        ip address add 2001:db8:c::1/64 dev jvs0 nodad
        nginx -e %s/error.log -c %s
        """
                .formatted(prefix, configuration);
    }

    @Test
    void shouldServeFromTheHostItself() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        Laboratory laboratory = Laboratory.up("jvshost");
        Path log = directory.resolve("director.log");
        Process director = laboratory.director(configuration(), log);
        try {
            laboratory.lab("exec", "dir", "sh", "-c", hostSetup(laboratory));
            for (String virtual : VIRTUAL) {
                await(laboratory, virtual, director, log);
                download(laboratory, virtual);
            }
            assertThat(Files.readString(directory.resolve("nginx/access.log")))
                    .contains("172.16.1.1 ", "2001:db8:c::1:1 ");
        } finally {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
            laboratory.down();
        }
    }

    private static Laboratory.Result get(Laboratory laboratory, String virtual, Path to)
            throws Exception {
        String address = "http://" + virtual + "/files/1MiB";
        return laboratory.client("curl", "-gsSf", "-m", "20", "-o", to.toString(), address);
    }

    private void await(Laboratory laboratory, String virtual, Process director, Path log)
            throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        Laboratory.Result answer = get(laboratory, virtual, directory.resolve("first"));
        while (answer.status() != 0) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as(answer.output()).isNegative();
            Thread.sleep(100);
            answer = get(laboratory, virtual, directory.resolve("first"));
        }
    }

    private void download(Laboratory laboratory, String virtual) throws Exception {
        Path down = directory.resolve("down");
        Laboratory.Result answer = get(laboratory, virtual, down);
        assertThat(answer.status()).as(answer.output()).isZero();
        assertThat(Files.mismatch(down, laboratory.state().resolve("files/1MiB"))).isEqualTo(-1);
    }
}
