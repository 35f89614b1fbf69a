package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real traffic in every mode through a director with a single port: on the servers' network, with
 * clients behind a router; and on a trunk, where clients and servers are in VLANs of their own,
 * with two workers. Needs root, for network namespaces.
 */
class OneArmIT {
    private static Laboratory laboratory;

    @TempDir private Path directory;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsarm");
        laboratory.lab("trunk");
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    @ParameterizedTest
    @CsvSource({"one, 1, 10.0.1., 2001:db8:1::", "trunk, 2, 172.16.0., 2001:db8:c::"})
    void shouldServeEveryModeOverOnePort(String arms, int workers, String network4, String network6)
            throws Exception {
        List<String> words = new ArrayList<>(List.of("mix"));
        StringBuilder services = new StringBuilder("workers: " + workers + "\nvirtual_services:\n");
        for (String network : List.of(network4, network6)) {
            for (TrafficMode mode : TrafficMode.values()) {
                words.add(mode.vip(network));
                services.append(mode.services(network));
            }
        }
        laboratory.lab("prepare", words.toArray(String[]::new));
        String ports = laboratory.lab("director", arms);
        String first = Traffic.url(TrafficMode.NAT.vip(network4), "/");
        Traffic traffic = new Traffic(laboratory, directory);
        LaboratoryDirector director =
                LaboratoryDirector.start(laboratory, directory, ports, services.toString(), first);
        try {
            for (String network : List.of(network4, network6)) {
                for (TrafficMode mode : TrafficMode.values()) {
                    serve(traffic, mode, network, arms + network.length());
                }
            }
        } finally {
            director.stop();
        }
    }

    private static void serve(Traffic traffic, TrafficMode mode, String network, String name)
            throws Exception {
        String vip = mode.vip(network);
        traffic.download(vip);
        traffic.upload(mode.server, vip, name + mode);
        traffic.exchangeDatagrams(mode, vip, "kernel");
        traffic.beRefused(vip);
        traffic.refuse(mode, network);
        traffic.ping(vip);
        Path log = laboratory.state().resolve(mode.server + "/access.log");
        assertThat(Files.readString(log)).contains("/upload/" + name + mode);
    }
}
