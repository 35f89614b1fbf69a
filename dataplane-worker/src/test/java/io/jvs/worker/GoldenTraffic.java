package io.jvs.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What arrives at the ports of a director, a frame each hundredth of a second. */
final class GoldenTraffic {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long GAP_NS = 10_000_000L;
    private static final int MAGIC_NANO = 0xA1B23C4D;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final GoldenNetwork network;

    /** By port: frames by the time at which they arrive, in ns. */
    private final List<SortedMap<Long, byte[]>> arrivals = new ArrayList<>();

    private long nowNs = SECOND_NS;

    GoldenTraffic(GoldenNetwork network) {
        this.network = network;
        for (int port = 0; port < network.ports; port++) {
            arrivals.add(new TreeMap<>());
        }
    }

    /** A frame from the clients' segment. */
    GoldenTraffic client(byte[] frame) {
        return arrive(0, GoldenFrames.tagged(frame, network.clientVlan));
    }

    /** A frame from the real servers' segment. */
    GoldenTraffic server(byte[] frame) {
        return arrive(network.serverPort(), GoldenFrames.tagged(frame, network.serverVlan));
    }

    /** Nothing for a while. */
    GoldenTraffic pause(int millis) {
        nowNs += millis * 1_000_000L;
        return this;
    }

    private GoldenTraffic arrive(int port, byte[] frame) {
        arrivals.get(port).put(nowNs, frame);
        nowNs += GAP_NS;
        return this;
    }

    /** Writes what arrives at a port as a pcap file. */
    void write(int port, Path file) throws IOException {
        SortedMap<Long, byte[]> frames = arrivals.get(port);
        int bytes = FILE_HEADER;
        for (byte[] frame : frames.values()) {
            bytes += RECORD_HEADER + frame.length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC_NANO).putShort((short) 2).putShort((short) 4).putLong(0);
        out.putInt(1 << 18).putInt(1);
        frames.forEach((timeNs, frame) -> {
            out.putInt((int) (timeNs / SECOND_NS)).putInt((int) (timeNs % SECOND_NS));
            out.putInt(frame.length).putInt(frame.length).put(frame);
        });
        Files.write(file, out.array());
    }

    /** The frames of a pcap file. */
    static List<byte[]> read(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> frames = new ArrayList<>();
        in.position(FILE_HEADER);
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
