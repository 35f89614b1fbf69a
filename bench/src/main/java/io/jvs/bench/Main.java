package io.jvs.bench;

import java.util.Arrays;

/** Entry of the benchmarks: {@code jvs bench NAME [OPTION=VALUE ...]}. */
public final class Main {
    private Main() {}

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] args) throws Exception {
        String name = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (name) {
            case "fullnat" -> System.exit(FullNatComparison.run(Options.parse(rest)));
            case "local-ports" -> LocalPortBenchmark.run(Options.parse(rest));
            case "fullnat-worker" -> FullNatWorker.run(Options.parse(rest));
            default -> {
                System.err.println(
                        "usage: jvs bench fullnat [rounds=5] [seconds=3] [warmup=6] [flows=64]"
                                + " [servers=10]\n"
                                + "       jvs bench local-ports [workers=1] [rounds=25]");
                System.exit(2);
            }
        }
    }
}
