package io.jvs.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final String GOOD =
            "RESULT ns=20.500 cpu_ns=10.250 packets=7 forwarded=7 dropped=0 connections=64";

    @Test
    void shouldTakeTheMiddle() {
        assertThat(Statistics.of(new double[] {3, 1, 2})).isEqualTo(new Statistics(1, 2, 3));
        assertThat(Statistics.of(new double[] {4, 1, 2, 3})).isEqualTo(new Statistics(1, 2.5, 4));
        assertThat(Statistics.of(new double[] {5})).isEqualTo(new Statistics(5, 5, 5));
    }

    @Test
    void shouldReadAResult() throws IOException {
        assertThat(Outcome.parse("x", List.of("EAL: noise", GOOD)))
                .isEqualTo(new Outcome(20.5, 10.25, 7, Map.of("connections", "64")));
    }

    @Test
    void shouldFailWhenAPacketIsMissing() {
        for (String bad :
                List.of(
                        GOOD.replace("forwarded=7", "forwarded=6"),
                        GOOD.replace("forwarded=7", "forwarded=-1"),
                        GOOD.replace("dropped=0", "dropped=1"),
                        GOOD.replace("packets=7 forwarded=7", "packets=0 forwarded=0"),
                        "no result")) {
            assertThatThrownBy(() -> Outcome.parse("x", List.of(bad)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(bad);
        }
    }

    @Test
    void shouldCompareWithTheReferenceAndTakeSynthesisAway() {
        ComparisonResult result =
                result(
                        Map.of(
                                Comparison.JVS, 40.0,
                                Comparison.REFERENCE, 28.0,
                                Comparison.REFERENCE_BARE, 15.0,
                                Comparison.REFERENCE_MADE, 19.0,
                                Comparison.JAVA_BARE, 16.0,
                                Comparison.JAVA_MADE, 20.0));
        assertThat(result.jvsRatio().orElseThrow()).isCloseTo(40.0 / 28, within(1e-9));
        assertThat(result.ratioWithoutSynthesis().orElseThrow()).isCloseTo(1.5, within(1e-9));
        assertThat(TextTable.of(result))
                .contains("JVS / C reference, as measured: 1.43")
                .contains("JVS / C reference, synthesis taken from both: 1.50")
                .contains("load 0.5 to 2.5")
                .contains("title of jvs, gap: 1.500")
                .doesNotContain("curve");
    }

    @Test
    void shouldGiveNoRatioWithoutTheReference() {
        ComparisonResult result = result(Map.of(Comparison.JVS, 40.0));
        assertThat(result.jvsRatio()).isEmpty();
        assertThat(result.ratioWithoutSynthesis()).isEmpty();
        assertThat(TextTable.of(result)).contains("40.0").doesNotContain("C reference");
    }

    /** Each program with three rounds around a median. */
    static ComparisonResult result(Map<String, Double> medians) {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        Map<String, String> titles = new LinkedHashMap<>();
        medians.forEach((program, ns) -> {
            titles.put(program, "title of " + program);
            outcomes.put(
                    program,
                    List.of(
                            new Outcome(ns * 2, ns, 1000, Map.of("gap", "1.5", "curve", "1:2;3:4")),
                            new Outcome(
                                    ns * 2, ns + 5, 1000, Map.of("gap", "1.5", "curve", "1:2;3:4")),
                            new Outcome(
                                    ns * 2,
                                    ns - 1,
                                    1000,
                                    Map.of("gap", "1.5", "curve", "1:2;3:4"))));
        });
        Scenario scenario = ScenarioReader.read("test", "name: unit").getFirst();
        return new ComparisonResult(scenario, titles, outcomes, List.of(0.5, 2.5, 1.0));
    }
}
