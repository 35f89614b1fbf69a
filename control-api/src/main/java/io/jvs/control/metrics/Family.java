package io.jvs.control.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeMap;

/** The series of one metric while a scrape is put together. */
final class Family {
    private final MetricName name;
    private final CounterSnapshot.Builder counter = CounterSnapshot.builder();
    private final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder();

    Family(MetricName name) {
        this.name = name;
        counter.name(name.text()).help(name.help());
        gauge.name(name.text()).help(name.help());
    }

    void add(Labels labels, double value) {
        if (name.isCounter()) {
            counter.dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        } else {
            gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        }
    }

    MetricSnapshot snapshot() {
        return name.isCounter() ? counter.build() : gauge.build();
    }

    /** Families by name, made when the first value comes. */
    static final class Set {
        private final Map<MetricName, Family> families = new TreeMap<>();

        /** A double holds counts up to 2^53 exactly, which is all that Prometheus can. */
        void add(MetricName name, Labels labels, long value) {
            families.computeIfAbsent(name, Family::new).add(labels, (double) value);
        }

        Iterable<Family> all() {
            return families.values();
        }
    }
}
