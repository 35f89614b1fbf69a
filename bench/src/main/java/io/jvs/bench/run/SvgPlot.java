package io.jvs.bench.run;

import java.util.List;
import java.util.Locale;

/** Plots as inline SVG that take their colours from the page's style. */
final class SvgPlot {
    private static final int WIDTH = 860;
    private static final int LABELS = 210;
    private static final int ROW = 26;
    private static final int TICKS = 5;
    private static final int CURVE_HEIGHT = 260;
    private static final int MARGIN = 60;

    private SvgPlot() {}

    /**
     * A bar.
     *
     * @param label in front of it
     * @param values how long: the median; a line goes from minimum to maximum
     * @param isMarked whether it is the one that the plot is about
     */
    record Bar(String label, Statistics values, boolean isMarked) {}

    /** A point of a curve. */
    record Point(double x, double y) {}

    /** Horizontal bars with their ranges. */
    static String bars(List<Bar> bars, String unit) {
        double most = bars.stream().mapToDouble(bar -> bar.values().max()).max().orElse(1);
        double end = niceEnd(most);
        int height = bars.size() * ROW + 40;
        StringBuilder svg = new StringBuilder(open(height, unit));
        for (int i = 0; i <= TICKS; i++) {
            double value = end * i / TICKS;
            double x = LABELS + scale(value, end);
            svg.append(line("grid", x, 0, x, bars.size() * ROW + 4));
            svg.append(text("middle", x, bars.size() * ROW + 20, number(value)));
        }
        svg.append(text("end", WIDTH - 4, height - 2, unit));
        for (int i = 0; i < bars.size(); i++) {
            svg.append(bar(bars.get(i), i * ROW, end));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double scale(double value, double end) {
        return value / end * (WIDTH - LABELS - MARGIN);
    }

    private static String bar(Bar bar, int y, double end) {
        Statistics values = bar.values();
        double width = scale(values.median(), end);
        double middle = y + ROW / 2.0;
        return text("end", LABELS - 8, middle + 4, bar.label())
                + String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                        bar.isMarked() ? "bar marked" : "bar",
                        LABELS,
                        y + 4,
                        Math.max(width, 1),
                        ROW - 8)
                + line(
                        "range",
                        LABELS + scale(values.min(), end),
                        middle,
                        LABELS + scale(values.max(), end),
                        middle)
                + text(
                        "start",
                        LABELS + scale(values.max(), end) + 6,
                        middle + 4,
                        number(values.median()));
    }

    /** A curve over time; both axes begin at 0. */
    static String curve(List<Point> points, String unitX, String unitY) {
        double endX = niceEnd(points.stream().mapToDouble(Point::x).max().orElse(1));
        double endY = niceEnd(points.stream().mapToDouble(Point::y).max().orElse(1));
        StringBuilder svg = new StringBuilder(open(CURVE_HEIGHT + 40, unitY));
        for (int i = 0; i <= TICKS; i++) {
            double x = MARGIN + (double) (WIDTH - 2 * MARGIN) * i / TICKS;
            double y = CURVE_HEIGHT - (double) (CURVE_HEIGHT - 20) * i / TICKS;
            svg.append(line("grid", MARGIN, y, WIDTH - MARGIN, y));
            svg.append(text("end", MARGIN - 6, y + 4, number(endY * i / TICKS)));
            svg.append(text("middle", x, CURVE_HEIGHT + 18, number(endX * i / TICKS)));
        }
        svg.append(text("start", 4, 12, unitY));
        svg.append(text("end", WIDTH - 4, CURVE_HEIGHT + 36, unitX));
        svg.append("<polyline class=\"curve\" points=\"");
        for (Point point : points) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "%.1f,%.1f ",
                            MARGIN + point.x() / endX * (WIDTH - 2 * MARGIN),
                            CURVE_HEIGHT - point.y() / endY * (CURVE_HEIGHT - 20)));
        }
        return svg.append("\"/>\n</svg>\n").toString();
    }

    private static String open(int height, String what) {
        return String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, height, HtmlReport.escape(what));
    }

    private static String line(String kind, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    private static String text(String anchor, double x, double y, String words) {
        return String.format(
                Locale.ROOT,
                "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                anchor,
                x,
                y,
                HtmlReport.escape(words));
    }

    /** The next of 1, 2, 2.5, 5 times a power of ten, for an axis to end with. */
    static double niceEnd(double most) {
        if (!(most > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        for (double step : new double[] {1, 2, 2.5, 5}) {
            if (most <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    static String number(double value) {
        return String.format(
                Locale.ROOT, value >= 100 || value == Math.rint(value) ? "%,.0f" : "%.1f", value);
    }
}
