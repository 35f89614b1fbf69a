package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole director over pcap files: what it sends is compared with files that were looked at
 * before they were committed, byte for byte, and its counters with a text beside them. After a
 * change that is meant, run with {@code -Djvs.golden.write=true} and look at the difference with
 * tcpdump -vvv.
 */
class GoldenPacketTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final boolean WRITE = Boolean.getBoolean("jvs.golden.write");

    @TempDir Path directory;

    static Stream<Arguments> conversations() {
        return Stream.of(GoldenNetwork.values())
                .flatMap(network ->
                        Stream.of(GoldenMode.values()).map(mode -> Arguments.of(network, mode)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("conversations")
    void shouldSendTheSameBytesAsEver(GoldenNetwork network, GoldenMode mode) throws Exception {
        GoldenTraffic traffic = traffic(network, mode);
        GoldenRun run = play(network, mode, traffic);
        compare(network, run, GOLDEN.resolve(network.directory()).resolve(mode.directory()));
        GoldenRun again = play(network, mode, traffic);
        assertThat(again.counters()).isEqualTo(run.counters());
        for (int port = 0; port < network.ports; port++) {
            assertThat(again.sent().get(port)).isEqualTo(run.sent().get(port));
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = GoldenMode.class,
            names = {"NAT_IPV4", "NAT_IPV6"})
    void shouldAskForNeighborsAsEver(GoldenMode mode) throws Exception {
        GoldenNetwork network = GoldenNetwork.ONE_PORT;
        GoldenTraffic traffic = new GoldenNeighbors(network, mode).traffic();
        GoldenRun run =
                GoldenRun.play(
                        network, List.of(), GoldenNeighbors.changes(mode), traffic, directory);
        compare(network, run, GOLDEN.resolve("neighbors").resolve(mode.directory()));
    }

    private GoldenRun play(GoldenNetwork network, GoldenMode mode, GoldenTraffic traffic)
            throws Exception {
        List<NeighborSpec> neighbors =
                List.of(
                        new NeighborSpec(mode.client(), GoldenNetwork.CLIENT_MAC),
                        new NeighborSpec(mode.real(), GoldenNetwork.SERVER_MAC));
        return GoldenRun.play(network, neighbors, mode.changes(), traffic, directory);
    }

    /** FULLNAT's local ports are drawn, from a seed: a first run shows which. */
    private GoldenTraffic traffic(GoldenNetwork network, GoldenMode mode) throws Exception {
        GoldenTraffic first = new GoldenConversation(network, mode, 1, 1).traffic();
        if (mode.method != ForwardingMethod.FULLNAT) {
            return first;
        }
        List<byte[]> sent =
                GoldenTraffic.read(play(network, mode, first).sent().get(network.serverPort()));
        int tcp = localPort(network, sent, mode.local(), Frames.TCP);
        int udp = localPort(network, sent, mode.local(), Frames.UDP);
        return new GoldenConversation(network, mode, tcp, udp).traffic();
    }

    private static int localPort(
            GoldenNetwork network, List<byte[]> sent, Address local, int protocol) {
        int ip = network.serverVlan == 0 ? 14 : 18;
        return sent.stream()
                .map(frame -> Frames.read(frame, ip))
                .filter(seen -> seen.from().equals(local) && seen.protocol() == protocol)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing came from " + local))
                .fromPort();
    }

    private static void compare(GoldenNetwork network, GoldenRun run, Path golden)
            throws IOException {
        assertThat(run.verdicts())
                .as("verdicts of all that was received")
                .isEqualTo(run.received());
        for (byte[] file : run.sent()) {
            GoldenTraffic.read(file).forEach(FrameCheck::check);
        }
        if (WRITE) {
            write(network, run, golden);
        }
        for (int port = 0; port < network.ports; port++) {
            Path file = golden.resolve(network.portName(port) + ".pcap");
            List<byte[]> expected = GoldenTraffic.read(Files.readAllBytes(file));
            List<byte[]> sent = GoldenTraffic.read(run.sent().get(port));
            assertThat(sent).as(file.toString()).containsExactlyElementsOf(expected);
            assertThat(run.sent().get(port)).isEqualTo(Files.readAllBytes(file));
        }
        assertThat(run.counters()).isEqualTo(Files.readAllLines(golden.resolve("counters.txt")));
    }

    private static void write(GoldenNetwork network, GoldenRun run, Path golden)
            throws IOException {
        Files.createDirectories(golden);
        for (int port = 0; port < network.ports; port++) {
            Files.write(golden.resolve(network.portName(port) + ".pcap"), run.sent().get(port));
        }
        Files.write(golden.resolve("counters.txt"), run.counters());
    }
}
