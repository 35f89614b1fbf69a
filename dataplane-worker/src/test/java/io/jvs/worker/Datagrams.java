package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Cuts IP packets into fragments and puts them together, the slow, obvious way. */
final class Datagrams {
    private static final int LINK = 14;

    private Datagrams() {}

    /** The IP packet in an Ethernet frame, up to its own end. */
    static byte[] ip(byte[] frame) {
        int bytes = isIpv6(frame, LINK) ? 40 + get16(frame, LINK + 4) : get16(frame, LINK + 2);
        return Arrays.copyOfRange(frame, LINK, LINK + bytes);
    }

    /** The frame with another IP packet. */
    static byte[] frame(byte[] like, byte[] ip) {
        byte[] frame = Arrays.copyOf(like, LINK + ip.length);
        System.arraycopy(ip, 0, frame, LINK, ip.length);
        return frame;
    }

    private static boolean isIpv6(byte[] bytes, int at) {
        return bytes[at] >>> 4 == 6;
    }

    private static int get16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    /** Frames with the fragments of a frame's packet; pieces of random sizes up to {@code most}. */
    static List<byte[]> split(byte[] frame, int id, int most, Random random) {
        byte[] ip = ip(frame);
        int header = isIpv6(ip, 0) ? 40 : 20;
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        while (from < ip.length - header) {
            int room = most / 8 - 4;
            int bytes = most / 8 * 8 - 8 * random.nextInt(Math.max(1, room / 2));
            int to = Math.min(ip.length - header, from + bytes);
            pieces.add(frame(frame, piece(ip, id, from, to)));
            from = to;
        }
        return pieces;
    }

    /** The fragment with bytes from..to-1 of a packet's payload. */
    static byte[] piece(byte[] ip, int id, int from, int to) {
        boolean ipv6 = isIpv6(ip, 0);
        int header = ipv6 ? 40 : 20;
        boolean last = to == ip.length - header;
        byte[] payload = Arrays.copyOfRange(ip, header + from, header + to);
        if (ipv6) {
            ByteBuffer out = ByteBuffer.allocate(48 + payload.length).put(ip, 0, 40);
            out.put(ip[6]).put((byte) 0).putShort((short) (from | (last ? 0 : 1))).putInt(id);
            out.put(payload).put(6, (byte) 44).putShort(4, (short) (8 + payload.length));
            return out.array();
        }
        ByteBuffer out = ByteBuffer.allocate(20 + payload.length).put(ip, 0, 20).put(payload);
        out.putShort(2, (short) out.capacity()).putShort(4, (short) id);
        out.putShort(6, (short) (from / 8 | (last ? 0 : 0x2000))).putShort(10, (short) 0);
        return out.putShort(10, (short) checksum(out.array(), 20)).array();
    }

    private static int checksum(byte[] bytes, int to) {
        int sum = 0;
        for (int i = 0; i < to; i += 2) {
            sum += get16(bytes, i);
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return ~((sum & 0xFFFF) + (sum >>> 16)) & 0xFFFF;
    }

    /** Puts fragments together; whole packets pass. */
    static final class Reassembler {
        private final Map<String, Map<Integer, byte[]>> parts = new HashMap<>();
        private final Map<String, Integer> totals = new HashMap<>();

        /** Takes an IP packet; gives the whole one when nothing is missing, else null. */
        byte @org.jspecify.annotations.Nullable [] add(byte[] ip) {
            boolean ipv6 = isIpv6(ip, 0);
            if (!ipv6) {
                assertThat(checksum(ip, 20)).as("header checksum").isZero();
            }
            int word = ipv6 ? get16(ip, 42) : get16(ip, 6);
            boolean whole = ipv6 ? ip[6] != 44 : (word & 0x3FFF) == 0;
            if (whole) {
                return ip;
            }
            int offset = ipv6 ? word & 0xFFF8 : (word & 0x1FFF) * 8;
            boolean more = (word & (ipv6 ? 1 : 0x2000)) != 0;
            byte[] payload = Arrays.copyOfRange(ip, ipv6 ? 48 : 20, ip.length);
            String key = key(ip, ipv6);
            Map<Integer, byte[]> of = parts.computeIfAbsent(key, made -> new HashMap<>());
            assertThat(of.put(offset, payload)).as("fragment at %d twice", offset).isNull();
            if (!more) {
                totals.put(key, offset + payload.length);
            }
            return join(key, ip, of);
        }

        private static String key(byte[] ip, boolean ipv6) {
            byte[] id = Arrays.copyOfRange(ip, ipv6 ? 44 : 4, ipv6 ? 48 : 6);
            byte[] addresses = Arrays.copyOfRange(ip, ipv6 ? 8 : 12, ipv6 ? 40 : 20);
            return Arrays.toString(id) + Arrays.toString(addresses) + (ipv6 ? 0 : ip[9]);
        }

        private byte @org.jspecify.annotations.Nullable [] join(
                String key, byte[] like, Map<Integer, byte[]> of) {
            int total = totals.getOrDefault(key, -1);
            if (total < 0) {
                return null;
            }
            byte[] joined = new byte[total];
            int at = 0;
            while (at != total) {
                byte[] part = of.get(at);
                if (part == null) {
                    return null;
                }
                System.arraycopy(part, 0, joined, at, part.length);
                at += part.length;
            }
            parts.remove(key);
            totals.remove(key);
            return whole(like, joined);
        }

        private static byte[] whole(byte[] like, byte[] payload) {
            boolean ipv6 = isIpv6(like, 0);
            int header = ipv6 ? 40 : 20;
            ByteBuffer out = ByteBuffer.allocate(header + payload.length);
            out.put(like, 0, header).put(payload);
            if (ipv6) {
                return out.put(6, like[40]).putShort(4, (short) payload.length).array();
            }
            out.putShort(2, (short) out.capacity()).putShort(6, (short) 0).putShort(10, (short) 0);
            return out.putShort(10, (short) checksum(out.array(), 20)).array();
        }

        /** Datagrams of which something is missing. */
        int incomplete() {
            return parts.size();
        }
    }
}
