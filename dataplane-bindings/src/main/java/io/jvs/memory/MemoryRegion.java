package io.jvs.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapping of whole pages: private memory that the kernel backs page by page as it is touched (and
 * hands over as zeros), or a file that outlives the process.
 *
 * <p>Users keep the raw {@link #address}; the owner closes the region when nobody reads it any
 * more. An access after {@link #close} ends the process.
 */
public final class MemoryRegion implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    private final Arena arena;
    private final MemorySegment segment;

    private MemoryRegion(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * Maps private memory, backed lazily: making a large region costs nothing until it is touched.
     *
     * @param bytes more than 0; rounded up to whole pages of 4096 bytes
     * @throws OutOfMemoryError when the kernel refuses the mapping
     */
    public static MemoryRegion anonymous(long bytes) {
        return anonymous(bytes, false);
    }

    /**
     * As {@link #anonymous}, and asks the kernel for transparent huge pages (madvise(2)
     * MADV_HUGEPAGE), which a kernel without them ignores.
     */
    public static MemoryRegion hugeAnonymous(long bytes) {
        return anonymous(bytes, true);
    }

    private static MemoryRegion anonymous(long bytes, boolean huge) {
        long size = wholePages(bytes);
        Arena arena = Arena.ofShared();
        return new MemoryRegion(arena, Mappings.anonymous(size, huge, arena));
    }

    /**
     * Maps a file, shared: what is written is in the file even when the process is killed. The file
     * is made, or extended with zeros, to {@code bytes}; what it holds already is kept.
     *
     * @param bytes more than 0; rounded up to whole pages of 4096 bytes
     * @throws IOException when the file cannot be opened, extended or mapped
     */
    public static MemoryRegion file(Path file, long bytes) throws IOException {
        long size = wholePages(bytes);
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment segment =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena); // extends the file
            return new MemoryRegion(arena, segment);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static long wholePages(long bytes) {
        if (bytes <= 0 || bytes > Long.MAX_VALUE - PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "A memory region of " + bytes + " bytes was asked for; more than 0 is needed.");
        }
        return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    /** Where it begins; a multiple of 4096. */
    public long address() {
        return segment.address();
    }

    /** Its length in bytes; a multiple of 4096. */
    public long bytes() {
        return segment.byteSize();
    }

    /** Writes a file's changed pages to the disk (msync(2)); nothing for anonymous memory. */
    public void force() {
        if (segment.isMapped()) {
            segment.force();
        }
    }

    /** Unmaps; a second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
