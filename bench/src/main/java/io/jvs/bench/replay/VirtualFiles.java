package io.jvs.bench.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files that a scenario's commands see: those that they write, and what /proc shows. */
final class VirtualFiles {
    private final Map<String, String> written = new TreeMap<>();
    private final ProcFiles proc;

    VirtualFiles(ProcFiles proc) {
        this.proc = proc;
    }

    /** The contents of a file, or null. */
    @Nullable String read(String path) {
        String contents = proc.read(path);
        return contents != null ? contents : written.get(path);
    }

    /** Writes a file; false when it cannot be written. */
    boolean write(String path, String contents, boolean append) {
        if (path.equals("/dev/null")) {
            return true;
        }
        if (path.startsWith("/proc/")) {
            return proc.write(path, contents.strip());
        }
        written.put(path, append ? written.getOrDefault(path, "") + contents : contents);
        return true;
    }

    /** The names in a directory, sorted; empty when there is no such directory. */
    List<String> list(String directory) {
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        List<String> names = new ArrayList<>();
        for (String path : paths()) {
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
        return names;
    }

    /** The paths that a pattern with stars matches, sorted. */
    List<String> glob(String pattern) {
        String expression = "\\Q" + pattern.replace("*", "\\E[^/]*\\Q") + "\\E";
        return paths().stream().filter(path -> path.matches(expression)).toList();
    }

    private List<String> paths() {
        Map<String, Boolean> all = new TreeMap<>();
        written.keySet().forEach(path -> all.put(path, true));
        proc.paths().forEach(path -> all.put(path, true));
        return List.copyOf(all.keySet());
    }
}
