package io.jvs.bench.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All figures of a run, every round's among them, as JSON. */
final class JsonReport {
    private JsonReport() {}

    /** The document. */
    static String of(Map<String, String> machine, List<ComparisonResult> results) {
        JsonObject root = new JsonObject();
        root.add("machine", words(machine));
        JsonArray array = new JsonArray();
        results.forEach(result -> array.add(result(result)));
        root.add("results", array);
        return new GsonBuilder().setPrettyPrinting().create().toJson(root) + "\n";
    }

    private static JsonObject words(Map<String, String> words) {
        JsonObject object = new JsonObject();
        words.forEach(object::addProperty);
        return object;
    }

    private static JsonObject result(ComparisonResult result) {
        JsonObject object = new JsonObject();
        object.add("scenario", words(result.scenario().fields()));
        JsonArray loads = new JsonArray();
        result.loads().forEach(loads::add);
        object.add("load_average", loads);
        JsonObject programs = new JsonObject();
        result.titles()
                .forEach(
                        (program, title) -> programs.add(program, program(result, program, title)));
        object.add("programs", programs);
        add(object, "jvs_to_reference", result.jvsRatio());
        add(object, "jvs_to_reference_without_synthesis", result.ratioWithoutSynthesis());
        add(
                object,
                "synthesis_java_ns",
                result.synthesis(Comparison.JAVA_BARE, Comparison.JAVA_MADE));
        add(
                object,
                "synthesis_c_ns",
                result.synthesis(Comparison.REFERENCE_BARE, Comparison.REFERENCE_MADE));
        return object;
    }

    private static void add(JsonObject object, String name, OptionalDouble value) {
        if (value.isPresent()) {
            object.addProperty(name, value.getAsDouble());
        }
    }

    private static JsonObject program(ComparisonResult result, String program, String title) {
        JsonObject object = new JsonObject();
        object.addProperty("title", title);
        object.add("cpu_ns", statistics(result.cpu(program)));
        object.add("passed_ns", statistics(result.time(program)));
        JsonArray rounds = new JsonArray();
        for (Outcome outcome : result.outcomes().getOrDefault(program, List.of())) {
            JsonObject round = words(outcome.more());
            round.addProperty("cpu_ns", outcome.cpuNs());
            round.addProperty("passed_ns", outcome.ns());
            round.addProperty("packets", outcome.packets());
            rounds.add(round);
        }
        object.add("rounds", rounds);
        return object;
    }

    private static JsonObject statistics(Statistics values) {
        JsonObject object = new JsonObject();
        object.addProperty("min", values.min());
        object.addProperty("median", values.median());
        object.addProperty("max", values.max());
        return object;
    }
}
