package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rewrites plain IPv4 packets at fixed offsets with few, wide accesses: what {@link NatForwarder},
 * {@link FullNatForwarder} and {@link DirectRouteForwarder} do to the same packets, byte for byte.
 * The frame has an untagged Ethernet header and an IPv4 header without options.
 */
public final class ExpressForwarder {
    private static final int LAYER3 = EthernetHeader.BYTES;
    private static final int LAYER4 = LAYER3 + Ipv4Header.BYTES;
    private static final int TTL = LAYER3 + Ipv4Header.TTL;
    private static final int DESTINATION = LAYER3 + Ipv4Header.DESTINATION;
    private static final int TCP_CHECKSUM = LAYER4 + TcpHeader.CHECKSUM;
    private static final int UDP_CHECKSUM = LAYER4 + UdpHeader.CHECKSUM;
    private static final long LOW_INT = 0xFFFF_FFFFL;
    private static final int DONT_FRAGMENT = 0x40; // as it is loaded
    private static final short IPV4_TYPE = 0x0008; // 0x0800 as it is stored
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private ExpressForwarder() {}

    /**
     * NAT and FULLNAT: the packet gets the pair of the connection's other side, swapped; of a
     * record of NAT the client is the local side.
     *
     * @param frame address of the frame
     * @param record address of the connection's record
     * @param direction 0 from the client, 1 from the server
     * @param addresses the packet's source (low 32 bits) and destination address, raw
     * @param transport its ports, raw, and in bits 32..39 the protocol, 6 or 17
     */
    public static void translate(
            long frame, long record, int direction, long addresses, long transport) {
        int swing = direction << 3;
        MemorySegment packet = Memory.line(frame);
        long after = Memory.getLong(record + ConnectionLayout.REAL4 - swing);
        int ports =
                Integer.rotateLeft(Memory.getInt(record + ConnectionLayout.OUT_PORTS - swing), 16);
        long difference = ChecksumDifference.ofLong(addresses, after);
        long word = packet.get(LONG, TTL);
        long checksum =
                ChecksumDifference.apply(
                        (int) word >>> 16, difference + ChecksumDifference.FIRST_BYTE_DECREMENT);
        packet.set(LONG, TTL, word - 1 & 0xFFFF | checksum << 16 | after & ~LOW_INT);
        packet.set(LONG, DESTINATION, after & LOW_INT | (long) ports << 32);
        difference += ChecksumDifference.ofInt((int) transport, ports);
        if ((transport >>> 32) == Ipv4Header.PROTOCOL_TCP) {
            int before = packet.get(SHORT, TCP_CHECKSUM) & 0xFFFF;
            packet.set(SHORT, TCP_CHECKSUM, (short) ChecksumDifference.apply(before, difference));
        } else {
            int before = packet.get(SHORT, UDP_CHECKSUM) & 0xFFFF;
            int updated = ChecksumDifference.applyUdp(before, difference);
            packet.set(SHORT, UDP_CHECKSUM, (short) updated);
        }
    }

    /** Direct routing: one hop less. */
    public static void pass(long frame) {
        HopCount.decrementTtl(frame + LAYER3);
    }

    /** Whether an IPv4 packet may not be fragmented. */
    public static boolean isWhole(long frame) {
        return (Memory.getByte(frame + LAYER3 + Ipv4Header.FRAGMENT) & DONT_FRAGMENT) != 0;
    }

    /**
     * Puts a packet with DF into an IPv4 packet, one hop less, as {@link TunnelForwarder} does. The
     * frame then begins {@link Ipv4Header#BYTES} earlier; its MAC addresses are the caller's to
     * write.
     *
     * @param frame address of the frame
     * @param outer outer source (low 32 bits) and destination address, raw
     * @param bytes of the packet
     */
    public static void wrap(long frame, long outer, int bytes) {
        pass(frame);
        MemorySegment packet = Memory.line(frame);
        int tos = packet.get(BYTE, LAYER3 + Ipv4Header.TOS) & 0xFF;
        int ttl = packet.get(BYTE, TTL) & 0xFF;
        int total = Short.reverseBytes((short) (bytes + Ipv4Header.BYTES)) & 0xFFFF;
        // Congestion experienced becomes ECT(0) outside.
        int outerTos = (tos & 3) == 3 ? tos & ~1 : tos;
        long first = 0x45 | outerTos << 8 | (long) total << 16 | (long) DONT_FRAGMENT << 48;
        long second = ttl | TunnelShim.PROTOCOL_IPV4 << 8 | outer << 32;
        long sum = ChecksumDifference.sumOfLong(first) + ChecksumDifference.sumOfLong(second);
        long checksum = ~InternetChecksum.fold(sum + (outer >>> 32)) & 0xFFFF;
        MemorySegment made = Memory.line(frame - Ipv4Header.BYTES);
        made.set(SHORT, LAYER3 - 2, IPV4_TYPE);
        made.set(LONG, LAYER3, first);
        made.set(LONG, TTL, second | checksum << 16);
        made.set(INT, DESTINATION, (int) (outer >>> 32));
    }
}
