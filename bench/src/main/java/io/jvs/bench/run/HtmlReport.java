package io.jvs.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A run as one HTML file: tables and plots, nothing from elsewhere. */
final class HtmlReport {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6b7c; --line: #d5dde5; --back: #ffffff;
                    --bar: #9db4c8; --marked: #0b6e8f; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6edf3; --soft: #9aabbb; --line: #34414d; --back: #12181e; --bar: #4d6478; --marked: #3fb3d6; }
            }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back);
                   max-width: 920px; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
            p, dd { color: var(--soft); } dl { display: grid; grid-template-columns: max-content auto; gap: 0 1rem; }
            dt { font-weight: 600; } dd { margin: 0; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; }
            tr.marked td { font-weight: 600; color: var(--marked); }
            svg { width: 100%; height: auto; margin: .8rem 0; } svg text { font-size: 12px; fill: var(--ink); }
            .bar { fill: var(--bar); } .bar.marked { fill: var(--marked); }
            .grid { stroke: var(--line); } .range { stroke: var(--ink); stroke-width: 1.5; }
            .curve { fill: none; stroke: var(--marked); stroke-width: 1.5; }
            """;

    private HtmlReport() {}

    /** The document. */
    static String of(Map<String, String> machine, List<ComparisonResult> results) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
        html.append("<meta charset=\"utf-8\">\n<title>JVS bench</title>\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
        html.append("<h1>JVS bench</h1>\n<dl>\n");
        machine.forEach((name, value) ->
                html.append("<dt>" + escape(name) + "</dt><dd>" + escape(value) + "</dd>\n"));
        html.append("</dl>\n<p>Nanoseconds of the polling thread's processor time for a packet (a");
        html.append(" connection where the scenario is of kind open). Bars are medians, lines go");
        html.append(" from minimum to maximum. Ratios are of medians, to the C reference.</p>\n");
        if (results.stream().filter(r -> r.outcomes().containsKey(Comparison.JVS)).count() > 1) {
            html.append("<h2>JVS in all scenarios</h2>\n").append(overview(results));
        }
        results.forEach(result -> html.append(section(result)));
        return html.append("</body>\n</html>\n").toString();
    }

    private static String overview(List<ComparisonResult> results) {
        List<SvgPlot.Bar> bars = new ArrayList<>();
        for (ComparisonResult result : results) {
            for (String program : List.of(Comparison.JVS, Comparison.REFERENCE)) {
                if (result.outcomes().containsKey(program)) {
                    boolean isJvs = program.equals(Comparison.JVS);
                    String label = isJvs ? result.scenario().name() : "C reference";
                    bars.add(new SvgPlot.Bar(label, result.cpu(program), isJvs));
                }
            }
        }
        return SvgPlot.bars(bars, "ns");
    }

    private static String section(ComparisonResult result) {
        StringBuilder html = new StringBuilder();
        html.append("<h2>" + escape(result.scenario().name()) + "</h2>\n<p>");
        html.append(escape(TextTable.description(result))).append("</p>\n");
        List<SvgPlot.Bar> bars = new ArrayList<>();
        result.titles()
                .forEach((program, title) ->
                        bars.add(
                                new SvgPlot.Bar(
                                        title,
                                        result.cpu(program),
                                        program.equals(Comparison.JVS))));
        html.append(SvgPlot.bars(bars, "ns")).append(table(result)).append(more(result));
        List<SvgPlot.Point> curve = curve(result);
        if (!curve.isEmpty()) {
            html.append("<p>From the first packets on, last round:</p>\n");
            html.append(SvgPlot.curve(curve, "ms", "ns of CPU a packet"));
        }
        return html.toString();
    }

    private static String table(ComparisonResult result) {
        StringBuilder html = new StringBuilder("<div class=\"wide\"><table>\n<tr><th>program</th>");
        html.append("<th>ns of CPU min</th><th>median</th><th>max</th>");
        html.append("<th>ns passed min</th><th>median</th><th>max</th><th>ratio</th></tr>\n");
        result.titles().forEach((program, title) -> html.append(row(result, program, title)));
        return html.append("</table></div>\n").toString();
    }

    private static String row(ComparisonResult result, String program, String title) {
        OptionalDouble ratio = result.ratio(program);
        return (program.equals(Comparison.JVS) ? "<tr class=\"marked\">" : "<tr>")
                + "<td>"
                + escape(title)
                + "</td>"
                + cells(result.cpu(program))
                + cells(result.time(program))
                + "<td>"
                + (ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "")
                + "</td></tr>\n";
    }

    private static String cells(Statistics values) {
        return String.format(
                Locale.ROOT,
                "<td>%.1f</td><td>%.1f</td><td>%.1f</td>",
                values.min(),
                values.median(),
                values.max());
    }

    private static String more(ComparisonResult result) {
        StringBuilder html = new StringBuilder("<dl>\n");
        TextTable.more(result)
                .forEach((name, value) ->
                        html.append("<dt>" + escape(name) + "</dt><dd>" + value + "</dd>\n"));
        return html.append("</dl>\n").toString();
    }

    /** Points of the last round's curve, as {@link DirectorUnderTest} prints it. */
    static List<SvgPlot.Point> curve(ComparisonResult result) {
        List<Outcome> rounds = result.outcomes().getOrDefault(Comparison.JVS, List.of());
        String text = rounds.isEmpty() ? "" : rounds.getLast().more().getOrDefault("curve", "");
        List<SvgPlot.Point> points = new ArrayList<>();
        for (String pair : text.split(";", -1)) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                points.add(
                        new SvgPlot.Point(
                                Double.parseDouble(pair.substring(0, colon)),
                                Double.parseDouble(pair.substring(colon + 1))));
            }
        }
        return points;
    }

    /** Text for use between tags and in attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
