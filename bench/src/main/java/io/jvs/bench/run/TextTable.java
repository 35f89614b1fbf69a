package io.jvs.bench.run;

import java.util.Locale;
import java.util.OptionalDouble;

/** A comparison as text. */
final class TextTable {
    private TextTable() {}

    /** Lines that end with line ends. */
    static String of(ComparisonResult result) {
        StringBuilder text = new StringBuilder(head(result));
        text.append(
                String.format(
                        "%-26s | %26s | %26s | %s%n",
                        "", "ns of CPU min/median/max", "ns passed min/median/max", "ratio"));
        result.titles().forEach((program, title) -> text.append(row(result, program, title)));
        append(
                text,
                "Synthesis of a packet's headers, ns of CPU: Java",
                result.synthesis(Comparison.JAVA_BARE, Comparison.JAVA_MADE));
        append(
                text,
                "Synthesis of a packet's headers, ns of CPU: C",
                result.synthesis(Comparison.REFERENCE_BARE, Comparison.REFERENCE_MADE));
        append(text, "JVS / C reference, as measured", result.jvsRatio());
        append(
                text,
                "JVS / C reference, synthesis taken from both",
                result.ratioWithoutSynthesis());
        return text.toString();
    }

    private static String head(ComparisonResult result) {
        Scenario scenario = result.scenario();
        return String.format(
                Locale.ROOT,
                "%n%s: %s, packets of %s, IPv%s, %,d flows, %d services, %d real servers,"
                        + " frames %s, load %s%n",
                scenario.name(),
                Scenario.modeName(scenario.mode()),
                scenario.direction(),
                scenario.fields().get("family"),
                scenario.flows(),
                scenario.services(),
                scenario.servers(),
                scenario.frame(),
                loads(result));
    }

    private static String loads(ComparisonResult result) {
        Statistics loads =
                Statistics.of(result.loads().stream().mapToDouble(Double::doubleValue).toArray());
        return String.format(Locale.ROOT, "%.1f to %.1f", loads.min(), loads.max());
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

    private static void append(StringBuilder text, String what, OptionalDouble value) {
        if (value.isPresent()) {
            text.append(String.format(Locale.ROOT, "%s: %.2f%n", what, value.getAsDouble()));
        }
    }
}
