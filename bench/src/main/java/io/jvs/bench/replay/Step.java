package io.jvs.bench.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One step and what the kernel did.
 *
 * @param arguments the verb and what follows it
 * @param seen what was recorded, with the step itself
 */
record Step(JsonArray arguments, JsonObject seen) {

    String verb() {
        return arguments.get(0).getAsString();
    }

    int size() {
        return arguments.size();
    }

    String text(int index) {
        return arguments.get(index).getAsString();
    }

    int number(int index) {
        return arguments.get(index).getAsInt();
    }

    double decimal(int index) {
        return arguments.get(index).getAsDouble();
    }

    /** Whether something of that name was recorded. */
    boolean has(String name) {
        return seen.has(name);
    }

    /** A recorded text, or null where nothing or null was recorded. */
    @Nullable String seenText(String name) {
        JsonElement element = seen.get(name);
        return element == null || element.isJsonNull() ? null : element.getAsString();
    }

    /** A recorded number, or null where nothing or null was recorded. */
    @Nullable Integer seenNumber(String name) {
        JsonElement element = seen.get(name);
        return element == null || element.isJsonNull() ? null : element.getAsInt();
    }

    JsonArray seenArray(String name) {
        JsonArray array = seen.getAsJsonArray(name);
        return array == null ? new JsonArray() : array;
    }
}
