package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One run of a director over pcap files.
 *
 * @param sent the file that each port wrote
 * @param counters everything that was counted and is not zero, a line each
 * @param received packets that all ports received
 * @param verdicts packets that got a verdict
 */
record GoldenRun(List<byte[]> sent, List<String> counters, long received, long verdicts) {
    private static final long SEED = 42;

    /** Plays {@code traffic} through a director; its files lie in {@code directory}. */
    static GoldenRun play(
            GoldenNetwork network,
            List<NeighborSpec> neighbors,
            List<Change> changes,
            GoldenTraffic traffic,
            Path directory)
            throws Exception {
        List<String> devices = new ArrayList<>();
        for (int port = 0; port < network.ports; port++) {
            Path in = directory.resolve(network.portName(port) + ".in.pcap");
            traffic.write(port, in);
            devices.add("pcap:" + in + "," + directory.resolve(network.portName(port) + ".pcap"));
        }
        CountersView counters;
        try (Dataplane dataplane =
                DataplaneHost.open(spec(network.portSpecs(devices), neighbors))) {
            CompletableFuture<Long> applied = dataplane.apply(1, changes);
            dataplane.start();
            dataplane.finished().get(30, TimeUnit.SECONDS);
            assertThat(applied.get(1, TimeUnit.SECONDS)).isEqualTo(1);
            counters = dataplane.counters();
        }
        return read(network, counters, changes, directory);
    }

    private static DataplaneSpec spec(List<PortSpec> ports, List<NeighborSpec> neighbors) {
        return new DataplaneSpec(
                ports, List.of(), neighbors, 1, List.of(), 1000, "no-huge", 64, "golden", SEED,
                false);
    }

    private static GoldenRun read(
            GoldenNetwork network, CountersView counters, List<Change> changes, Path directory)
            throws IOException {
        List<byte[]> sent = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        long received = 0;
        for (int port = 0; port < network.ports; port++) {
            sent.add(Files.readAllBytes(directory.resolve(network.portName(port) + ".pcap")));
            received += counters.port(port, PortCounter.RECEIVED_PACKETS);
            for (PortCounter counter : PortCounter.values()) {
                line(lines, network.portName(port) + " " + counter, counters.port(port, counter));
            }
        }
        long verdicts = 0;
        for (Map.Entry<Integer, String> verdict : verdictNames().entrySet()) {
            verdicts += counters.verdict(verdict.getKey());
            line(lines, verdict.getValue(), counters.verdict(verdict.getKey()));
        }
        for (Change change : changes) {
            if (change instanceof Change.AddServer server) {
                addServer(lines, server.serverIndex(), counters);
            }
        }
        line(lines, "CONNECTIONS", counters.connections());
        return new GoldenRun(sent, lines, received, verdicts);
    }

    private static void addServer(List<String> lines, int server, CountersView counters) {
        for (ServerCounter counter : ServerCounter.values()) {
            line(lines, "server " + server + " " + counter, counters.server(server, counter));
        }
    }

    private static void line(List<String> lines, String name, long value) {
        if (value != 0) {
            lines.add(name + " " + value);
        }
    }

    /** The names of all verdicts by code, as {@link Verdict} has them. */
    static Map<Integer, String> verdictNames() {
        Map<Integer, String> names = new TreeMap<>(Comparator.naturalOrder());
        for (Field field : Verdict.class.getFields()) {
            boolean isVerdict =
                    field.getType() == byte.class
                            && Modifier.isStatic(field.getModifiers())
                            && !field.getName().equals("FIRST_DROP");
            if (isVerdict) {
                try {
                    names.put((int) field.getByte(null), field.getName());
                } catch (IllegalAccessException e) {
                    throw new LinkageError("a public field cannot be read", e);
                }
            }
        }
        return names;
    }
}
