package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An IP packet without options or extension headers, as the simulated hosts see it. */
final class IpPacket {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP4 = 1;
    static final int ICMP6 = 58;

    private static final int IPIP = 4;
    private static final int ETHERNET_BYTES = 14;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int HOPS = 64;

    private final Address source;
    private final Address destination;
    private final int protocol;
    private final byte[] payload;

    /**
     * A packet.
     *
     * @param protocol what the payload is
     * @param payload the transport header and all behind it; not copied
     */
    IpPacket(Address source, Address destination, int protocol, byte[] payload) {
        this.source = source;
        this.destination = destination;
        this.protocol = protocol;
        this.payload = payload;
    }

    Address source() {
        return source;
    }

    Address destination() {
        return destination;
    }

    int protocol() {
        return protocol;
    }

    /** The transport header and all behind it; not to be changed. */
    byte[] payload() {
        return payload;
    }

    /**
     * The packet in a frame, out of its tunnel if that was IPv4 in IPv4: the one that the servers
     * of the recordings were set up for. Null when there is no IP packet.
     */
    static @Nullable IpPacket ofFrame(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        int type = Short.toUnsignedInt(buffer.getShort(12));
        if (type != ETHERTYPE_IPV4 && type != ETHERTYPE_IPV6) {
            return null;
        }
        IpPacket packet = ofBytes(buffer.slice(ETHERNET_BYTES, frame.length - ETHERNET_BYTES));
        if (packet.protocol == IPIP && !packet.source.isIpv6()) {
            return ofBytes(ByteBuffer.wrap(packet.payload));
        }
        return packet;
    }

    private static IpPacket ofBytes(ByteBuffer ip) {
        boolean ipv6 = ip.get(0) >> 4 == 6;
        int header = ipv6 ? IPV6_BYTES : (ip.get(0) & 0xF) * 4;
        int total =
                ipv6
                        ? IPV6_BYTES + Short.toUnsignedInt(ip.getShort(4))
                        : Short.toUnsignedInt(ip.getShort(2));
        byte[] payload = new byte[total - header];
        ip.get(header, payload);
        return new IpPacket(
                address(ip, ipv6, ipv6 ? 8 : 12),
                address(ip, ipv6, ipv6 ? 24 : 16),
                ip.get(ipv6 ? 6 : 9) & 0xFF,
                payload);
    }

    private static Address address(ByteBuffer ip, boolean ipv6, int at) {
        return ipv6
                ? Address.ofIpv6(ip.getLong(at), ip.getLong(at + 8))
                : Address.ofIpv4(ip.getInt(at));
    }

    /** The IP packet's bytes. */
    byte[] toBytes() {
        return source.isIpv6() ? ipv6Bytes() : ipv4Bytes();
    }

    private byte[] ipv4Bytes() {
        ByteBuffer ip = ByteBuffer.allocate(IPV4_BYTES + payload.length);
        ip.putShort((short) 0x4500).putShort((short) ip.capacity());
        ip.putShort((short) 1).putShort((short) 0x4000);
        ip.put((byte) HOPS).put((byte) protocol).putShort((short) 0);
        ip.put(source.bytes()).put(destination.bytes());
        ip.putShort(10, (short) Checksum.of(ip.array(), IPV4_BYTES, 0));
        return ip.put(payload).array();
    }

    private byte[] ipv6Bytes() {
        ByteBuffer ip = ByteBuffer.allocate(IPV6_BYTES + payload.length);
        ip.putInt(6 << 28).putShort((short) payload.length);
        ip.put((byte) protocol).put((byte) HOPS);
        return ip.put(source.bytes()).put(destination.bytes()).put(payload).array();
    }

    /** The packet in an Ethernet frame. */
    byte[] toFrame(long sourceMac, long destinationMac) {
        byte[] ip = toBytes();
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + ip.length);
        putMac(frame, destinationMac);
        putMac(frame, sourceMac);
        frame.putShort((short) (source.isIpv6() ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4));
        return frame.put(ip).array();
    }

    private static void putMac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    /** The sum of the pseudo header that TCP, UDP and ICMPv6 checksums begin with. */
    long pseudoHeaderSum() {
        return Checksum.add(source.bytes())
                + Checksum.add(destination.bytes())
                + protocol
                + payload.length;
    }
}
