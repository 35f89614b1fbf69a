package io.jvs.bench.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code jvs bench micro}: JMH benchmarks in this process, and gates: nothing allocates, and some
 * figures stand in a ratio to others. No gate is on absolute time.
 */
public final class MicroCommand {
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    /** Bytes an invocation: half of the smallest object; harness and profiler leave some behind. */
    private static final double MOST_BYTES = 8;

    /** A choice among 10,000 servers may cost so many times that among 10. */
    private static final double MOST_GROWTH = 15;

    /**
     * Cache misses of a lookup in a large table overlap: at most so many times a small one's cost.
     */
    private static final double MOST_MISSES = 15;

    private MicroCommand() {}

    /**
     * Runs all.
     *
     * @param millis length of an iteration
     * @return 0 when all gates hold, else 1
     */
    public static int run(int millis) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include("io\\.jvs\\.bench\\.micro\\..*")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(0)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(millis))
                        .verbosity(VerboseMode.SILENT)
                        .addProfiler(GCProfiler.class)
                        .build();
        Collection<RunResult> results = new Runner(options).run();
        List<String> broken = new ArrayList<>();
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-60s %10.2f ns %8.3f B%n",
                    name(result),
                    ns(result),
                    bytes(result));
            if (!(bytes(result) <= MOST_BYTES)) {
                broken.add(name(result) + " allocates " + bytes(result) + " bytes an invocation");
            }
        }
        checkRatios(results, broken);
        broken.forEach(System.out::println);
        return results.isEmpty() || !broken.isEmpty() ? 1 : 0;
    }

    private static void checkRatios(Collection<RunResult> results, List<String> broken) {
        check(results, broken, "ChecksumBenchmark.update", "ChecksumBenchmark.packet", 1);
        String lookup = "LookupBenchmark.lookup ";
        check(results, broken, lookup + 100_000, lookup + 64, MOST_MISSES);
        for (String scheduler : List.of("rr", "wrr", "wlc")) {
            String pick = "SchedulerPickBenchmark.pick " + scheduler;
            check(results, broken, pick + " 10000", pick + " 10", MOST_GROWTH);
        }
    }

    private static void check(
            Collection<RunResult> results,
            List<String> broken,
            String one,
            String other,
            double most) {
        double ratio = ns(results, one) / ns(results, other);
        System.out.printf(Locale.ROOT, "%s / %s: %.2f, at most %.0f%n", one, other, ratio, most);
        if (!(ratio <= most)) {
            broken.add(one + " costs " + ratio + " times what " + other + " does");
        }
    }

    private static double ns(Collection<RunResult> results, String name) {
        return results.stream()
                .filter(result -> name(result).equals(name))
                .mapToDouble(MicroCommand::ns)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double ns(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    /** Bytes an invocation: of a burst, where an operation is a packet. */
    private static double bytes(RunResult result) {
        for (Result<?> secondary : result.getSecondaryResults().values()) {
            if (secondary.getLabel().endsWith(ALLOCATION)) {
                return secondary.getScore() * result.getParams().getOpsPerInvocation();
            }
        }
        return Double.NaN;
    }

    /** Class, method and parameters. */
    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        StringBuilder name =
                new StringBuilder(
                        full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1));
        List<String> keys = new ArrayList<>(result.getParams().getParamsKeys());
        keys.sort(null);
        keys.forEach(key -> name.append(' ').append(result.getParams().getParam(key)));
        return name.toString();
    }
}
