package io.jvs.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process occupies. */
final class ProcessMemory {
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private ProcessMemory() {}

    /** Resident bytes (proc(5), status). */
    static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(RESIDENT)) {
                return KIB * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status has no " + RESIDENT);
    }
}
