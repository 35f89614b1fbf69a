package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.proto.v1.LocalPortUse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPortsCommandTest {
    private final EverydayFixture jvs = new EverydayFixture();

    private static LocalPortUse use(
            String local, int protocol, String real, int port, int used, int waiting) {
        return LocalPortUse.newBuilder()
                .setLocalAddress(local)
                .setProtocol(protocol)
                .setRealAddress(real)
                .setRealPort(port)
                .setUsed(used)
                .setWaiting(waiting)
                .setCapacity(64_511)
                .setExhausted(used == 64_511 ? 17 : 0)
                .build();
    }

    @BeforeEach
    void fill() {
        jvs.director.localPorts =
                List.of(
                        use("10.0.0.200", 6, "10.0.0.2", 8080, 64_511, 11),
                        use("2001:db8::200", 17, "2001:db8::2", 53, 64_510, 0),
                        use("10.0.0.200", 0, "10.0.0.3", 0, 12, 2));
    }

    @Test
    void shouldShowTheFullestFirst() {
        assertThat(jvs.run("local-ports"))
                .isEqualTo(
                        new CommandFixture.Result(
                                0,
                                """
                                LOCAL ADDRESS  PROT  REAL SERVER        USED  WAITING   FREE     OF    FULL  EXHAUSTED
                                10.0.0.200     tcp   10.0.0.2:8080     64500       11      0  64511  100.0%         17
                                2001:db8::200  udp   [2001:db8::2]:53  64510        0      1  64511   99.9%          0
                                10.0.0.200     any   10.0.0.3:0           10        2  64499  64511    0.0%          0
                                """,
                                ""));
        assertThat(jvs.director.calls).containsExactly("ListLocalPorts");
    }

    @Test
    void shouldShowThoseOfOneAddress() {
        assertThat(jvs.run("local-ports 10.0.0.200").out().lines()).hasSize(3);
        assertThat(jvs.run("local-ports 2001:db8:0:0::200").out().lines()).hasSize(2);
        assertThat(jvs.run("local-ports 10.0.0.200 -n 1").out().lines()).hasSize(2);
        assertThat(jvs.run("local-ports 10.0.0.201").out().lines()).hasSize(1);
    }

    @Test
    void shouldWriteJson() {
        assertThat(jvs.run("local-ports -n 1 -o json").out())
                .isEqualTo(
                        """
                        [
                          {"localAddress": "10.0.0.200", "protocol": 6, "realAddress": "10.0.0.2", "realPort": 8080, \
                        "used": 64511, "waiting": 11, "free": 0, "capacity": 64511, "exhausted": 17}
                        ]
                        """);
        assertThat(jvs.run("local-ports -o json 10.9.9.9").out()).isEqualTo("[]\n");
        assertThat(jvs.run("local-ports -o json").out().lines()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local-ports -n 0",
                "local-ports -n 100001",
                "local-ports -n",
                "local-ports -n x",
                "local-ports -o yaml",
                "local-ports -o",
                "local-ports host.example",
                "local-ports --all",
                "local-ports 10.0.0.1 10.0.0.2"
            })
    void shouldRefuseWhatItDoesNotKnow(String command) {
        CommandFixture.Result result = jvs.run(command);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("jvs local-ports: ").contains("usage: ");
        assertThat(jvs.director.calls).isEmpty();
    }

    @Test
    void shouldExplainItself() {
        assertThat(jvs.run("local-ports --help").out()).startsWith("usage: jvs local-ports ");
    }
}
