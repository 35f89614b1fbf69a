package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Catches what DPDK logs (rte_log.h) in a file in memory, so that a failure can name its reason and
 * the rest can go the way of the program's own log. Emptied at each reading.
 */
final class DpdkLog {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "error|fail|cannot|can't|could not|couldn't|unable|invalid|not found|no such"
                            + "|not supported|denied|unsupported|no free|not enough|unknown|no driver|too ");

    /** What DPDK says of every failure, besides the reason. */
    private static final Pattern GENERIC =
            Pattern.compile(
                    "driver cannot attach|attach device on primary|mp action callback"
                            + "|qdisc|rte flow support");

    private static final Pattern PREFIX =
            Pattern.compile("^\\s*(?:[A-Za-z0-9_.]+(?:\\(\\))?: +){1,2}");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final @Nullable FileChannel channel;

    private DpdkLog(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /** Sends DPDK's log here from now on; where the kernel cannot, it stays on stderr. */
    static DpdkLog capture() {
        int descriptor = Posix.memoryFile("dpdk-log");
        if (descriptor < 0) {
            return new DpdkLog(null);
        }
        String path = "/proc/self/fd/" + descriptor;
        MemorySegment stream = Posix.openStream(path, "a");
        if (stream.address() == 0) {
            return new DpdkLog(null);
        }
        try {
            FileChannel channel =
                    FileChannel.open(
                            Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE);
            Dpdk.rte_openlog_stream(stream);
            return new DpdkLog(channel);
        } catch (IOException e) {
            return new DpdkLog(null);
        }
    }

    /** What was logged since the last call; the newest mebibyte of it. */
    synchronized String drain() {
        if (channel == null) {
            return "";
        }
        try {
            long size = channel.size();
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, MAX_BYTES));
            long position = size - bytes.capacity();
            while (bytes.hasRemaining()) {
                int read = channel.read(bytes, position + bytes.position());
                if (read < 0) {
                    break;
                }
            }
            channel.truncate(0);
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The line of {@code log} that names a failure best (the first complaint), or "". */
    static String reason(String log) {
        List<String> complaints =
                log.lines().map(DpdkLog::clean).filter(line -> has(line, COMPLAINT)).toList();
        return complaints.stream()
                .filter(line -> !has(line, GENERIC))
                .findFirst()
                .orElse(complaints.isEmpty() ? "" : complaints.getFirst());
    }

    private static boolean has(String line, Pattern pattern) {
        return pattern.matcher(line.toLowerCase(Locale.ROOT)).find();
    }

    private static String clean(String line) {
        String text = PREFIX.matcher(line).replaceFirst("");
        text = SPACE.matcher(text).replaceAll(" ").strip();
        while (text.endsWith(".") || text.endsWith("!")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
