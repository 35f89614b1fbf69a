package io.jvs.dpdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes pcap files (draft-ietf-opsawg-pcap, microseconds, Ethernet). */
final class Pcap {
    private static final int MAGIC = 0xa1b2c3d4;
    private static final int ETHERNET = 1;

    private Pcap() {}

    static void write(Path file, List<byte[]> frames) throws IOException {
        int bytes = 24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum();
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putLong(0);
        out.putInt(65535).putInt(ETHERNET);
        for (byte[] frame : frames) {
            out.putInt(0).putInt(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        Files.write(file, out.array());
    }

    static List<byte[]> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var frames = new ArrayList<byte[]>();
        in.position(24);
        while (in.hasRemaining()) {
            in.getLong();
            byte[] frame = new byte[in.getInt()];
            in.getInt();
            in.get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
