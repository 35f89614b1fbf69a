package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A pcap file (not pcapng) in memory, read only: classic format of libpcap (pcap-savefile(5)), both
 * byte orders, microseconds or nanoseconds, link type Ethernet.
 */
final class PcapFile implements AutoCloseable {
    private static final int MAGIC_MICRO = 0xA1B2C3D4;
    private static final int MAGIC_NANO = 0xA1B23C4D;
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int LINK_TYPE_ETHERNET = 1;

    private final Path path;
    private final MemoryRegion region;
    private final long end;
    private final boolean swapped;
    private final int nsPerFraction;
    private long cursor;

    private PcapFile(Path path, MemoryRegion region, long size, int magic) {
        this.path = path;
        this.region = region;
        this.end = region.address() + size;
        this.swapped = magic != MAGIC_MICRO && magic != MAGIC_NANO;
        int plain = swapped ? Integer.reverseBytes(magic) : magic;
        this.nsPerFraction = plain == MAGIC_NANO ? 1 : 1000;
        this.cursor = region.address() + FILE_HEADER_BYTES;
    }

    /** Reads the whole file. */
    static PcapFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < FILE_HEADER_BYTES) {
                throw new IOException(path + " is no pcap file: it has only " + size + " bytes");
            }
            MemoryRegion region = MemoryRegion.anonymous(size);
            long at = region.address();
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
            while (channel.read(chunk) >= 0 || chunk.position() > 0) {
                Memory.copyIn(chunk.array(), 0, at, chunk.position());
                at += chunk.position();
                chunk.clear();
            }
            PcapFile file = new PcapFile(path, region, size, Memory.getInt(region.address()));
            file.checkHeader();
            return file;
        }
    }

    private void checkHeader() throws IOException {
        int magic = word(region.address());
        if (magic != MAGIC_MICRO && magic != MAGIC_NANO) {
            throw new IOException(
                    path
                            + " is no pcap file (magic "
                            + Integer.toHexString(magic)
                            + "); pcapng files can be converted with: tcpdump -r IN -w OUT");
        }
        int linkType = word(region.address() + 20) & 0xFFFF;
        if (linkType != LINK_TYPE_ETHERNET) {
            throw new IOException(
                    path + " has link type " + linkType + ", only Ethernet (1) can be read");
        }
    }

    private int word(long address) {
        int value = Memory.getInt(address);
        return swapped ? Integer.reverseBytes(value) : value;
    }

    /** Whether a whole packet follows; a truncated last one does not count. */
    boolean hasNext() {
        return cursor + RECORD_HEADER_BYTES <= end
                && cursor + RECORD_HEADER_BYTES + nextLength() <= end;
    }

    /** Captured bytes of the next packet. */
    long nextLength() {
        return Integer.toUnsignedLong(word(cursor + 8));
    }

    /** Time of the next packet in ns since the epoch. */
    long nextTimestampNs() {
        return Integer.toUnsignedLong(word(cursor)) * 1_000_000_000L
                + (long) word(cursor + 4) * nsPerFraction;
    }

    /** Address of the next packet's bytes. */
    long nextData() {
        return cursor + RECORD_HEADER_BYTES;
    }

    /** Goes past the next packet. */
    void skip() {
        cursor += RECORD_HEADER_BYTES + nextLength();
    }

    @Override
    public void close() {
        region.close();
    }
}
