package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A port whose packets come from one pcap file and go to another. Time is the file's: a packet
 * arrives when the worker's clock has reached its time stamp, so that the same input gives the same
 * output each time.
 */
public final class PcapPort implements PacketPort, AutoCloseable {
    private final int number;
    private final MemoryBuffers buffers;
    private final PcapFile input;
    private final PcapWriter output;
    private long nowNs;

    /**
     * Opens both files.
     *
     * @throws IOException with a sentence that names the file
     */
    public PcapPort(int number, MemoryBuffers buffers, Path in, Path out) throws IOException {
        this.number = number;
        this.buffers = buffers;
        this.input = PcapFile.open(in);
        this.output = new PcapWriter(out);
    }

    @Override
    public int number() {
        return number;
    }

    /** Time stamp of the next packet, or {@link Long#MAX_VALUE} when all are read. */
    public long nextTimestampNs() {
        return input.hasNext() ? input.nextTimestampNs() : Long.MAX_VALUE;
    }

    /** Sets the time with which frames are written from now on; all ports have the same. */
    public void setTime(long timeNs) {
        nowNs = timeNs;
    }

    @Override
    public int receive(PacketBurst burst, long now) {
        int count = 0;
        while (count < PacketBurst.RECEIVE_MAX
                && input.hasNext()
                && input.nextTimestampNs() <= now) {
            int length = (int) Math.min(input.nextLength(), MemoryBuffers.FRAME_BYTES);
            long handle = buffers.take();
            if (handle == 0) {
                return count;
            }
            Memory.copy(input.nextData(), handle + MemoryBuffers.HEADROOM_BYTES, length);
            input.skip();
            int row = buffers.addRow(burst, handle, length);
            burst.port[row] = number;
            count++;
        }
        return count;
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        for (int i = from; i < from + count; i++) {
            output.write(nowNs, data[i], lengths[i]);
            buffers.free(handles[i]);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        input.close();
        output.close();
    }
}
