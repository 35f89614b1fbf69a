package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.control.config.ConfigException;
import io.jvs.proto.v1.DirectorConfig;
import io.jvs.proto.v1.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOptionsTest {
    @TempDir private Path directory;

    private static RunOptions parse(String... arguments) throws ConfigException {
        return RunOptions.parse(List.of(arguments));
    }

    @Test
    void shouldPutDevicesIntoThePortsOfTheFile() throws IOException, ConfigException {
        Path file =
                Files.writeString(
                        directory.resolve("jvs.yaml"),
                        "ports: [{name: lan, device: a}, {name: wan, device: b}]");
        DirectorConfig config =
                parse("-c", file.toString(), "--port", "wan=memif:socket=/x", "--port", "extra=c")
                        .config();
        assertThat(config.getPortsList())
                .extracting(Port::getName, Port::getDevice)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("lan", "a"),
                        org.assertj.core.groups.Tuple.tuple("wan", "memif:socket=/x"),
                        org.assertj.core.groups.Tuple.tuple("extra", "c"));
    }

    @Test
    void shouldTakeADeviceWithoutAName() throws ConfigException {
        DirectorConfig config = parse("--port", "pcap:in.pcap,out.pcap").config();
        assertThat(config.getPorts(0).getName()).isEqualTo("port0");
        assertThat(config.getPorts(0).getDevice()).isEqualTo("pcap:in.pcap,out.pcap");
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("--colour"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("'--colour' is not an option");
        assertThatThrownBy(() -> parse("-c")).hasMessageStartingWith("-c needs a value");
    }

    @Test
    void shouldOnlyCheckWhenAsked() throws IOException {
        Path file = Files.writeString(directory.resolve("jvs.yaml"), "ports: [{device: x}]");
        DirectorProcess.DataplaneOpener never =
                spec -> {
                    throw new AssertionError("nothing may be opened");
                };
        assertThat(RunCommand.run(List.of("-c", file.toString(), "--check"), never)).isZero();
        assertThat(RunCommand.run(List.of("--check"), never)).isEqualTo(2);
    }
}
