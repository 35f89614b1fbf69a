package io.jvs.bench.replay;

import io.jvs.bench.replay.Shell.Result;
import org.jspecify.annotations.Nullable;

/**
 * Difference.ATOMIC_RESTORE: a restore that the kernel did in part JVS must have refused whole. The
 * lines that the kernel did are then done one by one, so that what follows can be compared.
 */
final class RestoreComparison {
    private static final String SAVE = "ipvsadm -Sn";

    private final Shell shell;
    private final Programs programs;

    RestoreComparison(Shell shell, Programs programs) {
        this.shell = shell;
        this.programs = programs;
    }

    /** Whether this is about a step: a restore in which something went wrong in the recording. */
    static boolean isAbout(Step step, String line) {
        boolean restore = line.contains("ipvsadm -R") || line.contains("ipvsadm-restore");
        Integer code = step.seenNumber("rc");
        String err = step.seenText("err");
        return restore && (code != null && code != 0 || err != null && !err.isEmpty());
    }

    /** Runs the line; the difference from what is documented, or null. */
    @Nullable String run(String line) {
        String before = shell.run(SAVE).out();
        Result result = shell.run(line);
        String after = shell.run(SAVE).out();
        boolean refused = result.code() != 0;
        if (refused && !before.equals(after)) {
            return "expected a refused restore to change nothing, got "
                    + TextComparison.quote(after);
        }
        if (refused && result.err().isEmpty()) {
            return "expected a refused restore to say why, got nothing";
        }
        if (refused) {
            doAsTheKernel();
        }
        return null;
    }

    /**
     * Up to the first line that is none of ipvsadm's; what only the kernel refuses is passed by.
     */
    private void doAsTheKernel() {
        for (String rule : programs.restored().split("\n", -1)) {
            if (rule.startsWith("#")) {
                return;
            }
            Result result = shell.run("ipvsadm " + rule.replaceFirst("^ipvsadm ", ""));
            if (result.code() == 2) {
                return;
            }
        }
    }
}
