package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/counters.md has every counter and no other. */
class CountersPageTest {
    private static final Pattern VERDICT =
            Pattern.compile("\\| `([a-z_0-9]+)` \\| (\\d+) \\| .+\\. \\|");
    private static final Pattern COUNTER = Pattern.compile("\\| `([A-Z_]+)` \\| .+\\. \\|");

    private static List<String> page() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "counters.md"));
    }

    @Test
    void shouldExplainEachVerdict() throws IOException {
        Map<Integer, String> explained = new TreeMap<>();
        for (String line : page()) {
            Matcher row = VERDICT.matcher(line);
            if (row.matches()) {
                explained.put(Integer.parseInt(row.group(2)), row.group(1));
            }
        }
        Map<Integer, String> verdicts = GoldenRun.verdictNames();
        verdicts.remove(0);
        verdicts.replaceAll(
                (code, name) -> name.replaceFirst("^DROP_", "").toLowerCase(Locale.ROOT));
        assertThat(explained).isEqualTo(verdicts);
    }

    @Test
    void shouldExplainEachCounterOfPortsAndServers() throws IOException {
        List<String> explained =
                page().stream()
                        .map(COUNTER::matcher)
                        .filter(Matcher::matches)
                        .map(row -> row.group(1))
                        .toList();
        List<String> counters =
                Stream.of(
                                Stream.of(PortCounter.values()),
                                Stream.of(ServerCounter.values()),
                                Stream.of(ServiceCounter.values()),
                                Stream.of(LocalPortCounter.values()),
                                Stream.of(SynCounter.values()))
                        .flatMap(each -> each)
                        .map(Enum::name)
                        .toList();
        assertThat(explained).isEqualTo(counters);
    }
}
