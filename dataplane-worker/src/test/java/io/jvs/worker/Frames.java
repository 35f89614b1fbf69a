package io.jvs.worker;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes and reads frames the slow, obvious way, independent of the code under test. */
final class Frames {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int SCTP = 132;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    static final int FIN = 1;

    private Frames() {}

    /** A frame with a transport header and {@code payload}; flags only matter for TCP. */
    static byte[] frame(
            long dstMac, long srcMac, Endpoint from, Endpoint to, int protocol, int flags) {
        return frame(dstMac, srcMac, from, to, protocol, flags, new byte[0]);
    }

    record Endpoint(Address address, int port) {
        static Endpoint of(String address, int port) {
            return new Endpoint(Address.parse(address), port);
        }
    }

    static byte[] frame(
            long dstMac,
            long srcMac,
            Endpoint from,
            Endpoint to,
            int protocol,
            int flags,
            byte[] payload) {
        byte[] layer4 =
                protocol == TCP
                        ? tcp(from.port(), to.port(), flags, payload)
                        : udp(from.port(), to.port(), payload);
        return withIp(dstMac, srcMac, from.address(), to.address(), protocol, layer4);
    }

    static byte[] withIp(
            long dstMac, long srcMac, Address from, Address to, int protocol, byte[] layer4) {
        boolean v6 = from.isIpv6();
        ByteBuffer frame = ByteBuffer.allocate(14 + (v6 ? 40 : 20) + layer4.length);
        frame.putShort((short) (dstMac >>> 32)).putInt((int) dstMac);
        frame.putShort((short) (srcMac >>> 32)).putInt((int) srcMac);
        frame.putShort((short) (v6 ? 0x86DD : 0x0800));
        if (v6) {
            frame.putInt(6 << 28).putShort((short) layer4.length);
            frame.put((byte) protocol).put((byte) 64).put(from.bytes()).put(to.bytes());
        } else {
            frame.putShort((short) 0x4500).putShort((short) (20 + layer4.length));
            frame.putShort((short) 7).putShort((short) 0x4000).put((byte) 64);
            frame.put((byte) protocol).putShort((short) 0).put(from.bytes()).put(to.bytes());
            frame.putShort(24, (short) checksum(frame.array(), 14, 34, 0));
        }
        int at = frame.position();
        frame.put(layer4);
        if (protocol == SCTP) {
            return frame.array();
        }
        int offset = protocol == TCP ? 16 : protocol == UDP ? 6 : 2;
        int pseudo = protocol == 1 ? 0 : pseudo(from, to, protocol, layer4.length);
        frame.putShort(at + offset, (short) checksum(frame.array(), at, frame.capacity(), pseudo));
        return frame.array();
    }

    private static byte[] tcp(int from, int to, int flags, byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .putShort((short) from)
                .putShort((short) to)
                .putInt(1000)
                .putInt(2000)
                .putShort((short) (0x5000 | flags))
                .putShort((short) 8192)
                .putInt(0)
                .put(payload)
                .array();
    }

    private static byte[] udp(int from, int to, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) from)
                .putShort((short) to)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    static int pseudo(Address from, Address to, int protocol, int length) {
        int sum = protocol + length;
        for (byte[] bytes : new byte[][] {from.bytes(), to.bytes()}) {
            for (int i = 0; i < bytes.length; i += 2) {
                sum += (bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF;
            }
        }
        return sum;
    }

    static int checksum(byte[] bytes, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += (bytes[i] & 0xFF) << 8 | (i + 1 < to ? bytes[i + 1] & 0xFF : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return ~sum & 0xFFFF;
    }

    /** What a frame says, read at fixed offsets behind {@code ipAt}. */
    record Seen(
            long dstMac,
            long srcMac,
            Address from,
            int fromPort,
            Address to,
            int toPort,
            int protocol,
            boolean checksumsRight) {}

    static Seen read(byte[] frame) {
        return read(frame, 14);
    }

    static Seen read(byte[] frame, int ipAt) {
        ByteBuffer b = ByteBuffer.wrap(frame);
        boolean v6 = frame[ipAt] >>> 4 == 6;
        int bytes = v6 ? 16 : 4;
        int addresses = ipAt + (v6 ? 8 : 12);
        Address from = Address.ofBytes(Arrays.copyOfRange(frame, addresses, addresses + bytes));
        Address to =
                Address.ofBytes(
                        Arrays.copyOfRange(frame, addresses + bytes, addresses + 2 * bytes));
        int protocol = frame[ipAt + (v6 ? 6 : 9)] & 0xFF;
        int at = ipAt + (v6 ? 40 : 20);
        int end =
                v6 ? at + (b.getShort(ipAt + 4) & 0xFFFF) : ipAt + (b.getShort(ipAt + 2) & 0xFFFF);
        boolean right = v6 || checksum(frame, ipAt, at, 0) == 0;
        if (protocol == TCP || protocol == UDP) {
            right &= checksum(frame, at, end, pseudo(from, to, protocol, end - at)) == 0;
        }
        return new Seen(
                mac(b, 0),
                mac(b, 6),
                from,
                at + 4 <= frame.length ? b.getShort(at) & 0xFFFF : -1,
                to,
                at + 4 <= frame.length ? b.getShort(at + 2) & 0xFFFF : -1,
                protocol,
                right);
    }

    private static long mac(ByteBuffer b, int at) {
        return (long) (b.getShort(at) & 0xFFFF) << 32 | b.getInt(at + 2) & 0xFFFF_FFFFL;
    }

    /** An ARP packet. */
    static byte[] arp(
            long dstMac,
            long srcMac,
            int operation,
            String senderIp,
            long targetMac,
            String target) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        frame.putShort((short) (dstMac >>> 32)).putInt((int) dstMac);
        frame.putShort((short) (srcMac >>> 32)).putInt((int) srcMac);
        frame.putShort((short) 0x0806).putLong(0x0001_0800_0604_0000L | operation);
        frame.putShort((short) (srcMac >>> 32)).putInt((int) srcMac);
        frame.put(Address.parse(senderIp).bytes());
        frame.putShort((short) (targetMac >>> 32)).putInt((int) targetMac);
        frame.put(Address.parse(target).bytes());
        return frame.array();
    }
}
