package io.jvs.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Plays everything that was recorded of the kernel. */
class GoldenReplayTest {
    /** Schedulers have their recordings in their own module's tests. */
    private static final List<Path> FOLDERS =
            List.of(
                    Path.of("src/test/resources/golden"),
                    Path.of("../scheduler/src/test/resources/golden"));

    /** What is not played as recorded yet; this list only gets shorter. */
    private static final Set<String> NOT_YET = Set.of();

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : FOLDERS) {
            try (Stream<Path> each = Files.list(folder)) {
                each.filter(file -> file.toString().endsWith(".json.gz"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    @Test
    void shouldDoWhatTheKernelDid() throws IOException, RefusedException {
        int played = 0;
        Set<String> failures = new TreeSet<>();
        Set<String> surprises = new TreeSet<>();
        for (Path file : files()) {
            for (Scenario scenario : ScenarioFile.read(file)) {
                played++;
                String difference = Replayer.play(scenario, 1);
                if (difference != null) {
                    failures.add(scenario.name());
                    if (!NOT_YET.contains(scenario.name())) {
                        surprises.add(scenario.name() + ": " + difference);
                    }
                }
            }
        }
        assertThat(surprises).isEmpty();
        assertThat(failures)
                .as("what passes now leaves the list")
                .isEqualTo(new TreeSet<>(NOT_YET));
        assertThat(played).isEqualTo(202);
    }
}
