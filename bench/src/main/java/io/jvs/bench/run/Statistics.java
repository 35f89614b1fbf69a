package io.jvs.bench.run;

import java.util.Arrays;

/**
 * What several rounds gave.
 *
 * @param min the smallest
 * @param median the middle one, or the mean of the two middle ones
 * @param max the largest
 */
record Statistics(double min, double median, double max) {

    /** Of at least one value. */
    static Statistics of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Statistics(sorted[0], median, sorted[sorted.length - 1]);
    }
}
