package io.jvs.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where and with what something was measured. */
final class Machine {
    private Machine() {}

    /** Facts by name, in order. */
    static Map<String, String> facts() throws InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "when", LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES) + " UTC");
        facts.put("processor", line(Path.of("/proc/cpuinfo"), "model name"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put(
                "hypervisor",
                line(Path.of("/proc/cpuinfo"), "flags").contains("hypervisor") ? "yes" : "no");
        facts.put("kernel", System.getProperty("os.version", ""));
        facts.put("java", Runtime.version().toString());
        facts.put("dpdk", output("pkg-config", "--modversion", "libdpdk"));
        facts.put("gcc", output("gcc", "-dumpfullversion"));
        facts.put("huge pages", line(Path.of("/proc/meminfo"), "HugePages_Total"));
        return facts;
    }

    private static String line(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(key)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
        return "unknown";
    }

    private static String output(String... command) throws InterruptedException {
        try {
            return String.join(" ", Processes.run(List.of(command)));
        } catch (IOException e) {
            return "unknown";
        }
    }
}
