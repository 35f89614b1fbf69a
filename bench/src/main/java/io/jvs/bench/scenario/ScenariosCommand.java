package io.jvs.bench.scenario;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code jvs scenarios}: writes random scenarios to a file, without what was seen. */
public final class ScenariosCommand {
    private static final int USAGE = 2;

    private static final List<String> SCHEDULERS =
            List.of(
                    "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf",
                    "mh", "twos");

    private ScenariosCommand() {}

    /** Entry point of the process. */
    public static void main(String[] arguments) {
        int code = run(List.of(arguments), System.err);
        System.exit(code);
    }

    /**
     * Writes scenarios.
     *
     * @param arguments FILE COUNT SEED LENGTH [THEME]
     * @return 0, or 2 for a wrong call
     */
    static int run(List<String> arguments, PrintStream err) {
        try {
            Path file = Path.of(arguments.get(0));
            int count = Integer.parseInt(arguments.get(1));
            long seed = Long.parseLong(arguments.get(2));
            int length = Integer.parseInt(arguments.get(3));
            List<Theme> themes =
                    arguments.size() > 4
                            ? List.of(Theme.valueOf(arguments.get(4).toUpperCase(Locale.ROOT)))
                            : List.of(Theme.values());
            Files.writeString(file, scenarios(count, seed, length, themes).toString());
            return 0;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            err.println("Usage: jvs scenarios FILE COUNT SEED LENGTH [THEME]");
            return USAGE;
        } catch (IOException e) {
            err.println("jvs scenarios: " + e.getMessage());
            return USAGE;
        }
    }

    private static JsonArray scenarios(int count, long seed, int length, List<Theme> themes) {
        JsonArray all = new JsonArray();
        for (int i = 0; i < count; i++) {
            String scheduler = SCHEDULERS.get(i % SCHEDULERS.size());
            Theme theme = themes.get(i % themes.size());
            JsonObject scenario =
                    theme == Theme.COMMANDS
                            ? CommandScenario.of(seed + i, length)
                            : RandomScenario.of(scheduler, theme, seed + i, length);
            all.add(scenario);
        }
        return all;
    }

    /** The names of all schedulers. */
    public static List<String> schedulers() {
        return new ArrayList<>(SCHEDULERS);
    }
}
