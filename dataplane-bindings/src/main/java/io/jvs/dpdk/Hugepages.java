package io.jvs.dpdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The hugepages of one size (/sys/kernel/mm/hugepages).
 *
 * @param pageKilobytes size of a page
 * @param total how many are reserved
 * @param free how many of them nobody uses
 */
public record Hugepages(int pageKilobytes, long total, long free) {
    private static final Path ROOT = Path.of("/sys/kernel/mm/hugepages");
    private static final String PREFIX = "hugepages-";

    /** One entry for each size that the kernel knows, smallest first. */
    public static List<Hugepages> read() {
        var all = new ArrayList<Hugepages>();
        if (!Files.isDirectory(ROOT)) {
            return all;
        }
        try (DirectoryStream<Path> sizes = Files.newDirectoryStream(ROOT, PREFIX + "*kB")) {
            for (Path size : sizes) {
                String name = size.getFileName().toString();
                int kilobytes =
                        Integer.parseInt(name.substring(PREFIX.length(), name.length() - 2));
                all.add(
                        new Hugepages(
                                kilobytes,
                                number(size.resolve("nr_hugepages")),
                                number(size.resolve("free_hugepages"))));
            }
        } catch (IOException e) {
            return List.of();
        }
        all.sort(Comparator.comparingInt(Hugepages::pageKilobytes));
        return all;
    }

    /** Free hugepage memory of all sizes. */
    static long freeMegabytes() {
        return read().stream().mapToLong(h -> h.free() * h.pageKilobytes() / 1024).sum();
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }
}
