package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded choice of the kernel's schedulers, made once more. */
class GoldenScenarioTest {

    static Stream<GoldenScenario> exact() {
        return GoldenScenario.all().stream()
                .filter(GoldenScenario::isPureScheduling)
                .filter(scenario -> !scenario.scheduler().equals("twos"));
    }

    static Stream<GoldenScenario> drawn() {
        return GoldenScenario.all().stream()
                .filter(scenario -> scenario.scheduler().equals("twos"));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void shouldPickAsTheKernelDid(GoldenScenario scenario) {
        int picks = new GoldenReplayer(scenario, 1, true).play();

        assertThat(picks).isPositive();
    }

    /** twos draws lots: what the kernel gave each server must be likely for us. */
    @ParameterizedTest
    @MethodSource("drawn")
    void shouldShareAsTheKernelDid(GoldenScenario scenario) {
        Map<String, double[]> sums = new HashMap<>();
        int runs = 400;
        for (int seed = 0; seed < runs; seed++) {
            GoldenReplayer replayer = new GoldenReplayer(scenario, seed * 7919L, false);
            replayer.play();
            replayer.connectionsByServer()
                    .forEach((server, count) -> {
                        double[] sum = sums.computeIfAbsent(server, s -> new double[2]);
                        sum[0] += count;
                        sum[1] += (double) count * count;
                    });
        }
        JsonObject last = scenario.steps().getLast();
        for (JsonElement element : last.getAsJsonArray("dests")) {
            JsonArray server = element.getAsJsonArray();
            double[] sum = sums.getOrDefault(server.get(0).getAsString(), new double[2]);
            double mean = sum[0] / runs;
            double deviation = Math.sqrt(Math.max(0, sum[1] / runs - mean * mean));
            double recorded = server.get(2).getAsInt() + server.get(3).getAsInt();
            assertThat(Math.abs(recorded - mean))
                    .as("%s: %s recorded %s, mean %s", scenario, server, recorded, mean)
                    .isLessThanOrEqualTo(4 * deviation + 0.5);
        }
    }

    @Test
    void shouldHaveRecordingsOfEveryScheduler() {
        assertThat(GoldenScenario.all().stream().map(GoldenScenario::scheduler))
                .containsAll(Scheduler.names());
    }
}
