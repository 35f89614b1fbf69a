package io.jvs.cli.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemNameServiceTest {
    @TempDir Path directory;

    private NameService names = new SystemNameService();

    @BeforeEach
    void writeFiles() throws IOException {
        Path hosts =
                Files.writeString(
                        directory.resolve("hosts"),
                        "# names\n192.0.2.7\tweb.example web # first\n2001:db8::7 web6.example\n");
        Path services =
                Files.writeString(
                        directory.resolve("services"),
                        "http 80/tcp www\ndomain 53/tcp\ndomain 53/udp\n# x 1/tcp\nbad 99999/tcp\n");
        names = new SystemNameService(hosts, services);
    }

    @Test
    void shouldFindHostsInTheFile() {
        assertThat(names.address("web")).hasToString("192.0.2.7");
        assertThat(names.host(HostAddress.ofIpv4(0xC0000207))).isEqualTo("web.example");
        HostAddress ipv6 = HostAddressParser.parseIpv6("2001:db8::7");
        assertThat(ipv6).isNotNull();
        assertThat(names.host(ipv6)).isEqualTo("web6.example");
    }

    @Test
    void shouldNotAskForWhatLooksLikeAnAddress() {
        assertThat(names.address("10.99.0.300")).isNull();
        assertThat(names.address("")).isNull();
    }

    @Test
    void shouldFindServicesOfTheProtocol() {
        assertThat(names.port("http", "tcp")).isEqualTo(80);
        assertThat(names.port("www", "tcp")).isEqualTo(80);
        assertThat(names.port("http", "udp")).isEqualTo(-1);
        assertThat(names.port("bad", "tcp")).isEqualTo(-1);
        assertThat(names.service(53, "udp")).isEqualTo("domain");
        assertThat(names.service(1, "tcp")).isNull();
    }

    @Test
    void shouldDoWithoutFiles() {
        NameService none =
                new SystemNameService(directory.resolve("none"), directory.resolve("none"));
        assertThat(none.port("http", "tcp")).isEqualTo(80);
        assertThat(none.service(53, "udp")).isEqualTo("domain");
        assertThat(none.service(81, "tcp")).isNull();
        assertThat(none.host(HostAddress.ofIpv4(0x7F000001))).isEqualTo("localhost");
        assertThat(none.host(new HostAddress(true, 0, 1))).isEqualTo("localhost");
    }
}
