package io.jvs.port;

import io.jvs.memory.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a pcap file (pcap-savefile(5)) with nanosecond times and link type Ethernet. */
public final class PcapWriter implements Closeable {
    private static final int MAGIC_NANO = 0xA1B23C4D;
    private static final int SNAP_BYTES = 262_144;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.nativeOrder());

    /** Creates or empties {@code path}. */
    public PcapWriter(Path path) throws IOException {
        channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        buffer.putInt(MAGIC_NANO).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
        buffer.putInt(SNAP_BYTES).putInt(1);
    }

    /** Adds the {@code length} bytes at {@code address}, seen at {@code timestampNs}. */
    public void write(long timestampNs, long address, int length) {
        if (buffer.remaining() < length + 16) {
            drain();
        }
        buffer.putInt((int) (timestampNs / 1_000_000_000L));
        buffer.putInt((int) (timestampNs % 1_000_000_000L));
        buffer.putInt(length).putInt(length);
        Memory.copyOut(address, buffer.array(), buffer.position(), length);
        buffer.position(buffer.position() + length);
    }

    private void drain() {
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the pcap file: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            drain();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
