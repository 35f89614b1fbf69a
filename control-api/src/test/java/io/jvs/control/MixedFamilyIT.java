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
 * NAT64 and NAT46 between real kernels: curl and nginx, UDP in fragments, a closed port, and a way
 * that gets narrow behind the director. Needs root, for network namespaces.
 */
class MixedFamilyIT {
    private static final String VIP4 = "172.16.0.100";
    private static final String VIP6 = "2001:db8:c::100";
    private static final List<String> VIPS = List.of(VIP6, VIP4);
    private static final int NARROW = 1300;
    private static final int WEB = 80;
    private static final int NARROW_WEB = 81;
    private static final int ECHO = 5300;
    private static final int CLOSED = 5400;
    private static final long START_SECONDS = 60;

    /** Sends a datagram of argv[3] bytes from a connected socket and prints what comes of it. */
    private static final String DATAGRAM =
            """
            import socket, sys
            address, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
            family = socket.AF_INET6 if ':' in address else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as s:
                s.connect((address, port))
                data = bytes(i % 251 for i in range(size))
                for attempt in range(20):
                    try:
                        s.settimeout(1)
                        s.send(data)
                        print('whole' if s.recv(65535).endswith(data) else 'damaged')
                        sys.exit(0)
                    except ConnectionRefusedError:
                        print('refused')
                        sys.exit(0)
                    except OSError:  # nothing came, or EMSGSIZE while the way's size is learned
                        continue
            """;

    private static Laboratory laboratory;
    private static Process director;

    @TempDir private static Path directory;

    @BeforeAll
    static void startDirector() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsmix");
        laboratory.lab("prepare", "fullnat");
        laboratory.lab(
                "exec",
                "rtr",
                "ip",
                "route",
                "add",
                "10.0.2.14/32",
                "dev",
                "far",
                "mtu",
                "lock",
                String.valueOf(NARROW));
        laboratory.lab(
                "exec",
                "rtr",
                "ip",
                "-6",
                "route",
                "add",
                "2001:db8:2::14/128",
                "dev",
                "far",
                "mtu",
                "lock",
                String.valueOf(NARROW));
        Path log = directory.resolve("director.log");
        director = laboratory.director(configuration(), log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (get(VIP6, WEB, "/").status() != 0) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as("%s", Files.readString(log)).isNegative();
            Thread.sleep(100);
        }
    }

    @AfterAll
    static void stopDirector() throws Exception {
        if (director != null) {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
        }
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static Path configuration() throws Exception {
        StringBuilder text = new StringBuilder(laboratory.lab("director", "two"));
        text.append(
                """

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
                        .formatted(directory, directory, directory));
        for (String vip : VIPS) {
            boolean toIpv4 = vip.equals(VIP6);
            String near = toIpv4 ? "10.0.1.11" : "2001:db8:1::11";
            String far = toIpv4 ? "10.0.2.14" : "2001:db8:2::14";
            text.append(service("tcp", vip, WEB, near, 8080));
            text.append(service("tcp", vip, NARROW_WEB, far, 8080));
            text.append(service("udp", vip, ECHO, near, ECHO));
            text.append(service("udp", vip, CLOSED, near, 5999));
        }
        return Files.writeString(directory.resolve("jvs.yaml"), text);
    }

    private static String service(
            String protocol, String vip, int port, String server, int serverPort) {
        return """
          - protocol: %s
            address: "%s"
            port: %d
            scheduler: rr
            local_addresses: ["%s"]
            real_servers: [{address: "%s", port: %d, forwarding_method: fullnat}]
        """
                .formatted(protocol, vip, port, local(vip), server, serverPort);
    }

    private static String local(String vip) {
        return vip.equals(VIP6) ? "10.0.1.200" : "2001:db8:1::200";
    }

    private static Laboratory.Result get(String vip, int port, String path, String... options)
            throws Exception {
        String host = vip.contains(":") ? "[" + vip + "]" : vip;
        List<String> command = new ArrayList<>(List.of("curl", "-gsS", "-f", "-m", "30"));
        command.add("http://" + host + ":" + port + path);
        command.addAll(List.of(options));
        return laboratory.client(command.toArray(new String[0]));
    }

    private static Path file(String name) {
        return laboratory.state().resolve(name);
    }

    private static void upload(String vip, int port, String server) throws Exception {
        String name = "mixed-" + port + (vip.equals(VIP6) ? "-6" : "-4");
        Laboratory.Result answer =
                get(vip, port, "/upload/" + name, "-T", file("files/1MiB").toString());
        assertThat(answer.status()).as(answer.output()).isZero();
        Path stored = file(server + "/upload/" + name);
        assertThat(Files.mismatch(stored, file("files/1MiB"))).isEqualTo(-1);
    }

    private static void download(String vip, int port) throws Exception {
        Laboratory.Result answer =
                get(vip, port, "/files/1MiB", "-o", file("mixed-down").toString());
        assertThat(answer.status()).as(answer.output()).isZero();
        assertThat(Files.mismatch(file("mixed-down"), file("files/1MiB"))).isEqualTo(-1);
    }

    @Test
    void shouldCarryAMegabyteUpAndDown() throws Exception {
        for (String vip : VIPS) {
            download(vip, WEB);
            upload(vip, WEB, "rs1");
            String path = "/who?mixed-" + vip.length();
            assertThat(get(vip, WEB, path).status()).isZero();
            assertThat(laboratory.accessLines(path))
                    .singleElement()
                    .satisfies(line -> assertThat(line.split(" ", -1)[1]).isEqualTo(local(vip)));
        }
    }

    private static String datagram(String vip, int port, int bytes) throws Exception {
        Laboratory.Result answer =
                laboratory.client(
                        "/usr/bin/python3",
                        "-c",
                        DATAGRAM,
                        vip,
                        String.valueOf(port),
                        String.valueOf(bytes));
        assertThat(answer.status()).as(answer.output()).isZero();
        return answer.output();
    }

    /**
     * Not larger: af_packet's fan-out puts IPv4 fragments together, and a buffer has 2048 bytes.
     */
    @Test
    void shouldCarryDatagramsWholeAndInFragments() throws Exception {
        for (String vip : VIPS) {
            for (int bytes : new int[] {1, 1400, 1472, 8000}) {
                assertThat(datagram(vip, ECHO, bytes)).isEqualTo("whole");
            }
        }
    }

    /** The server's kernel says so in its own version; the client's hears it in its. */
    @Test
    void shouldTellTheClientThatAPortIsClosed() throws Exception {
        for (String vip : VIPS) {
            assertThat(datagram(vip, CLOSED, 10)).isEqualTo("refused");
        }
    }

    /** A router behind the director tells the size; the sender learns it, 20 bytes added or off. */
    @Test
    void shouldLetSendersLearnTheWaysSize() throws Exception {
        for (String vip : VIPS) {
            upload(vip, NARROW_WEB, "rs4");
            int learned = vip.equals(VIP6) ? NARROW + 20 : NARROW - 20;
            assertThat(laboratory.client("ip", "route", "get", vip).output())
                    .contains("mtu " + learned);
            download(vip, NARROW_WEB);
        }
    }
}
