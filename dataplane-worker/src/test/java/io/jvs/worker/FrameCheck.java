package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Checks every length and checksum of a frame, outer and inner headers, the slow, obvious way: what
 * a golden file holds must be right as well as the same as before.
 */
final class FrameCheck {
    private static final int ETHERNET = 14;
    private static final int GRE = 47;
    private static final int IPV6_FRAGMENT = 44;
    private static final int IPV4_IN_IP = 4;
    private static final int IPV6_IN_IP = 41;

    private final byte[] frame;
    private final ByteBuffer words;

    private FrameCheck(byte[] frame) {
        this.frame = frame;
        this.words = ByteBuffer.wrap(frame);
    }

    /** Fails when something in {@code frame} is wrong. */
    static void check(byte[] frame) {
        FrameCheck check = new FrameCheck(frame);
        int at = ETHERNET;
        if (check.unsigned(12) == 0x8100) {
            at += 4;
        }
        int type = check.unsigned(at - 2);
        if (type == 0x0800 || type == 0x86DD) {
            check.packet(at, frame.length);
        } else {
            assertThat(type).isEqualTo(0x0806);
        }
    }

    private int unsigned(int at) {
        return Short.toUnsignedInt(words.getShort(at));
    }

    private void packet(int at, int limit) {
        if (frame[at] >>> 4 == 6) {
            int end = at + 40 + unsigned(at + 4);
            assertThat(end).as("end of the IPv6 packet").isEqualTo(limit);
            payload(frame[at + 6] & 0xFF, at, at + 40, end);
            return;
        }
        int end = at + unsigned(at + 2);
        assertThat(end).as("end of the IPv4 packet").isEqualTo(limit);
        assertThat(Frames.checksum(frame, at, at + 20, 0)).as("IPv4 header checksum").isZero();
        if ((unsigned(at + 6) & 0x3FFF) == 0) {
            payload(frame[at + 9] & 0xFF, at, at + 20, end);
        }
    }

    private void payload(int protocol, int ip, int at, int end) {
        switch (protocol) {
            case IPV4_IN_IP, IPV6_IN_IP -> packet(at, end);
            case Frames.TCP, Frames.UDP, GoldenFrames.ICMPV6 -> transport(protocol, ip, at, end);
            case GoldenFrames.ICMP ->
                    assertThat(Frames.checksum(frame, at, end, 0)).as("ICMP checksum").isZero();
            case GRE -> gre(at, end);
            case IPV6_FRAGMENT ->
                    assertThat(unsigned(at + 2) & 0xFFF9).as("offset or more to come").isPositive();
            default -> throw new AssertionError("protocol " + protocol + " was never sent");
        }
    }

    private void transport(int protocol, int ip, int at, int end) {
        if (protocol == Frames.UDP) {
            assertThat(unsigned(at + 4)).as("UDP length").isEqualTo(end - at);
            if (unsigned(at + 6) == 0) {
                assertThat(frame[ip] >>> 4).as("version of UDP without checksum").isEqualTo(4);
                return;
            }
        }
        int pseudo = Frames.pseudo(address(ip, 0), address(ip, 1), protocol, end - at);
        assertThat(Frames.checksum(frame, at, end, pseudo)).as("checksum").isZero();
        if (protocol == Frames.UDP && unsigned(at + 2) == 6080) {
            packet(at + 8 + 4 + (frame[at + 8] & 0x1F) * 4, end);
        }
    }

    private void gre(int at, int end) {
        boolean summed = (frame[at] & 0x80) != 0;
        if (summed) {
            assertThat(Frames.checksum(frame, at, end, 0)).as("GRE checksum").isZero();
        }
        packet(at + (summed ? 8 : 4), end);
    }

    private Address address(int ip, int which) {
        boolean v6 = frame[ip] >>> 4 == 6;
        int bytes = v6 ? 16 : 4;
        int from = ip + (v6 ? 8 : 12) + which * bytes;
        return Address.ofBytes(Arrays.copyOfRange(frame, from, from + bytes));
    }
}
