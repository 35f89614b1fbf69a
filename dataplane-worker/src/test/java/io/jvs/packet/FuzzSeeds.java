package io.jvs.packet;

import java.util.Arrays;
import java.util.Random;

/** Frames of every kind to mutate, and the mutations. */
public final class FuzzSeeds {
    private static final String A4 = "192.0.2.9";
    private static final String B4 = "198.51.100.1";
    private static final String A6 = "2001:db8::9";
    private static final String B6 = "2001:db8:1::1";

    private FuzzSeeds() {}

    /** One frame of every kind. */
    public static byte[][] all() {
        byte[] data = {1, 2, 3, 4, 5, 6, 7};
        byte[] chain =
                Frames.join(
                        Frames.hex("3c00 0104 00000000 1100 0104 00000000"),
                        Frames.slice(Frames.udp(A6, 5, B6, 6, data), 40, 15));
        return new byte[][] {
            Frames.frame(Frames.tcp(A4, 1000, B4, 80, 2, data)),
            Frames.frame(Frames.udp(A4, 1000, B4, 80, data)),
            Frames.frame(Frames.sctp(A4, 1000, B4, 80, data)),
            Frames.tagged(100, 0x0800, Frames.tcp(A4, 1000, B4, 80, 2, data)),
            Frames.frame(Frames.icmp(A4, B4, 8, 0, 7, data)),
            Frames.frame(Frames.icmp(A4, B4, 3, 4, 1400, Frames.tcp(B4, 80, A4, 9, 2, data))),
            Frames.frame(Frames.tcp(A6, 1000, B6, 80, 2, data)),
            Frames.frame(Frames.udp(A6, 1000, B6, 80, data)),
            Frames.frame(Frames.ip(A6, B6, 0, chain)),
            Frames.frame(Frames.icmp6(A6, B6, 128, 0, 7, data)),
            Frames.frame(Frames.icmp6(A6, B6, 2, 0, 1280, Frames.udp(B6, 80, A6, 9, data))),
            Frames.frame(Frames.icmp6(A6, B6, 1, 4, 0, Frames.ip(B6, A6, 0, chain))),
            Frames.frame(Frames.discovery(A6, B6, 135, 0, B6, Frames.linkOption(1, Frames.PEER))),
            Frames.frame(
                    Frames.discovery(
                            A6, B6, 136, 0x6000_0000, A6, Frames.linkOption(2, Frames.PEER))),
            Frames.ethernet(
                    EthernetHeader.BROADCAST,
                    Frames.PEER,
                    0x0806,
                    Frames.arp(1, Frames.PEER, A4, 0, B4)),
            Frames.ethernet(0x0806, Frames.arp(2, Frames.PEER, A4, Frames.DIRECTOR, B4)),
        };
    }

    /** A copy with a few bytes changed, cut or grown; checksums are mended half of the time. */
    public static byte[] mutate(byte[] seed, Random random) {
        byte[] frame = seed.clone();
        if (random.nextInt(3) == 0) {
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 20));
        }
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && frame.length > 0; i++) {
            int from = random.nextBoolean() ? Math.min(12, frame.length - 1) : 0;
            frame[random.nextInt(from, frame.length)] = (byte) random.nextInt();
        }
        if (random.nextBoolean()) {
            mend(frame);
        }
        return frame;
    }

    /** Makes IPv4's header checksum and ICMP's right, as far as the frame is whole. */
    private static void mend(byte[] frame) {
        if (frame.length < 14 + 20 || frame[12] != 8 || frame[13] != 0) {
            return;
        }
        int header = Math.min((frame[14] & 0xF) * 4, frame.length - 14);
        if (header < 20) {
            return;
        }
        int total = Math.min(Frames.get16(frame, 16), frame.length - 14);
        if (frame[23] == 1 && total >= header + 4) {
            Frames.put16(frame, 14 + header + 2, 0);
            int sum = Frames.slowChecksum(frame, 14 + header, total - header);
            Frames.put16(frame, 14 + header + 2, sum);
        }
        Frames.put16(frame, 24, 0);
        Frames.put16(frame, 24, Frames.slowChecksum(frame, 14, header));
    }
}
