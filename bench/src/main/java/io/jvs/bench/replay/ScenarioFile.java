package io.jvs.bench.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads scenario files: JSON, also compressed with gzip. */
final class ScenarioFile {
    private ScenarioFile() {}

    /**
     * The scenarios of a file, in order.
     *
     * @throws IOException with a sentence that names the file and what is wrong
     */
    static List<Scenario> read(Path file) throws IOException {
        try (Reader reader = new InputStreamReader(open(file), StandardCharsets.UTF_8)) {
            List<Scenario> scenarios = new ArrayList<>();
            JsonObject top = JsonParser.parseReader(reader).getAsJsonObject();
            for (JsonElement scenario : top.getAsJsonArray("scenarios")) {
                scenarios.add(scenario(scenario.getAsJsonObject()));
            }
            return scenarios;
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            throw new IOException(
                    file
                            + " is not a scenario file ({\"scenarios\": [{\"name\", \"steps\"}]}): "
                            + e,
                    e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    private static Scenario scenario(JsonObject object) {
        List<Step> steps = new ArrayList<>();
        for (JsonElement element : object.getAsJsonArray("steps")) {
            JsonObject seen = element.getAsJsonObject();
            JsonArray arguments = seen.getAsJsonArray("step");
            steps.add(new Step(arguments, seen));
        }
        return new Scenario(object.get("name").getAsString(), steps);
    }
}
