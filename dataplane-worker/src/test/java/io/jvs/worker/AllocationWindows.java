package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits until workers allocate nothing. A path that the JIT has not compiled yet makes its views of
 * memory on the heap; on a busy machine that goes on for a while. So windows are taken until some
 * in a row had none.
 */
final class AllocationWindows {
    private static final int CLEAN_WINDOWS = 3;
    private static final int MOST_WINDOWS = 45;
    private static final long WINDOW_MILLIS = 2_000;

    private AllocationWindows() {}

    /** Fails when there is no end to it. */
    static void await(Dataplane dataplane) throws InterruptedException {
        List<Long> allocated = new ArrayList<>();
        long before = bytes(dataplane);
        int clean = 0;
        while (clean < CLEAN_WINDOWS && allocated.size() < MOST_WINDOWS) {
            Thread.sleep(WINDOW_MILLIS);
            long now = bytes(dataplane);
            allocated.add(now - before);
            clean = now == before ? clean + 1 : 0;
            before = now;
        }
        assertThat(allocated.subList(allocated.size() - CLEAN_WINDOWS, allocated.size()))
                .as("the last windows of %s bytes", allocated)
                .containsOnly(0L);
    }

    /** What all workers together ever allocated. */
    private static long bytes(Dataplane dataplane) {
        long sum = 0;
        for (WorkerView worker : dataplane.workers()) {
            assertThat(worker.allocatedBytes()).isPositive();
            sum += worker.allocatedBytes();
        }
        return sum;
    }

    /** Makes a pcap file. */
    static void write(Path file, List<byte[]> frames) throws IOException {
        int bytes = 24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum();
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putLong(0);
        out.putInt(65_535).putInt(1);
        for (byte[] frame : frames) {
            out.putLong(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        Files.write(file, out.array());
    }
}
