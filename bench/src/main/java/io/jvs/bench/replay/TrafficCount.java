package io.jvs.bench.replay;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Packets and bytes that the wire carried to and from each real server. */
final class TrafficCount {
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;

    private final Map<String, long[]> counts = new HashMap<>();

    /** A packet has reached a server. */
    void onDelivered(IpPacket packet) {
        if (hasPorts(packet)) {
            int port = Short.toUnsignedInt(ByteBuffer.wrap(packet.payload()).getShort(2));
            add(endpoint(packet.destination(), port), 0, packet);
        }
    }

    /** A server has sent a packet to the director. */
    void onReply(IpPacket packet) {
        if (hasPorts(packet)) {
            int port = Short.toUnsignedInt(ByteBuffer.wrap(packet.payload()).getShort(0));
            add(endpoint(packet.source(), port), 2, packet);
        }
    }

    private static boolean hasPorts(IpPacket packet) {
        return packet.protocol() == IpPacket.TCP || packet.protocol() == IpPacket.UDP;
    }

    private void add(String endpoint, int at, IpPacket packet) {
        long[] count = counts.computeIfAbsent(endpoint, e -> new long[4]);
        count[at]++;
        int header = packet.source().isIpv6() ? IPV6_BYTES : IPV4_BYTES;
        count[at + 1] += header + packet.payload().length;
    }

    /** Packets in, bytes in, packets out, bytes out of the server with that endpoint. */
    long[] of(String endpoint) {
        return counts.getOrDefault(endpoint, new long[4]).clone();
    }

    /** An endpoint as the recordings write it. */
    static String endpoint(Address address, int port) {
        return address.isIpv6() ? "[" + address + "]:" + port : address + ":" + port;
    }
}
