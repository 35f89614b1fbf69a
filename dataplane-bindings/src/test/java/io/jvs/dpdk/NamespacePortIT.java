package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames through the kernel: AF_PACKET, AF_XDP and tap ports in a network namespace. */
class NamespacePortIT {
    private static final Pattern RESULT =
            Pattern.compile("mac (\\w+) mtu (\\d+)\n(?:.*\n)*?lost (\\d+) (\\d+) left (\\d+)\n");
    private final String namespace = "bindings-" + ProcessHandle.current().pid();

    @BeforeEach
    void makeNamespace() throws IOException, InterruptedException {
        assumeTrue(HostFacts.read().root(), "network namespaces need root");
        execute("ip", "netns", "add", namespace);
        // Otherwise the kernel's own neighbour discovery is among the test's frames.
        inside("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");
    }

    @AfterEach
    void deleteNamespace() throws IOException, InterruptedException {
        if (HostFacts.read().root()) {
            execute("ip", "netns", "del", namespace);
        }
    }

    @Test
    void shouldSendAndReceiveThroughAfPacket() throws Exception {
        veth();
        Matcher result = exchange("2", "af_packet:va", "af_packet:vb");
        assertThat(result.group(1)).isEqualTo("02000000000a");
        assertThat(result.group(2)).isEqualTo("1500");
        assertThat(losses(result)).containsExactly(0, 0, 0);
    }

    @Test
    void shouldSendAndReceiveThroughTap() throws Exception {
        Matcher result =
                exchange("2", "tap:jt,mac=02:00:00:00:00:0c", "af_packet:jt", "ip link set jt up");
        assertThat(result.group(1)).isEqualTo("02000000000c");
        assertThat(losses(result)).containsExactly(0, 0, 0);
    }

    @Test
    void shouldSendAndReceiveThroughAfXdp() throws Exception {
        assumeTrue(HostFacts.read().drivers().contains("net_af_xdp"), "net_af_xdp is missing");
        assumeTrue(Files.exists(Path.of("/sys/fs/bpf")), "the kernel has no BPF");
        veth();
        List<Integer> losses = losses(exchange("1", "af_xdp:va", "af_packet:vb"));
        assertThat(losses.subList(0, 2)).containsExactly(0, 0);
        // net_af_xdp keeps the buffers of its fill ring when it is closed.
        assertThat(losses.get(2)).isIn(0, 2048);
    }

    private void veth() throws IOException, InterruptedException {
        inside(
                "ip link add va address 02:00:00:00:00:0a type veth"
                        + " peer name vb address 02:00:00:00:00:0b;"
                        + " ip link set va up; ip link set vb up");
    }

    private Matcher exchange(String... arguments) throws IOException, InterruptedException {
        String classPath = classes(Eal.class) + ":" + classes(FrameExchange.class);
        for (Class<?> used :
                List.of(
                        org.jspecify.annotations.Nullable.class,
                        org.assertj.core.api.Assertions.class)) {
            classPath += ":" + classes(used);
        }
        var command =
                new java.util.ArrayList<String>(
                        List.of(
                                "ip",
                                "netns",
                                "exec",
                                namespace,
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                FrameExchange.class.getName()));
        command.addAll(List.of(arguments));
        String output = execute(command.toArray(String[]::new));
        Matcher matcher = RESULT.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher;
    }

    private static String classes(Class<?> type) {
        return Path.of(
                        java.net.URI.create(
                                type.getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toString()))
                .toString();
    }

    private static List<Integer> losses(Matcher result) {
        return List.of(
                Integer.parseInt(result.group(3)),
                Integer.parseInt(result.group(4)),
                Integer.parseInt(result.group(5)));
    }

    private void inside(String command) throws IOException, InterruptedException {
        execute("ip", "netns", "exec", namespace, "sh", "-ec", command);
    }

    private static String execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
