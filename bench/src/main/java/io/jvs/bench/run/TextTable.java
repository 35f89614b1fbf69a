package io.jvs.bench.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A comparison as text. */
final class TextTable {
    private TextTable() {}

    /** Lines that end with line ends. */
    static String of(ComparisonResult result) {
        StringBuilder text = new StringBuilder();
        text.append(String.format("%n%s: %s%n", result.scenario().name(), description(result)));
        text.append(
                String.format(
                        "%-26s | %26s | %26s | %s%n",
                        "", "ns of CPU min/median/max", "ns passed min/median/max", "ratio"));
        result.titles().forEach((program, title) -> text.append(row(result, program, title)));
        more(result).forEach((name, value) -> text.append(name + ": " + value + "\n"));
        return text.toString();
    }

    /** What was measured, and under which load. */
    static String description(ComparisonResult result) {
        Scenario scenario = result.scenario();
        Statistics loads =
                Statistics.of(result.loads().stream().mapToDouble(Double::doubleValue).toArray());
        return String.format(
                Locale.ROOT,
                "%d workers, %s, %s, packets of %s, IPv%s, %,d flows, %,d services, %,d real servers, %s, frames"
                        + " %s, %d rounds, load %.1f to %.1f",
                scenario.workers(),
                scenario.kind(),
                Scenario.modeName(scenario.mode()),
                scenario.direction(),
                scenario.fields().get("family"),
                scenario.flows(),
                scenario.services(),
                scenario.servers(),
                scenario.scheduler(),
                scenario.frame(),
                result.loads().size(),
                loads.min(),
                loads.max());
    }

    private static String row(ComparisonResult result, String program, String title) {
        OptionalDouble ratio = result.ratio(program);
        return String.format(
                "%-26s | %s | %s | %s%n",
                title,
                cells(result.cpu(program)),
                cells(result.time(program)),
                ratio.isPresent() ? String.format(Locale.ROOT, "%5.2f", ratio.getAsDouble()) : "");
    }

    private static String cells(Statistics values) {
        return String.format(
                Locale.ROOT, "%8.1f %8.1f %8.1f", values.min(), values.median(), values.max());
    }

    /** What else there is to say, by name: medians of what programs printed, ratios. */
    static Map<String, String> more(ComparisonResult result) {
        Map<String, String> all = new LinkedHashMap<>();
        result.titles()
                .forEach((program, title) ->
                        result.more(program)
                                .forEach((name, median) ->
                                        all.put(
                                                title + ", " + name.replace('_', ' '),
                                                number(median))));
        put(
                all,
                "Synthesis of a packet's headers, ns of CPU: Java",
                result.synthesis(Comparison.JAVA_BARE, Comparison.JAVA_MADE));
        put(
                all,
                "Synthesis of a packet's headers, ns of CPU: C",
                result.synthesis(Comparison.REFERENCE_BARE, Comparison.REFERENCE_MADE));
        put(all, "JVS / C reference, as measured", result.jvsRatio());
        put(all, "JVS / C reference, synthesis taken from both", result.ratioWithoutSynthesis());
        return all;
    }

    private static void put(Map<String, String> all, String name, OptionalDouble value) {
        if (value.isPresent()) {
            all.put(name, String.format(Locale.ROOT, "%.2f", value.getAsDouble()));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.3f", value);
    }
}
