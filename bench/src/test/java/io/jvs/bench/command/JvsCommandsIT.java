package io.jvs.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as people use it: bin/jvs run, and its everyday commands beside it. */
class JvsCommandsIT {
    private static final Path JVS = Path.of("..", "bin", "jvs").toAbsolutePath().normalize();
    private static final long START_SECONDS = 120;

    @TempDir private Path directory;

    private record Result(int code, String text) {}

    private Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JVS.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile());
        builder.environment().put("JVS_SOCKET", directory.resolve("jvs.sock").toString());
        builder.environment().put("JVS_JAVA_OPTIONS", "-Xms64m -Xmx256m");
        return builder.start();
    }

    private Result jvs(String... arguments) throws Exception {
        Path output = Files.createTempFile(directory, "output", "");
        int code = start(output, arguments).waitFor();
        return new Result(code, Files.readString(output));
    }

    private static Result ok(String text) {
        return new Result(0, text);
    }

    private Process director() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("jvs.yaml"),
                        """
                        ports: [{name: lan, device: "ring", addresses: ["10.0.0.1/24"]}]
                        memory: no-huge
                        memory_megabytes: 64
                        max_connections: 10000
                        control_socket: %s/jvs.sock
                        state_directory: %s/state
                        health_checks: {enabled: false}
                        virtual_services:
                          - protocol: tcp
                            address: 192.0.2.1
                            port: 80
                            real_servers: [{address: 10.0.0.2, port: 8080, forwarding_method: nat}]
                          - protocol: udp
                            address: 192.0.2.1
                            port: 53
                            local_addresses: [10.0.0.200]
                            real_servers: [{address: 10.0.0.3, port: 53, forwarding_method: fullnat}]
                        """
                                .formatted(directory, directory));
        Path log = directory.resolve("director.log");
        Process director = start(log, "run", "-c", file.toString());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (jvs("status").code() != 0) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as("%s", Files.readString(log)).isNegative();
        }
        return director;
    }

    private static void stop(Process director) throws InterruptedException {
        director.destroy();
        if (!director.waitFor(60, TimeUnit.SECONDS)) {
            director.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldSetAndShowAtARunningDirector() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "DPDK needs root");
        Process director = director();
        try {
            settings();
            marks();
            guards();
            assertThat(jvs("status").text())
                    .contains("connections 0 of 10000\n", "lan: ring, net_ring", "worker 0 ");
            assertThat(jvs("local-ports", "10.0.0.200").text())
                    .containsPattern("10.0.0.200 +udp +10.0.0.3:53 +0 +0 +64511 +64511 +0.0% +0\n");
        } finally {
            stop(director);
        }
        Process next = director();
        try {
            assertThat(jvs("sysctl", "-n", "conn_reuse_mode")).isEqualTo(ok("2\n"));
            assertThat(jvs("mark", "save").text()).contains("--mark 1\n", "--mark 2\n");
            assertThat(jvs("acl", "192.0.2.1:80"))
                    .isEqualTo(ok("deny 10.0.0.0/8\nallow 10.1.0.0/16\n"));
            assertThat(jvs("limits", "192.0.2.1:80", "10.0.0.2:8080").text())
                    .startsWith("--max-conn 5\n");
        } finally {
            stop(next);
        }
        assertThat(jvs("sysctl").code()).isEqualTo(2);
    }

    private void settings() throws Exception {
        assertThat(jvs("sysctl", "net.ipv4.vs.conn_reuse_mode=2", "drop_entry=1"))
                .isEqualTo(ok("net.ipv4.vs.conn_reuse_mode = 2\nnet.ipv4.vs.drop_entry = 1\n"));
        Result refused = jvs("sysctl", "drop_entry=3", "secure_tcp=4");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("secure_tcp", "'4'");
        assertThat(jvs("sysctl", "-n", "drop_entry", "sync_threshold")).isEqualTo(ok("1\n3 50\n"));
        assertThat(jvs("sysctl").text().lines()).hasSizeGreaterThan(20);
    }

    private void guards() throws Exception {
        assertThat(jvs("acl", "192.0.2.1:80", "add", "10.0.0.0/8", "allow", "10.1.0.0/16"))
                .isEqualTo(ok(""));
        Result missing = jvs("acl", "192.0.2.9:80");
        assertThat(missing).isEqualTo(new Result(1, "jvs acl: No such service\n"));
        assertThat(jvs("limits", "192.0.2.1:80", "10.0.0.2:8080", "--max-conn", "5"))
                .isEqualTo(ok(""));
        assertThat(jvs("drain", "192.0.2.1:80", "10.0.0.2:8080", "--deadline", "0s"))
                .isEqualTo(ok(""));
        String over = "10.0.0.2:8080 over, deadline 0s, then reset, connections 0\n";
        for (int i = 0; i < 20 && !jvs("drain", "192.0.2.1:80").text().equals(over); i++) {
            Thread.sleep(100);
        }
        assertThat(jvs("drain", "192.0.2.1:80")).isEqualTo(ok(over));
        assertThat(jvs("drain", "192.0.2.1:80", "10.0.0.2:8080", "--undo")).isEqualTo(ok(""));
        assertThat(jvs("drain", "192.0.2.1:80")).isEqualTo(ok(""));
    }

    /** Two at once: neither takes the other's rule away. */
    private void marks() throws Exception {
        Path output = directory.resolve("two");
        Process other = start(output, "mark", "add", "-p", "tcp", "--dport", "80", "--mark", "1");
        assertThat(jvs("mark", "add", "-s", "10.0.0.0/8", "--mark", "2")).isEqualTo(ok(""));
        assertThat(other.waitFor()).as("%s", Files.readString(output)).isZero();
        assertThat(jvs("mark", "save").text().lines())
                .containsExactlyInAnyOrder(
                        "add -p tcp --dport 80 --mark 1", "add -s 10.0.0.0/8 --mark 2");
    }
}
