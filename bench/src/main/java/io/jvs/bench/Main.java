package io.jvs.bench;

import io.jvs.bench.micro.MicroCommand;
import io.jvs.bench.run.RunCommand;
import java.util.Arrays;

/** Entry of the benchmarks: {@code jvs bench NAME [OPTION=VALUE ...]}. */
public final class Main {
    private Main() {}

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] args) throws Exception {
        String name = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (name) {
            case "run" -> System.exit(runScenarios(rest));
            case "micro" ->
                    System.exit(MicroCommand.run(Options.parse(rest).number("millis", 500)));
            case "measured" -> RunCommand.measured(Options.parse(rest).values());
            case "local-ports" -> LocalPortBenchmark.run(Options.parse(rest));
            case "schedulers" -> SchedulerBenchmark.run(Options.parse(rest));
            default -> {
                System.err.println(
                        "usage: "
                                + RunCommand.USAGE
                                + "\n       jvs bench micro [millis=500]"
                                + "\n       jvs bench local-ports [workers=1] [rounds=25]\n"
                                + "       jvs bench schedulers [rounds=101]");
                System.exit(2);
            }
        }
    }

    private static int runScenarios(String[] arguments) throws Exception {
        try {
            return RunCommand.run(arguments);
        } catch (java.io.IOException | IllegalArgumentException e) {
            System.err.println("jvs bench: " + e.getMessage());
            return 1;
        }
    }
}
