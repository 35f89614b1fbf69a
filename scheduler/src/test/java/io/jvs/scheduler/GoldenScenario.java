package io.jvs.scheduler;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One recording of what the Linux kernel did, from files sched-*.json in the directory of the
 * system property or environment variable {@code jvs.golden} ({@code JVS_GOLDEN}), else from those
 * that are kept with the tests.
 */
record GoldenScenario(String name, List<JsonObject> steps) {
    private static final List<String> KEPT =
            List.of("dst", "edit", "hash", "persist", "tcp1", "tcp2", "udp1", "udp2");

    /** The scheduler that it begins with, from its first -A. */
    String scheduler() {
        for (JsonObject step : steps) {
            List<String> words = words(step);
            int flag = words.indexOf("-s");
            if (words.contains("-A") && flag > 0) {
                return words.get(flag + 1);
            }
        }
        return "wlc";
    }

    /** The words of a cmd step, nothing of another. */
    static List<String> words(JsonObject step) {
        JsonArray call = step.getAsJsonArray("step");
        return call.get(0).getAsString().equals("cmd")
                ? List.of(call.get(1).getAsString().split(" "))
                : List.of();
    }

    /** Whether the scheduler alone decides: no persistence, no one-packet scheduling. */
    boolean isPureScheduling() {
        return steps.stream()
                .map(GoldenScenario::words)
                .filter(words -> words.contains("-A"))
                .noneMatch(words -> words.contains("-p") || words.contains("-o"));
    }

    @Override
    public String toString() {
        return name;
    }

    static List<GoldenScenario> all() {
        @Nullable String directory = System.getProperty("jvs.golden", System.getenv("JVS_GOLDEN"));
        List<GoldenScenario> all = new ArrayList<>();
        if (directory == null) {
            for (String kept : KEPT) {
                read(GoldenScenario.class, "/golden/sched-" + kept + ".json.gz", all);
            }
            return all;
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path file : files.filter(GoldenScenario::isSchedulerFile).sorted().toList()) {
                parse(Files.newInputStream(file), all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static boolean isSchedulerFile(Path file) {
        return file.getFileName().toString().matches("sched-.*\\.json");
    }

    private static void read(Class<?> beside, String resource, List<GoldenScenario> into) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + resource);
            }
            parse(new GZIPInputStream(in), into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void parse(InputStream in, List<GoldenScenario> into) throws IOException {
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            JsonObject file = JsonParser.parseReader(reader).getAsJsonObject();
            for (JsonElement element : file.getAsJsonArray("scenarios")) {
                JsonObject scenario = element.getAsJsonObject();
                List<JsonObject> steps =
                        scenario.getAsJsonArray("steps").asList().stream()
                                .map(JsonElement::getAsJsonObject)
                                .toList();
                into.add(new GoldenScenario(scenario.get("name").getAsString(), steps));
            }
        }
    }
}
