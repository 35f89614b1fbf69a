package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** ICMP and ICMPv6 errors (RFC 792, RFC 4443), written and read. */
final class IcmpMessages {
    private static final int HEADER_BYTES = 8;
    private static final int UNREACHABLE4 = 3;
    private static final int PORT4 = 3;
    private static final int UNREACHABLE6 = 1;
    private static final int PORT6 = 4;
    private static final int EMBEDDED4_BYTES = 548;
    private static final int EMBEDDED6_BYTES = 1232;

    private IcmpMessages() {}

    /** What a host answers to a datagram for a port where nobody listens. */
    static IpPacket portUnreachable(IpPacket about) {
        boolean ipv6 = about.source().isIpv6();
        byte[] original = about.toBytes();
        int embedded = Math.min(original.length, ipv6 ? EMBEDDED6_BYTES : EMBEDDED4_BYTES);
        ByteBuffer icmp = ByteBuffer.allocate(HEADER_BYTES + embedded);
        icmp.put((byte) (ipv6 ? UNREACHABLE6 : UNREACHABLE4)).put((byte) (ipv6 ? PORT6 : PORT4));
        icmp.put(HEADER_BYTES, original, 0, embedded);
        Address host = about.destination();
        Address sender = about.source();
        IpPacket packet =
                new IpPacket(host, sender, ipv6 ? IpPacket.ICMP6 : IpPacket.ICMP4, icmp.array());
        long pseudo = ipv6 ? packet.pseudoHeaderSum() : 0;
        icmp.putShort(2, (short) Checksum.of(icmp.array(), icmp.capacity(), pseudo));
        return packet;
    }

    /** The flow of the TCP socket that an unreachable message is about, or null. */
    static @Nullable Flow unreachableFlow(IpPacket packet) {
        boolean ipv6 = packet.protocol() == IpPacket.ICMP6;
        ByteBuffer icmp = ByteBuffer.wrap(packet.payload());
        if (icmp.get(0) != (ipv6 ? UNREACHABLE6 : UNREACHABLE4)) {
            return null;
        }
        int ip = HEADER_BYTES;
        int transport = ip + (ipv6 ? 40 : (icmp.get(ip) & 0xF) * 4);
        if (icmp.get(ip + (ipv6 ? 6 : 9)) != IpPacket.TCP || icmp.capacity() < transport + 4) {
            return null;
        }
        return new Flow(
                address(icmp, ipv6, ip + (ipv6 ? 8 : 12)),
                Short.toUnsignedInt(icmp.getShort(transport)),
                address(icmp, ipv6, ip + (ipv6 ? 24 : 16)),
                Short.toUnsignedInt(icmp.getShort(transport + 2)));
    }

    /** Whether an unreachable message is about the port (and not about the host or a network). */
    static boolean isPortUnreachable(IpPacket packet) {
        return packet.payload()[1] == (packet.protocol() == IpPacket.ICMP6 ? PORT6 : PORT4);
    }

    private static Address address(ByteBuffer buffer, boolean ipv6, int at) {
        return ipv6
                ? Address.ofIpv6(buffer.getLong(at), buffer.getLong(at + 8))
                : Address.ofIpv4(buffer.getInt(at));
    }
}
