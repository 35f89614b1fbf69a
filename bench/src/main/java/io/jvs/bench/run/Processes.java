package io.jvs.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs measured processes. */
final class Processes {
    private static final int PATIENCE_SECONDS = 600;

    private Processes() {}

    /** What a command of a measured program begins with, so that it has the core to itself. */
    static List<String> begin(Timing timing) {
        return new ArrayList<>(
                timing.nice() == 0
                        ? List.of()
                        : List.of("nice", "-n", Integer.toString(timing.nice())));
    }

    /**
     * Runs a command to its end.
     *
     * @return the lines of both its outputs
     * @throws IOException when it cannot be started, fails, or does not end
     */
    static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Thread guard = Thread.startVirtualThread(() -> endAfterPatience(process));
        List<String> lines = lines(process);
        int code = process.waitFor();
        guard.interrupt();
        if (code != 0) {
            throw new IOException(
                    String.join(" ", command)
                            + " ended with code "
                            + code
                            + ":\n"
                            + String.join("\n", lines));
        }
        return lines;
    }

    private static List<String> lines(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static void endAfterPatience(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
