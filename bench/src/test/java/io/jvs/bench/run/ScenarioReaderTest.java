package io.jvs.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.AddressFamily;
import io.jvs.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenarioReaderTest {
    @Test
    void shouldReadEveryField() {
        List<Scenario> read =
                ScenarioReader.read(
                        "test",
                        """
                        name: all
                        kind: latency
                        mode: nat
                        direction: server
                        family: 6
                        flows: 1_000_000
                        services: 3
                        servers: 7
                        frame: imix
                        packets: synthesized
                        limits: connections
                        scheduler: sed
                        workers: 1
                        memory: hugepages
                        """);
        assertThat(read)
                .containsExactly(
                        new Scenario(
                                "all",
                                Scenario.Kind.LATENCY,
                                ForwardingMethod.NAT,
                                Scenario.Direction.SERVER,
                                AddressFamily.IPV6,
                                1_000_000,
                                3,
                                7,
                                Scenario.Frame.IMIX,
                                Scenario.Packets.SYNTHESIZED,
                                Scenario.LimitKind.CONNECTIONS,
                                "sed",
                                1,
                                "hugepages"));
    }

    @Test
    void shouldReadBackWhatItWroteAsArguments() {
        for (Scenario scenario :
                ScenarioReader.read("test", "{name: a, frame: [60, imix, 1500], family: [4, 6]}")) {
            assertThat(ScenarioReader.of("test", scenario.fields())).isEqualTo(scenario);
        }
    }

    @Test
    void shouldCombineLists() {
        List<Scenario> read =
                ScenarioReader.read(
                        "test",
                        "{flows: [64, 1000], name: grid, direction: client, mode: [dr, tun]}");
        assertThat(read.stream().map(Scenario::name))
                .containsExactly("grid-64-dr", "grid-64-tun", "grid-1000-dr", "grid-1000-tun");
    }

    @Test
    void shouldRefuseWithOneSentence() {
        refused("{flows: 64}", "test: a mapping of fields with a 'name' is wanted");
        refused("[1, 2]", "test: a mapping of fields with a 'name' is wanted");
        refused("{name: a, mode: masq}", "test: mode is 'masq'; accepted: nat, dr, tun, fullnat");
        refused("{name: a, flows: 3}", "test: flows is '3'; accepted: 32 to 50000000");
        refused("{name: a, flows: many}", "test: flows is 'many'; accepted: 32 to 50000000");
        refused("{name: a, flow: 64}", "test: unknown field 'flow'; accepted are name, direction");
        refused("{name: a, mode: dr}", "test: direction is 'both' with mode dr; accepted: client");
        refused("{name: a, kind: flood, mode: dr, direction: client}", "test: mode is 'dr'");
        refused("{name: a, kind: open}", "test: flows is '64' with kind open; accepted: 100000");
        refused("{name: a, kind: life}", "test: flows is '64' with kind life; accepted: 4096");
        refused("{name: a, workers: 2, kind: start}", "test: workers is '2' with this kind or");
        refused(
                "{name: a, packets: replayed, flows: 10001}",
                "test: flows is '10001' with packets replayed; accepted: 32 to 10000");
        refused("{name: a, packets: replayed, kind: start}", "test: kind is 'start' with packets");
        refused("{name: a", "test: not YAML: ");
    }

    private static void refused(String yaml, String sentence) {
        assertThatThrownBy(() -> ScenarioReader.read("test", yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void shouldReadAllFilesOfTheProject() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
            List<Path> all = files.toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                assertThat(ScenarioReader.read(file)).as(file.toString()).isNotEmpty();
            }
        }
    }
}
