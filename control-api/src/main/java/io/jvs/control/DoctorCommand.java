package io.jvs.control;

import io.jvs.worker.DataplaneDoctor;
import io.jvs.worker.DataplaneDoctor.Check;
import io.jvs.worker.DataplaneDoctor.Status;
import java.io.PrintStream;
import java.util.List;

/** {@code jvs doctor}: what is missing or fine on this machine, and the command that mends it. */
final class DoctorCommand {
    private DoctorCommand() {}

    /** Prints the checks; 0 unless one of them keeps a director from running. */
    static int run(PrintStream out) {
        return print(DataplaneDoctor.checks(), out);
    }

    static int print(List<Check> checks, PrintStream out) {
        int width = checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        boolean fine = true;
        for (Check check : checks) {
            out.printf("%-7s %-" + width + "s  %s%n", check.status(), check.name(), check.found());
            if (!check.remedy().isEmpty()) {
                out.printf("%-7s %-" + width + "s  mend: %s%n", "", "", check.remedy());
            }
            fine &= check.status() != Status.FAIL;
        }
        return fine ? RunCommand.OK : RunCommand.FAILED;
    }
}
