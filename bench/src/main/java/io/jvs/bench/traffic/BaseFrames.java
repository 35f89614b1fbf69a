package io.jvs.bench.traffic;

import io.jvs.service.AddressFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A pcap file of TCP ACKs whose addresses and ports are all zero, with right checksums: what {@link
 * SynthesizedPort} and the C reference write flows over.
 */
public final class BaseFrames {
    /** What DPDK's pcap driver gives its first port: "pcap" and a number. */
    private static final long DIRECTOR_MAC = 0x02_70_63_61_70_00L;

    private static final long SENDER_MAC = 0x02_00_00_00_00_02L;
    static final int FRAMES = 384;
    private static final int ETHERNET = 14;
    private static final int TCP = 20;
    private static final int ACKNOWLEDGED = 2000;
    private static final int ACK = 0x5010;

    private BaseFrames() {}

    /**
     * Writes the file.
     *
     * @param sizes frame sizes in bytes without the checksum of Ethernet, used in turn; what is too
     *     small for the headers is made as large as they are
     */
    public static void write(Path path, AddressFamily family, List<Integer> sizes)
            throws IOException {
        ByteBuffer file = begin(FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            add(file, frame(family, sizes.get(i % sizes.size())));
        }
        write(path, file);
    }

    /** A pcap file's header, with room for so many frames. */
    static ByteBuffer begin(int frames) {
        ByteBuffer file = ByteBuffer.allocate(24 + frames * (16 + 1514));
        file.order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
        return file.putInt(65_535).putInt(1);
    }

    /** Adds a frame to a pcap file. */
    static void add(ByteBuffer file, byte[] frame) {
        file.putInt(0).putInt(0).putInt(frame.length).putInt(frame.length).put(frame);
    }

    /** Writes what has been added. */
    static void write(Path path, ByteBuffer file) throws IOException {
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        Files.write(path, bytes);
    }

    static byte[] frame(AddressFamily family, int bytes) {
        int ipBytes = family == AddressFamily.IPV6 ? 40 : 20;
        int headers = ETHERNET + ipBytes + TCP;
        // Ethernet pads what is shorter than 60 bytes.
        int size = Math.max(60, Math.max(bytes, headers));
        int end = Math.max(bytes, headers) == size ? size : headers;
        ByteBuffer frame = ByteBuffer.allocate(size);
        frame.putShort((short) (DIRECTOR_MAC >>> 32)).putInt((int) DIRECTOR_MAC);
        frame.putShort((short) (SENDER_MAC >>> 32)).putInt((int) SENDER_MAC);
        if (family == AddressFamily.IPV6) {
            frame.putShort((short) 0x86DD).putInt(0x6000_0000);
            frame.putShort((short) (end - ETHERNET - ipBytes)).put((byte) 6).put((byte) 64);
        } else {
            frame.putShort((short) 0x0800).putShort((short) 0x4500);
            frame.putShort((short) (end - ETHERNET)).putShort((short) 0).putShort((short) 0x4000);
            frame.put((byte) 64).put((byte) 6);
            frame.putShort(ETHERNET + 10, checksum(frame, ETHERNET, ETHERNET + 20, 0));
        }
        writeTcp(frame, ETHERNET + ipBytes, end);
        return frame.array();
    }

    private static void writeTcp(ByteBuffer frame, int tcp, int end) {
        frame.putInt(tcp + 8, ACKNOWLEDGED).putShort(tcp + 12, (short) ACK);
        frame.putShort(tcp + 14, (short) 65_535);
        frame.putShort(tcp + 16, checksum(frame, tcp, end, 6 + end - tcp));
    }

    private static short checksum(ByteBuffer frame, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += frame.getShort(i) & 0xFFFF;
        }
        return (short) ~FrameLayout.fold(sum);
    }
}
