package io.jvs.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code jvs replay}: it must see every kind of difference. */
class ReplayCommandTest {
    private static final String SERVICE =
            """
            {"step": ["cmd", "ipvsadm -A -t 10.99.0.1:80 -s rr"], "rc": 0, "out": "", "err": ""},
            {"step": ["cmd", "ipvsadm -a -t 10.99.0.1:80 -r 192.168.77.1:8080 -m -w 3"],
             "rc": 0, "out": "", "err": ""},
            """;
    private static final String SYN =
            """
            {"step": ["syn", "172.16.1.1", 40001, "10.99.0.1", 80],
             "rs": "192.168.77.1:8080", "state": "SYN_RECV", "expires": 59,
             "dests": [["192.168.77.1:8080", 3, 1, 0]]}
            """;

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int replay(String steps) throws IOException {
        Path file = folder.resolve("scenario.json");
        Files.writeString(
                file, "{\"scenarios\": [{\"name\": \"one\", \"steps\": [" + steps + "]}]}");
        return run(file.toString());
    }

    private int run(String... files) {
        return ReplayCommand.run(
                List.of(files),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPassWhatWasRecorded() throws IOException {
        assertThat(replay(SERVICE + SYN)).isZero();
        assertThat(printed()).isEqualTo("PASS one\n1 passed, 0 failed\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.168.77.1:8080\", \"state|192.168.77.2:8080\", \"state",
                "SYN_RECV|ESTABLISHED",
                "59|57",
                "3, 1, 0|3, 0, 1",
                "3, 1, 0|2, 1, 0",
                "\"192.168.77.1:8080\", 3|\"192.168.77.1:80\", 3",
                "\"rc\": 0|\"rc\": 255",
                "\"out\": \"\"|\"out\": \"x\"",
                "\"err\": \"\"|\"err\": \"x\"",
            })
    void shouldFailOnAnyOtherBehaviour(String recorded, String other) throws IOException {
        assertThat(replay((SERVICE + SYN).replace(recorded, other))).isOne();
        assertThat(printed()).contains("FAIL one: step ", "expected ", "0 passed, 1 failed");
    }

    @Test
    void shouldFailOnAConnectionThatTheKernelDidNotMake() throws IOException {
        String none =
                """
                {"step": ["syn", "172.16.1.1", 40001, "10.99.0.1", 80],
                 "rs": null, "state": null, "expires": null, "dests": []}
                """;
        assertThat(replay(SERVICE + none)).isOne();
        assertThat(printed()).contains("expected no connection, got 192.168.77.1:8080 SYN_RECV");
    }

    @Test
    void shouldSayWhichFileCannotBeRead() throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, "[1, 2");
        assertThat(run(file.toString())).isEqualTo(2);
        assertThat(run(folder.resolve("none.json").toString())).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("bad.json is not a scenario file", "none.json", "Usage: jvs replay");
    }
}
