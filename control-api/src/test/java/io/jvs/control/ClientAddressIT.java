package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real servers behind FULLNAT, of the clients' IP version and of the other one, that are told their
 * clients: nginx reads the PROXY protocol, TOA and UOA are read from the packets at the server.
 * Needs root, for network namespaces.
 */
class ClientAddressIT {
    private static final String[] VIPS = {"172.16.0.100", "2001:db8:c::100"};
    private static final String[] CLIENTS = {"172.16.1.1", "2001:db8:c::1:1"};
    private static final String[] SERVERS = {"10.0.1.11", "2001:db8:1::11"};
    private static final String[] LOCALS = {"10.0.1.200", "2001:db8:1::200"};
    private static final long WAIT_SECONDS = 60;

    private static Laboratory laboratory;
    private static LaboratoryDirector director;

    @TempDir private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvstold");
        laboratory.lab("prepare", "fullnat");
        StringBuilder services = new StringBuilder("virtual_services:\n");
        for (int family = 0; family < 2; family++) {
            for (int mixed = 0; mixed < 2; mixed++) {
                int real = family ^ mixed;
                services.append(service("tcp", family, 80 + mixed, real, 80, "TOA"));
                int proxy = proxyPort(1, mixed);
                services.append(service("tcp", family, proxy, real, 8081, "PROXY_V1"));
                proxy = proxyPort(2, mixed);
                services.append(service("tcp", family, proxy, real, 8081, "PROXY_V2"));
                services.append(service("udp", family, 5300 + mixed, real, 5300, "UOA"));
            }
        }
        String first = Traffic.url(VIPS[0], "/");
        director =
                LaboratoryDirector.start(
                        laboratory,
                        directory,
                        laboratory.lab("director"),
                        services.toString(),
                        first);
    }

    /** The service that tells by that version, to a server of the client's IP version or not. */
    private static int proxyPort(int version, int mixed) {
        return 8000 + version + 2 * mixed;
    }

    private static String service(
            String protocol, int family, int port, int realFamily, int realPort, String how) {
        return """
          - protocol: %s
            address: "%s"
            port: %d
            scheduler: rr
            client_address: CLIENT_ADDRESS_%s
            local_addresses: ["%s", "%s"]
            real_servers: [{address: "%s", port: %d, forwarding_method: fullnat}]
        """
                .formatted(
                        protocol,
                        VIPS[family],
                        port,
                        how,
                        LOCALS[0],
                        LOCALS[1],
                        SERVERS[realFamily],
                        realPort);
    }

    @AfterAll
    static void stop() throws Exception {
        if (director != null) {
            director.stop();
        }
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static String url(int family, int port, String path) {
        String host = family == 0 ? VIPS[family] : "[" + VIPS[family] + "]";
        return "http://" + host + ":" + port + path;
    }

    private static String curl(String... words) throws Exception {
        String[] command = new String[words.length + 4];
        command[0] = "curl";
        command[1] = "-gsSf";
        command[2] = "-m";
        command[3] = "30";
        System.arraycopy(words, 0, command, 4, words.length);
        Laboratory.Result result = laboratory.client(command);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    @Test
    void shouldTellNginxByTheProxyProtocol() throws Exception {
        int port = 41_000;
        for (int family = 0; family < 2; family++) {
            for (int service = 8001; service <= 8004; service++) {
                String own = Integer.toString(port);
                port++;
                String url = url(family, service, "/who");
                String told = curl("--interface", CLIENTS[family], "--local-port", own, url);
                assertThat(told).isEqualTo(CLIENTS[family] + " " + own);
            }
        }
    }

    @Test
    void shouldKeepEveryByteBehindAHeader() throws Exception {
        Path body = directory.resolve("body");
        byte[] bytes = new byte[1 << 20];
        new java.util.Random(5).nextBytes(bytes);
        Files.write(body, bytes);
        for (int family = 0; family < 2; family++) {
            for (int service = 8001; service <= 8004; service++) {
                String name = "/upload/told" + family + service;
                curl("-T", body.toString(), url(family, service, name));
                Path copy = directory.resolve("copy" + family + service);
                curl("-o", copy.toString(), url(family, service, name));
                assertThat(copy).hasSameBinaryContentAs(body);
            }
        }
    }

    @Test
    void shouldTellByOptions() throws Exception {
        Path log = directory.resolve("options.log");
        String[] program = Laboratory.program("client-options.py", "eth0");
        Process reader = laboratory.start("rs1", log, program);
        try {
            await(log, "ready");
            for (int k = 0; k < 4; k++) {
                int family = k & 1;
                int mixed = k >> 1;
                String own = Integer.toString(42_000 + k);
                String web = url(family, 80 + mixed, "/");
                curl("--interface", CLIENTS[family], "--local-port", own, web);
                await(log, "toa " + CLIENTS[family] + " " + own);
                sendDatagram(family, 43_000 + k, 5300 + mixed);
                await(log, "uoa " + CLIENTS[family] + " " + (43_000 + k));
            }
        } finally {
            reader.destroy();
            reader.waitFor();
        }
    }

    private static void sendDatagram(int family, int port, int service) throws Exception {
        String program =
                "import socket; s = socket.socket(socket."
                        + (family == 0 ? "AF_INET" : "AF_INET6")
                        + ", socket.SOCK_DGRAM); s.bind(('"
                        + CLIENTS[family]
                        + "', "
                        + port
                        + ")); s.sendto(b'hello', ('"
                        + VIPS[family]
                        + "', "
                        + service
                        + "))";
        Laboratory.Result result = laboratory.client("/usr/bin/python3", "-c", program);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static void await(Path log, String line) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!List.of(Files.readString(log).split("\n")).contains(line)) {
            assertThat(System.nanoTime() - end)
                    .as("no line '%s' in %s", line, Files.readString(log))
                    .isNegative();
            Thread.sleep(50);
        }
    }
}
