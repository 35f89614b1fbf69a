package io.jvs.worker;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames of the golden conversations: what {@link Frames} makes, and changes to it. */
final class GoldenFrames {
    static final int ICMP = 1;
    static final int ICMPV6 = 58;
    private static final int ETHERNET = 14;

    private GoldenFrames() {}

    static byte[] text(String payload) {
        return payload.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code bytes} bytes that tell their place. */
    static byte[] pattern(int bytes) {
        byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        return payload;
    }

    /** The IP packet of a frame without a VLAN tag. */
    static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, ETHERNET, frame.length);
    }

    /** Another TTL or hop limit. */
    static byte[] withHops(byte[] frame, int hops) {
        frame[isIpv6(frame) ? ETHERNET + 7 : ETHERNET + 8] = (byte) hops;
        return checked(frame);
    }

    /** Another type of service or traffic class. */
    static byte[] withTrafficClass(byte[] frame, int value) {
        if (isIpv6(frame)) {
            frame[ETHERNET] = (byte) (0x60 | value >>> 4);
            frame[ETHERNET + 1] = (byte) (value << 4);
        } else {
            frame[ETHERNET + 1] = (byte) value;
        }
        return checked(frame);
    }

    /** IPv4's DF cleared; IPv6 as it is. */
    static byte[] mayFragment(byte[] frame) {
        if (!isIpv6(frame)) {
            frame[ETHERNET + 6] = 0;
        }
        return checked(frame);
    }

    /** UDP over IPv4 without a checksum. */
    static byte[] withoutUdpChecksum(byte[] frame) {
        Arrays.fill(frame, ETHERNET + 26, ETHERNET + 28, (byte) 0);
        return frame;
    }

    /** Padded to Ethernet's least length, with bytes that are no zeroes. */
    static byte[] padded(byte[] frame) {
        byte[] longer = Arrays.copyOf(frame, Math.max(60, frame.length));
        Arrays.fill(longer, frame.length, longer.length, (byte) 0xEE);
        return longer;
    }

    /** With an 802.1Q tag; 0 for none. */
    static byte[] tagged(byte[] frame, int vlan) {
        if (vlan == 0) {
            return frame;
        }
        ByteBuffer longer = ByteBuffer.allocate(frame.length + 4);
        longer.put(frame, 0, 12).putShort((short) 0x8100).putShort((short) vlan);
        return longer.put(frame, 12, frame.length - 12).array();
    }

    /**
     * An ICMP or ICMPv6 message that carries {@code about}.
     *
     * @param word the second word of its header, for example an MTU
     */
    static byte[] icmp(Route route, int typeAndCode, int word, byte[] about) {
        byte[] layer4 =
                ByteBuffer.allocate(8 + about.length)
                        .putShort((short) typeAndCode)
                        .putShort((short) 0)
                        .putInt(word)
                        .put(about)
                        .array();
        int protocol = route.from().isIpv6() ? ICMPV6 : ICMP;
        return Frames.withIp(
                route.dstMac(), route.srcMac(), route.from(), route.to(), protocol, layer4);
    }

    /** Between whom a frame goes, on the link and above. */
    record Route(long dstMac, long srcMac, Address from, Address to) {}

    private static boolean isIpv6(byte[] frame) {
        return frame[12] == (byte) 0x86;
    }

    /** With the IPv4 header's checksum made right again. */
    static byte[] checked(byte[] frame) {
        if (!isIpv6(frame)) {
            ByteBuffer.wrap(frame)
                    .putShort(ETHERNET + 10, (short) 0)
                    .putShort(
                            ETHERNET + 10,
                            (short) Frames.checksum(frame, ETHERNET, ETHERNET + 20, 0));
        }
        return frame;
    }
}
