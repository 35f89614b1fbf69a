package io.jvs.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricNameTest {
    @ParameterizedTest
    @EnumSource(MetricName.class)
    void shouldBeExplainedAsItExplainsItself(MetricName name) throws IOException {
        String kind = name.isCounter() ? "_total` | counter |" : "` | gauge |";
        assertThat(Files.readString(Path.of("..", "docs", "metrics.md")))
                .contains("| `" + name.text() + kind)
                .contains("| " + name.help() + " |");
    }

    @Test
    void shouldNameEachVerdictOnce() {
        Map<Integer, String> names = VerdictNames.all();
        assertThat(names)
                .containsEntry((int) Verdict.FORWARDED, "forwarded")
                .containsEntry((int) Verdict.DROP_NO_ROUTE, "no_route")
                .containsEntry((int) Verdict.DROP_TRUNCATED_ETHERNET, "truncated_ethernet")
                .doesNotContainKey((int) Verdict.NONE);
        assertThat(names.values()).doesNotHaveDuplicates();
    }
}
