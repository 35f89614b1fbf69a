package io.jvs.bench.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of a scenario gave.
 *
 * @param scenario what was measured
 * @param titles of the programs, by their words, in order
 * @param outcomes of every round, by program
 * @param loads the machine's load average before each round
 */
record ComparisonResult(
        Scenario scenario,
        Map<String, String> titles,
        Map<String, List<Outcome>> outcomes,
        List<Double> loads) {

    /** Wall time a packet. */
    Statistics time(String program) {
        return statistics(program, Outcome::ns);
    }

    /** Processor time a packet. */
    Statistics cpu(String program) {
        return statistics(program, Outcome::cpuNs);
    }

    private Statistics statistics(String program, ToDoubleFunction<Outcome> what) {
        return Statistics.of(
                outcomes.getOrDefault(program, List.of()).stream().mapToDouble(what).toArray());
    }

    /** Ratio of the medians of processor time to the C reference's; empty where it did not run. */
    OptionalDouble ratio(String program) {
        return outcomes.containsKey(Comparison.REFERENCE)
                ? OptionalDouble.of(cpu(program).median() / cpu(Comparison.REFERENCE).median())
                : OptionalDouble.empty();
    }

    /** Medians of what else a program printed, where it is a number, by name. */
    Map<String, Double> more(String program) {
        List<Outcome> rounds = outcomes.getOrDefault(program, List.of());
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name :
                rounds.isEmpty() ? Set.<String>of() : rounds.getFirst().more().keySet()) {
            double[] values =
                    rounds.stream()
                            .map(round -> round.more().getOrDefault(name, ""))
                            .filter(text -> text.matches("-?[0-9.]+"))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
            if (values.length > 0) {
                medians.put(name, Statistics.of(values).median());
            }
        }
        return medians;
    }

    /** JVS's ratio; empty where it did not run. */
    OptionalDouble jvsRatio() {
        return outcomes.containsKey(Comparison.JVS)
                ? ratio(Comparison.JVS)
                : OptionalDouble.empty();
    }

    /** What making a packet's headers costs in a language, from medians of processor time. */
    OptionalDouble synthesis(String bare, String made) {
        return outcomes.containsKey(bare) && outcomes.containsKey(made)
                ? OptionalDouble.of(cpu(made).median() - cpu(bare).median())
                : OptionalDouble.empty();
    }

    /** The ratio of JVS to the C reference after the cost of synthesis is taken from both. */
    OptionalDouble ratioWithoutSynthesis() {
        OptionalDouble java = synthesis(Comparison.JAVA_BARE, Comparison.JAVA_MADE);
        OptionalDouble c = synthesis(Comparison.REFERENCE_BARE, Comparison.REFERENCE_MADE);
        if (java.isEmpty()
                || c.isEmpty()
                || !outcomes.containsKey(Comparison.JVS)
                || !outcomes.containsKey(Comparison.REFERENCE)) {
            return OptionalDouble.empty();
        }
        double jvs = cpu(Comparison.JVS).median() - java.getAsDouble();
        return OptionalDouble.of(jvs / (cpu(Comparison.REFERENCE).median() - c.getAsDouble()));
    }
}
