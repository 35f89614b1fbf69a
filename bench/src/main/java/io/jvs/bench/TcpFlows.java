package io.jvs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pcap file of TCP packets from many clients to one virtual address: a SYN for each flow, then
 * ACKs of 60-byte frames over all flows in turn, so that replaying it without end is mostly
 * established traffic.
 */
final class TcpFlows {
    /** What the pcap driver gives its first port: "pcap" and a number. */
    static final long DIRECTOR_MAC = 0x02_70_63_61_70_00L;

    static final int VIRTUAL_ADDRESS = 10 << 24 | 99 << 16 | 1;
    static final int VIRTUAL_PORT = 80;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_02L;
    private static final int CLIENTS = 172 << 24 | 16 << 16;
    private static final int FRAME_BYTES = 60;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private TcpFlows() {}

    /**
     * Writes the file.
     *
     * @param flows how many flows
     * @param rounds ACKs for each flow
     */
    static void write(Path path, int flows, int rounds) throws IOException {
        int packets = flows * (rounds + 1);
        ByteBuffer file =
                ByteBuffer.allocate(24 + packets * (16 + FRAME_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
        file.putInt(65_535).putInt(1);
        for (int round = 0; round <= rounds; round++) {
            for (int flow = 0; flow < flows; flow++) {
                file.putInt(0).putInt(0).putInt(FRAME_BYTES).putInt(FRAME_BYTES);
                file.put(frame(flow, round == 0 ? SYN : ACK));
            }
        }
        Files.write(path, file.array());
    }

    private static byte[] frame(int flow, int flags) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        mac(frame, DIRECTOR_MAC);
        mac(frame, CLIENT_MAC);
        frame.putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) 40).putShort((short) flow);
        frame.putShort((short) 0x4000).put((byte) 64).put((byte) 6).putShort((short) 0);
        frame.putInt(CLIENTS + 1 + flow / 50_000).putInt(VIRTUAL_ADDRESS);
        frame.putShort(24, checksum(frame, 14, 34, 0));
        frame.putShort((short) (10_000 + flow % 50_000)).putShort((short) VIRTUAL_PORT);
        frame.putInt(1000).putInt(flags == SYN ? 0 : 2000);
        frame.putShort((short) (0x5000 | flags)).putShort((short) 65_535);
        frame.putShort(50, checksum(frame, 34, 54, pseudoHeader(frame)));
        return frame.array();
    }

    private static void mac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    private static int pseudoHeader(ByteBuffer frame) {
        int sum = 6 + 20;
        for (int i = 26; i < 34; i += 2) {
            sum += frame.getShort(i) & 0xFFFF;
        }
        return sum;
    }

    private static short checksum(ByteBuffer frame, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += frame.getShort(i) & 0xFFFF;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
