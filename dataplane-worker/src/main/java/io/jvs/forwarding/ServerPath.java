package io.jvs.forwarding;

import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.service.Address;
import io.jvs.service.Tunnel;

/**
 * The way to one real server, worked out when servers, routes or addresses change, so that nothing
 * is looked up for each packet. Replaced as a whole, never changed.
 */
public final class ServerPath {
    /** No way known: a packet for such a server is dropped (no route). */
    public static final ServerPath NONE = new ServerPath(-1, 0);

    /** The real server is the host itself: what is for it goes to the exception path. */
    public static final ServerPath HOST = new ServerPath(PacketBurst.NEXT_HOP_HOST, 0xFFFF);

    /** Next hop as an index into the neighbour table, or negative for none. */
    public final int nextHop;

    /** Largest IP packet on the way, outer header included, in bytes. */
    public final int mtu;

    /** Whether tunnelled packets get an outer IPv6 header. */
    public final boolean outerIpv6;

    /** What the outer headers of a tunnelled packet add, in bytes; 0 when not tunnelled. */
    public final int overheadBytes;

    /** Bytes of the outer headers behind the outer IP header. */
    final int shimBytes;

    /** Protocol number of the outer header, 0 for the wrapped packet's own number. */
    final int shimProtocol;

    /** UDP destination port of GUE. */
    final int shimPort;

    /** Whether GRE or GUE carry a checksum. */
    final boolean shimChecksum;

    /** Outer source, raw: IPv4 in the low 32 bits; IPv6 bytes 0..7. */
    final long outerSource0;

    /** Outer source, raw: IPv6 bytes 8..15. */
    final long outerSource1;

    /** Outer destination, raw: IPv4 in the low 32 bits; IPv6 bytes 0..7. */
    final long outerDestination0;

    /** Outer destination, raw: IPv6 bytes 8..15. */
    final long outerDestination1;

    /**
     * A way for NAT, direct routing and FULLNAT.
     *
     * @param nextHop index into the neighbour table, negative for none
     * @param mtu largest IP packet on the way in bytes
     */
    public ServerPath(int nextHop, int mtu) {
        this.nextHop = nextHop;
        this.mtu = mtu;
        this.outerIpv6 = false;
        this.overheadBytes = 0;
        this.shimBytes = 0;
        this.shimProtocol = 0;
        this.shimPort = 0;
        this.shimChecksum = false;
        this.outerSource0 = 0;
        this.outerSource1 = 0;
        this.outerDestination0 = 0;
        this.outerDestination1 = 0;
    }

    private ServerPath(int nextHop, int mtu, Address source, Address destination, Tunnel tunnel) {
        this.nextHop = nextHop;
        this.mtu = mtu;
        this.outerIpv6 = destination.isIpv6();
        this.shimBytes = TunnelShim.bytes(tunnel);
        this.shimProtocol = TunnelShim.protocol(tunnel);
        this.shimPort = tunnel.port();
        // Remote checksum offload is the checksum alone: the kernel writes the option for packets
        // of its own whose inner checksum is not made yet (CHECKSUM_PARTIAL), never for those that
        // came from the wire.
        this.shimChecksum = tunnel.checksum() || tunnel.remoteChecksum();
        this.overheadBytes = (outerIpv6 ? Ipv6Header.BYTES : Ipv4Header.BYTES) + shimBytes;
        this.outerSource0 = word0(source);
        this.outerSource1 = Long.reverseBytes(source.low());
        this.outerDestination0 = word0(destination);
        this.outerDestination1 = Long.reverseBytes(destination.low());
    }

    /**
     * Outer source (low 32 bits) and destination, raw, of a tunnel that adds an IPv4 header and
     * nothing else; 0 for any other way.
     */
    public long outerAddresses4() {
        boolean plain = overheadBytes != 0 && !outerIpv6 && shimBytes == 0;
        return plain ? outerSource0 | outerDestination0 << 32 : 0;
    }

    private static long word0(Address address) {
        return address.isIpv6()
                ? Long.reverseBytes(address.high())
                : Integer.reverseBytes((int) address.low()) & 0xFFFF_FFFFL;
    }

    /**
     * A way through a tunnel.
     *
     * @param nextHop index into the neighbour table, negative for none
     * @param mtu largest IP packet on the way to the server, outer header included, in bytes
     * @param source the director's address on that way
     * @param destination the real server's address, of the same family
     * @param tunnel how packets are wrapped
     * @throws IllegalArgumentException when the families differ
     */
    public static ServerPath tunnel(
            int nextHop, int mtu, Address source, Address destination, Tunnel tunnel) {
        if (source.isIpv6() != destination.isIpv6()) {
            throw new IllegalArgumentException(
                    "a tunnel to " + destination + " cannot begin at " + source);
        }
        return new ServerPath(nextHop, mtu, source, destination, tunnel);
    }
}
