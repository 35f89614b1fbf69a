package io.jvs.bench.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Figures beside time a packet, in order, as words of a RESULT line. */
final class Extras {
    private static final double P99 = 99;
    private static final double P9999 = 99.99;
    private static final double MEDIAN = 50;

    private final Map<String, String> values = new LinkedHashMap<>();

    void put(String name, long value) {
        values.put(name, Long.toString(value));
    }

    void put(String name, double value) {
        values.put(name, String.format(Locale.ROOT, "%.3f", value));
    }

    void put(String name, String value) {
        values.put(name, value);
    }

    /** Median, 99th and 99.99th percentile and maximum, in microseconds. */
    void put(String name, Histogram ns) {
        put(name + "_us_p50", ns.getValueAtPercentile(MEDIAN) / 1e3);
        put(name + "_us_p99", ns.getValueAtPercentile(P99) / 1e3);
        put(name + "_us_p9999", ns.getValueAtPercentile(P9999) / 1e3);
        put(name + "_us_max", ns.getMaxValue() / 1e3);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
