package io.jvs.bench.replay;

import io.jvs.director.RefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code jvs replay FILE...}: plays scenario files and says which scenarios JVS plays as recorded.
 */
public final class ReplayCommand {
    private static final int USAGE = 2;
    private static final long SEED = 20_261_121;

    private final PrintStream out;
    private int passed;
    private int failed;

    private ReplayCommand(PrintStream out) {
        this.out = out;
    }

    /** Entry point of the process. */
    public static void main(String[] arguments) {
        int code = run(List.of(arguments), System.out, System.err);
        System.out.flush();
        System.exit(code);
    }

    /**
     * Plays files.
     *
     * @return 0 when every scenario passed, 1 when one failed, 2 for a wrong call or file
     */
    public static int run(List<String> files, PrintStream out, PrintStream err) {
        if (files.isEmpty() || files.getFirst().startsWith("-")) {
            err.println("Usage: jvs replay FILE...");
            return USAGE;
        }
        ReplayCommand command = new ReplayCommand(out);
        for (String file : files) {
            try {
                ScenarioFile.read(Path.of(file)).forEach(command::play);
            } catch (IOException e) {
                err.println("jvs replay: " + e.getMessage());
                return USAGE;
            }
        }
        out.println(command.passed + " passed, " + command.failed + " failed");
        return command.failed == 0 ? 0 : 1;
    }

    private void play(Scenario scenario) {
        String difference = difference(scenario);
        if (difference == null) {
            passed++;
            out.println("PASS " + scenario.name());
        } else {
            failed++;
            out.println("FAIL " + scenario.name() + ": " + difference);
        }
    }

    private static @Nullable String difference(Scenario scenario) {
        try {
            return Replayer.play(scenario, SEED);
        } catch (RefusedException | RuntimeException e) {
            java.io.StringWriter trace = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(trace));
            return trace.toString();
        }
    }
}
