package io.jvs.bench.run;

import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.service.AddressFamily;
import io.jvs.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads scenario files: YAML, one mapping of the fields of {@link Scenario}. A field with a list of
 * values stands for a scenario with each of them; several lists for all combinations.
 */
final class ScenarioReader {
    private static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("kind", "established"),
                    Map.entry("mode", "fullnat"),
                    Map.entry("direction", "both"),
                    Map.entry("family", "4"),
                    Map.entry("flows", "64"),
                    Map.entry("services", "1"),
                    Map.entry("servers", "10"),
                    Map.entry("frame", "60"),
                    Map.entry("packets", "synthesized"),
                    Map.entry("limits", "traffic"),
                    Map.entry("scheduler", "wlc"),
                    Map.entry("workers", "1"),
                    Map.entry("memory", "no-huge"));

    /** The pool of buffers holds all of the file. */
    private static final int REPLAYED_FLOWS = 10_000;

    private static final int LIFE_FLOWS = 2 * SynthesizedPort.BATCH;

    /** So that the code is compiled long before the last of them. */
    private static final int OPEN_FLOWS = 100_000;

    private final String place;
    private final Map<String, String> values;

    private ScenarioReader(String place, Map<String, String> values) {
        this.place = place;
        this.values = values;
    }

    /**
     * Reads a file.
     *
     * @return the scenarios that it stands for, in order
     * @throws IllegalArgumentException with one sentence that names file, field and what is
     *     accepted
     */
    static List<Scenario> read(Path file) throws IOException {
        return read(file.toString(), Files.readString(file));
    }

    /** As {@link #read(Path)}; {@code place} is what sentences call the text. */
    static List<Scenario> read(String place, String yaml) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(place).build()).loadFromString(yaml);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(place + ": not YAML: " + e.getMessage(), e);
        }
        if (!(root instanceof Map<?, ?> map) || map.get("name") == null) {
            throw new IllegalArgumentException(
                    place + ": a mapping of fields with a 'name' is wanted");
        }
        List<Map<String, String>> expanded =
                List.of(Map.of("name", String.valueOf(map.get("name"))));
        for (Map.Entry<?, ?> field : map.entrySet()) {
            if (!"name".equals(field.getKey())) {
                expanded = with(expanded, String.valueOf(field.getKey()), field.getValue());
            }
        }
        return expanded.stream().map(fields -> of(place, fields)).toList();
    }

    private static List<Map<String, String>> with(
            List<Map<String, String>> all, String key, Object value) {
        List<?> choices = value instanceof List<?> list ? list : List.of(value);
        List<Map<String, String>> result = new ArrayList<>();
        for (Map<String, String> fields : all) {
            for (Object choice : choices) {
                Map<String, String> more = new LinkedHashMap<>(fields);
                more.put(key, String.valueOf(choice));
                if (choices.size() > 1) {
                    more.merge("name", "-" + choice, (name, suffix) -> name + suffix);
                }
                result.add(more);
            }
        }
        return result;
    }

    /** One scenario of single values; fields that are not given have their defaults. */
    static Scenario of(String place, Map<String, String> given) {
        for (String key : given.keySet()) {
            if (!DEFAULTS.containsKey(key) && !key.equals("name")) {
                throw new IllegalArgumentException(
                        place + ": unknown field '" + key + "'; accepted are name, " + known());
            }
        }
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        values.putAll(given);
        return new ScenarioReader(place, values).scenario();
    }

    private static String known() {
        return String.join(", ", DEFAULTS.keySet().stream().sorted().toList());
    }

    private Scenario scenario() {
        Scenario scenario =
                new Scenario(
                        text("name"),
                        choice("kind", Scenario.Kind.values()),
                        choice(
                                "mode",
                                Stream.of(
                                        ForwardingMethod.NAT,
                                        ForwardingMethod.DIRECT_ROUTE,
                                        ForwardingMethod.TUNNEL,
                                        ForwardingMethod.FULLNAT),
                                Scenario::modeName),
                        choice("direction", Scenario.Direction.values()),
                        choice(
                                "family",
                                Stream.of(AddressFamily.IPV4, AddressFamily.IPV6),
                                family -> family == AddressFamily.IPV6 ? "6" : "4"),
                        number("flows", 32, 50_000_000),
                        number("services", 1, 30_000),
                        number("servers", 1, 10_000),
                        choice("frame", Scenario.Frame.values()),
                        choice("packets", Scenario.Packets.values()),
                        choice("limits", Scenario.LimitKind.values()),
                        text("scheduler"),
                        number("workers", 1, 16),
                        choice("memory", Stream.of("no-huge", "hugepages"), word -> word));
        if (!scenario.hasAnswers() && scenario.direction() != Scenario.Direction.CLIENT) {
            throw refused("direction", "client", " with mode " + text("mode"));
        }
        check(scenario);
        return scenario;
    }

    private void check(Scenario scenario) {
        if (scenario.kind() == Scenario.Kind.FLOOD && !scenario.hasAnswers()) {
            throw refused("mode", "nat, fullnat", " with kind flood");
        }
        boolean isReplayed = scenario.packets() == Scenario.Packets.REPLAYED;
        if (isReplayed && scenario.kind() != Scenario.Kind.ESTABLISHED) {
            throw refused("kind", "established", " with packets replayed");
        }
        if (isReplayed && (scenario.flows() > REPLAYED_FLOWS)) {
            throw refused("flows", "32 to " + REPLAYED_FLOWS, " with packets replayed");
        }
        if (scenario.workers() > 1
                && (scenario.kind() != Scenario.Kind.ESTABLISHED || isReplayed)) {
            throw refused("workers", "1", " with this kind or packets replayed");
        }
        if (scenario.workers() > 1 && !scenario.hasAnswers()) {
            throw refused("mode", "nat, fullnat", " with several workers");
        }
        checkFlows(scenario);
    }

    private void checkFlows(Scenario scenario) {
        if (scenario.kind() == Scenario.Kind.LIFE && scenario.flows() < LIFE_FLOWS) {
            throw refused("flows", LIFE_FLOWS + " and more", " with kind life");
        }
        if (scenario.kind() == Scenario.Kind.OPEN && scenario.flows() < OPEN_FLOWS) {
            throw refused("flows", OPEN_FLOWS + " and more", " with kind open");
        }
    }

    private String text(String key) {
        return String.valueOf(values.get(key));
    }

    private <T> T choice(String key, T[] choices) {
        return choice(key, Stream.of(choices), String::valueOf);
    }

    private <T> T choice(String key, Stream<T> choices, Function<T, String> name) {
        List<T> all = choices.toList();
        for (T choice : all) {
            if (name.apply(choice).equals(text(key))) {
                return choice;
            }
        }
        throw refused(key, String.join(", ", all.stream().map(name).toList()), "");
    }

    private int number(String key, int least, int most) {
        String text = text(key).replace("_", "");
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw refused(key, least + " to " + most, "");
    }

    private IllegalArgumentException refused(String key, String accepted, String when) {
        return new IllegalArgumentException(
                place + ": " + key + " is '" + text(key) + "'" + when + "; accepted: " + accepted);
    }
}
