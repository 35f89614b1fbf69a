package io.jvs.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SysctlsSectionTest {
    private static final String PORTS = "ports: [{name: wan, device: 'null'}]\n";

    private static Settings read(String text) throws ConfigException {
        return SettingsReader.settings(SettingsReader.readText("test.yaml", PORTS + text));
    }

    @Test
    void shouldReadSettingsFromAMap() throws Exception {
        Settings settings =
                read("sysctls:\n  net.ipv4.vs.drop_packet: 3\n  sloppy_tcp: 1\n  pmtu_disc: 1\n");
        assertThat(settings.initial().sysctls())
                .containsOnly(Map.entry("drop_packet", "3"), Map.entry("sloppy_tcp", "1"));
        assertThat(settings.initialHash())
                .isNotEmpty()
                .isEqualTo(
                        read("sysctls: {pmtu_disc: 1, sloppy_tcp: 1, net.ipv4.vs.drop_packet: 3}")
                                .initialHash())
                .isNotEqualTo(read("sysctls: {sloppy_tcp: 1}").initialHash());
    }

    @Test
    void shouldNameWhatIsWrong() {
        assertThatThrownBy(() -> read("sysctls: {drop_entry: 7}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sysctls")
                .hasMessageContaining("drop_entry: '7' is not a whole number from 0 to 3");
        assertThatThrownBy(() -> read("sysctls: {drop_entry: 1, drop_entry: 2}"))
                .hasMessageContaining("test.yaml:2: sysctls.drop_entry: is given twice");
        assertThatThrownBy(() -> read("sysctls: [drop_entry]"))
                .hasMessageContaining("test.yaml:2: sysctls: keys and values are wanted here");
    }
}
