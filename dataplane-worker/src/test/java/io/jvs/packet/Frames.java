package io.jvs.packet;

import io.jvs.service.Address;
import java.nio.ByteBuffer;

/** Makes frames for tests, byte by byte, with a slow checksum of its own. */
public final class Frames {
    /** The director's MAC. */
    public static final long DIRECTOR = 0x02_00_00_00_00_01L;

    /** Somebody else's MAC. */
    public static final long PEER = 0x02_00_00_00_00_99L;

    /** ICMPv6. */
    public static final int ICMP6 = 58;

    private Frames() {}

    /** A frame from the peer to the director. */
    public static byte[] ethernet(int type, byte[] payload) {
        return ethernet(DIRECTOR, PEER, type, payload);
    }

    /** A frame. */
    public static byte[] ethernet(long destination, long source, int type, byte[] payload) {
        return join(mac(destination), mac(source), be16(type), payload);
    }

    /** A frame with an 802.1Q tag, from the peer to the director. */
    public static byte[] tagged(int vlan, int type, byte[] payload) {
        return join(mac(DIRECTOR), mac(PEER), be16(0x8100), be16(vlan), be16(type), payload);
    }

    /** A frame around an IP packet of either version. */
    public static byte[] frame(byte[] ip) {
        return ethernet(ip[0] >> 4 == 4 ? 0x0800 : 0x86DD, ip);
    }

    /** An IPv4 or IPv6 packet with TTL 64; the checksum of an IPv4 header is right. */
    public static byte[] ip(String source, String destination, int protocol, byte[] payload) {
        return ip(source, destination, protocol, 64, payload);
    }

    /** The same with that TTL. */
    public static byte[] ip(
            String source, String destination, int protocol, int ttl, byte[] payload) {
        byte[] from = Address.parse(source).bytes();
        byte[] to = Address.parse(destination).bytes();
        if (from.length == 16) {
            byte[] rest = {(byte) protocol, (byte) ttl};
            return join(be32(0x6000_0000), be16(payload.length), rest, from, to, payload);
        }
        byte[] rest = {(byte) ttl, (byte) protocol, 0, 0};
        byte[] start = join(be16(0x4500), be16(20 + payload.length), be32(0x12344000));
        return fixIpv4(join(start, rest, from, to, payload));
    }

    /** Computes an IPv4 header's checksum. */
    public static byte[] fixIpv4(byte[] packet) {
        int header = (packet[0] & 0xF) * 4;
        put16(packet, 10, 0);
        put16(packet, 10, slowChecksum(packet, 0, Math.min(header, packet.length)));
        return packet;
    }

    /** An IP packet with a TCP segment whose checksum is right. */
    public static byte[] tcp(String from, int sport, String to, int dport, int flags, byte[] data) {
        byte[] segment =
                join(
                        be16(sport),
                        be16(dport),
                        be32(1000),
                        be32(2000),
                        be16(0x5000 | flags),
                        be16(512),
                        be32(0),
                        data);
        return ip(from, to, 6, withChecksum(segment, 16, from, to, 6));
    }

    /** An IP packet with a UDP datagram whose checksum is right. */
    public static byte[] udp(String from, int sport, String to, int dport, byte[] data) {
        byte[] datagram = join(be16(sport), be16(dport), be16(8 + data.length), be16(0), data);
        return ip(from, to, 17, withChecksum(datagram, 6, from, to, 17));
    }

    /** An IP packet with an SCTP common header and data; the CRC is not computed. */
    public static byte[] sctp(String from, int sport, String to, int dport, byte[] data) {
        return ip(from, to, 132, join(be16(sport), be16(dport), be32(7), be32(0), data));
    }

    /** An IPv4 packet with an ICMP message whose checksum is right. */
    public static byte[] icmp(String from, String to, int type, int code, int rest, byte[] data) {
        byte[] message = join(be16(type << 8 | code), be16(0), be32(rest), data);
        put16(message, 2, slowChecksum(message, 0, message.length));
        return ip(from, to, 1, message);
    }

    /** An IPv6 packet with an ICMPv6 message whose checksum is right; hop limit 64. */
    public static byte[] icmp6(String from, String to, int type, int code, int rest, byte[] data) {
        byte[] message = join(be16(type << 8 | code), be16(0), be32(rest), data);
        return ip(from, to, ICMP6, withChecksum(message, 2, from, to, ICMP6));
    }

    /** A neighbour solicitation or advertisement; hop limit 255. */
    public static byte[] discovery(
            String from, String to, int type, int flags, String target, byte[] options) {
        byte[] message =
                join(be16(type << 8), be16(0), be32(flags), Address.parse(target).bytes(), options);
        return ip(from, to, ICMP6, 255, withChecksum(message, 2, from, to, ICMP6));
    }

    /** A link-layer address option. */
    public static byte[] linkOption(int type, long mac) {
        return join(new byte[] {(byte) type, 1}, mac(mac));
    }

    /** An ARP packet. */
    public static byte[] arp(
            int operation, long senderMac, String sender, long targetMac, String target) {
        return join(
                be16(1),
                be16(0x0800),
                be16(0x0604),
                be16(operation),
                mac(senderMac),
                Address.parse(sender).bytes(),
                mac(targetMac),
                Address.parse(target).bytes());
    }

    /** Puts a checksum with pseudo header into a copy. */
    public static byte[] withChecksum(
            byte[] message, int at, String from, String to, int protocol) {
        byte[] result = message.clone();
        put16(result, at, 0);
        byte[] pseudo = pseudo(from, to, protocol, result.length);
        byte[] all = join(pseudo, result);
        int checksum = slowChecksum(all, 0, all.length);
        put16(result, at, checksum == 0 && protocol == 17 ? 0xFFFF : checksum);
        return result;
    }

    private static byte[] pseudo(String from, String to, int protocol, int bytes) {
        byte[] source = Address.parse(from).bytes();
        byte[] destination = Address.parse(to).bytes();
        return source.length == 4
                ? join(source, destination, be16(protocol), be16(bytes))
                : join(source, destination, be32(bytes), be32(protocol));
    }

    /** Whether an IP packet's transport or ICMP checksum is right; no options, no extensions. */
    public static boolean isLayer4Right(byte[] packet) {
        boolean v4 = packet[0] >> 4 == 4;
        int header = v4 ? 20 : 40;
        int protocol = v4 ? packet[9] : packet[6];
        int addresses = v4 ? 12 : 8;
        byte[] body = slice(packet, header, packet.length - header);
        byte[] pair = slice(packet, addresses, header - addresses);
        byte[] pseudo = join(pair, be16(protocol), be16(body.length));
        byte[] all = v4 && protocol == 1 ? body : join(pseudo, body);
        return slowChecksum(all, 0, all.length) == 0;
    }

    /** RFC 1071, 16 bits at a time in network order. */
    public static int slowChecksum(byte[] data, int from, int bytes) {
        long sum = 0;
        for (int i = 0; i < bytes; i++) {
            int value = data[from + i] & 0xFF;
            sum += (i & 1) == 0 ? value << 8 : value;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) ~sum & 0xFFFF;
    }

    /** Bytes of hexadecimal text; blanks are ignored. */
    public static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    /** All parts one after the other. */
    public static byte[] join(byte[]... parts) {
        int bytes = 0;
        for (byte[] part : parts) {
            bytes += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** A part of it. */
    public static byte[] slice(byte[] data, int from, int bytes) {
        return java.util.Arrays.copyOfRange(data, from, from + bytes);
    }

    /** Six bytes. */
    public static byte[] mac(long mac) {
        return join(be16((int) (mac >>> 32)), be32((int) mac));
    }

    /** Two bytes, network order. */
    public static byte[] be16(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    /** Four bytes, network order. */
    public static byte[] be32(int value) {
        return join(be16(value >>> 16), be16(value));
    }

    /** 16 bits, network order. */
    public static int get16(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }

    /** Writes 16 bits, network order. */
    public static void put16(byte[] data, int at, int value) {
        data[at] = (byte) (value >>> 8);
        data[at + 1] = (byte) value;
    }
}
