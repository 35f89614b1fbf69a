package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds DPDK's shared libraries and loads them; the EAL loads the drivers by itself. */
final class DpdkLibraries {
    private static final List<String> DIRECTORIES =
            List.of(
                    "/usr/local/lib/x86_64-linux-gnu",
                    "/usr/local/lib64",
                    "/usr/local/lib",
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib64",
                    "/usr/lib");
    private static final List<String> NAMES = List.of("eal", "mempool", "mbuf", "ethdev");

    /** The library version (soname suffix) of each DPDK release, newest first. */
    private static final SequencedMap<String, String> RELEASE_OF_SUFFIX = new LinkedHashMap<>();

    static {
        RELEASE_OF_SUFFIX.put("25", "24.11");
        RELEASE_OF_SUFFIX.put("23", "22.11");
    }

    private static @Nullable DpdkVersion loaded;

    private DpdkLibraries() {}

    /**
     * Loads the newest DPDK that JVS knows; a second call gives the same.
     *
     * @throws DpdkException when there is none or it cannot be loaded
     */
    static synchronized DpdkVersion load() {
        if (loaded == null) {
            loaded = load(directories());
        }
        return loaded;
    }

    static DpdkVersion load(List<String> directories) {
        Path eal = find(directories);
        if (eal == null) {
            throw missing(directories);
        }
        return load(eal);
    }

    /** The librte_eal that {@link #load} would take, or null. */
    static @Nullable Path find() {
        return find(directories());
    }

    private static @Nullable Path find(List<String> directories) {
        for (String suffix : RELEASE_OF_SUFFIX.keySet()) {
            for (String directory : directories) {
                Path path = Path.of(directory, "librte_eal.so." + suffix);
                if (Files.exists(path)) {
                    return path;
                }
            }
        }
        return null;
    }

    /** The DPDK release that a librte_eal.so.N belongs to, or null when JVS does not know it. */
    static @Nullable String release(Path eal) {
        String name = eal.getFileName().toString();
        return RELEASE_OF_SUFFIX.get(name.substring(name.lastIndexOf('.') + 1));
    }

    /** All librte_eal.so.N files of the searched directories. */
    static List<Path> installed() {
        return installed(directories());
    }

    private static List<Path> installed(List<String> directories) {
        var found = new TreeSet<Path>();
        for (String directory : directories) {
            addInstalled(Path.of(directory), found);
        }
        return List.copyOf(found);
    }

    private static void addInstalled(Path directory, Set<Path> found) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "librte_eal.so.*")) {
            for (Path file : files) {
                if (file.getFileName().toString().matches("librte_eal\\.so\\.\\d+")) {
                    found.add(file);
                }
            }
        } catch (IOException e) {
            // A directory that cannot be read holds no library that could be loaded.
            return;
        }
    }

    private static List<String> directories() {
        var all = new ArrayList<String>();
        String path = System.getenv("LD_LIBRARY_PATH");
        if (path != null) {
            for (String directory : path.split(":", -1)) {
                if (directory.startsWith("/")) {
                    all.add(directory);
                }
            }
        }
        all.addAll(DIRECTORIES);
        return all;
    }

    @SuppressWarnings("restricted")
    private static DpdkVersion load(Path eal) {
        String suffix = eal.getFileName().toString().substring("librte_eal".length());
        try {
            for (String name : NAMES) {
                System.load(eal.resolveSibling("librte_" + name + suffix).toString());
            }
        } catch (UnsatisfiedLinkError e) {
            throw new DpdkException(
                    "dlopen",
                    0,
                    "DPDK cannot be loaded ("
                            + e.getMessage()
                            + "): reinstall Debian's package with 'apt-get install --reinstall"
                            + " dpdk'.");
        }
        DpdkVersion version = DpdkVersion.parse(CText.read(Dpdk.rte_version()));
        if (!version.supported()) {
            throw wrongVersion("DPDK " + version + " (" + eal + ")");
        }
        return version;
    }

    private static DpdkException missing(List<String> directories) {
        List<Path> others = installed(directories);
        if (!others.isEmpty()) {
            return wrongVersion("the DPDK of " + others.getFirst());
        }
        return new DpdkException(
                "dlopen",
                0,
                "DPDK is not installed (librte_eal.so.25 or .so.23 is in none of "
                        + String.join(", ", directories)
                        + "): install Debian's package with 'apt-get install dpdk'.");
    }

    private static DpdkException wrongVersion(String what) {
        return new DpdkException(
                "rte_version",
                0,
                "JVS runs on DPDK 22.11 and 24.11, not on "
                        + what
                        + ": install Debian 12's or 13's package with 'apt-get install dpdk'.");
    }
}
