package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.control.config.SettingsReader;
import io.jvs.worker.MemoryDataplane;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole director whose only local address has run out of ports towards its only server: what an
 * administrator sees of it. Packets go through a real worker.
 */
class LocalPortExhaustionMetricsTest {
    private static final int ALL = 64_511;
    private static final int TOO_MANY = 7;
    private static final long PORT_MAC = 0x02_6A_76_73_00_01L;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_11L;
    @TempDir private Path directory;

    private String configuration() {
        return """
        ports: [{name: lan, device: "memory", addresses: ["10.0.0.1/24"]}]
        neighbors:
          - {address: 10.0.0.9, mac: "02:00:00:00:00:11"}
          - {address: 10.0.0.11, mac: "02:00:00:00:00:22"}
        max_connections: 70000
        control_socket: %s/jvs.sock
        metrics_address: "127.0.0.1:0"
        state_directory: %s/state
        health_checks: {enabled: false}
        virtual_services:
          - protocol: tcp
            address: 10.99.0.1
            port: 80
            scheduler: rr
            local_addresses: [10.0.0.200]
            real_servers: [{address: 10.0.0.11, port: 8080, forwarding_method: fullnat}]
        """
                .formatted(directory, directory);
    }

    @Test
    void shouldTellAdministratorsThatLocalPortsHaveRunOut() throws Exception {
        List<MemoryDataplane> opened = new ArrayList<>();
        try (DirectorProcess process =
                DirectorProcess.start(
                        SettingsReader.settings(
                                SettingsReader.readText("jvs.yaml", configuration())),
                        spec -> {
                            opened.add(MemoryDataplane.open(spec, 1_000_000_000L));
                            return opened.getFirst();
                        })) {
            MemoryDataplane dataplane = opened.getFirst();
            connect(dataplane, 0, ALL);
            assertThat(metrics(process)).contains("jvs_local_port_exhaustions_total 0.0");
            connect(dataplane, ALL, TOO_MANY);
            String pair = "{lip=\"10.0.0.200\",protocol=\"6\",rip=\"10.0.0.11\",rport=\"8080\"}";
            assertThat(metrics(process))
                    .contains(
                            "jvs_connections " + (double) ALL,
                            "jvs_local_ports_in_use " + (double) ALL,
                            "jvs_local_ports_used" + pair + " " + (double) ALL,
                            "jvs_local_ports_free" + pair + " 0.0",
                            "jvs_local_port_exhaustions_total " + (double) TOO_MANY,
                            "jvs_dropped_packets_total{reason=\"no_local_port\"} "
                                    + (double) TOO_MANY);
            List<String> said = new ArrayList<>();
            try (LocalPortWatch watch = new LocalPortWatch(dataplane, said::add)) {
                watch.look(0);
            }
            assertThat(said)
                    .containsExactly(
                            "local ports have run out: 7 packets refused (no_local_port);"
                                    + " 10.0.0.200 has 0 of 64511 free towards 10.0.0.11 port 8080;"
                                    + " add local addresses to the service (jvsadm -P) or real"
                                    + " servers");
        }
    }

    private static void connect(MemoryDataplane dataplane, int from, int count) {
        for (int i = from; i < from + count; i++) {
            dataplane.inject(0, syn(1 + i / 60_000, 1024 + i % 60_000));
            while (dataplane.takeSent(0).length > 0) {
                // towards the server
            }
        }
    }

    /** A SYN of client 10.0.1.CLIENT to the service. */
    private static byte[] syn(int client, int port) {
        ByteBuffer frame = ByteBuffer.allocate(54);
        frame.putShort((short) (PORT_MAC >>> 32)).putInt((int) PORT_MAC);
        frame.putShort((short) (CLIENT_MAC >>> 32)).putInt((int) CLIENT_MAC);
        frame.putShort((short) 0x0800).putInt(0x4500_0028).putInt(0x0001_4000);
        frame.putShort((short) 0x4006).putShort((short) 0);
        frame.putInt(0x0A00_0100 + client).putInt(0x0A63_0001);
        frame.putShort((short) port).putShort((short) 80).putInt(1000).putInt(0);
        frame.putInt(0x5002_2000).putInt(0);
        frame.putShort(24, checksum(frame, 14, 34, 0));
        int pseudo = 6 + 20;
        for (int at = 26; at < 34; at += 2) {
            pseudo += Short.toUnsignedInt(frame.getShort(at));
        }
        frame.putShort(50, checksum(frame, 34, 54, pseudo));
        return frame.array();
    }

    private static short checksum(ByteBuffer frame, int from, int to, int start) {
        int sum = start;
        for (int at = from; at < to; at += 2) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static List<String> metrics(DirectorProcess process) throws Exception {
        String url = "http://127.0.0.1:" + process.metricsPort() + "/metrics";
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        try (InputStream body = connection.getInputStream()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().toList();
        } finally {
            connection.disconnect();
        }
    }
}
