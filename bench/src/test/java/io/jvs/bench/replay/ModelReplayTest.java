package io.jvs.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.jvs.bench.model.KernelModel;
import io.jvs.bench.scenario.RandomScenario;
import io.jvs.bench.scenario.ScenariosCommand;
import io.jvs.bench.scenario.Theme;
import io.jvs.director.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten thousand random steps for each scheduler through the whole director, as the model foresees.
 */
class ModelReplayTest {
    private static final int STEPS = 10_000;
    private static final int LENGTH = 120;

    private static final List<Theme> THEMES =
            List.of(
                    Theme.SCHEDULING,
                    Theme.PERSISTENCE,
                    Theme.THRESHOLDS,
                    Theme.EXPIRY,
                    Theme.SEGMENTS,
                    Theme.SETTINGS,
                    Theme.EDITS);

    static Stream<String> schedulers() {
        return ScenariosCommand.schedulers().stream();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void shouldDoWhatTheModelForesees(String scheduler) throws RefusedException {
        int steps = 0;
        for (long seed = 1000L * scheduler.hashCode(); steps < STEPS; seed++) {
            Theme theme = THEMES.get((int) Math.floorMod(seed, (long) THEMES.size()));
            JsonObject made = RandomScenario.withoutSockets(scheduler, theme, seed, LENGTH);
            List<Step> recorded = steps(KernelModel.record(made));
            steps += recorded.size();
            Scenario scenario = new Scenario(made.get("name").getAsString(), recorded);
            String difference = Replayer.play(scenario, seed);
            assertThat(difference)
                    .as("%s %s seed %d: %s", scheduler, theme, seed, before(recorded, difference))
                    .isNull();
        }
    }

    private static List<Step> steps(JsonObject recorded) {
        List<Step> steps = new ArrayList<>();
        for (var element : recorded.getAsJsonArray("steps")) {
            JsonObject seen = element.getAsJsonObject();
            JsonArray arguments = seen.getAsJsonArray("step");
            steps.add(new Step(arguments, seen));
        }
        return steps;
    }

    /** The steps up to the one that differs: all that it takes to see it again. */
    private static String before(List<Step> steps, @Nullable String difference) {
        if (difference == null || !difference.startsWith("step ")) {
            return "";
        }
        int number = Integer.parseInt(difference.split(" ", -1)[1]);
        StringBuilder text = new StringBuilder();
        for (Step step : steps.subList(0, number)) {
            text.append('\n').append(step.arguments());
        }
        return text.toString();
    }
}
