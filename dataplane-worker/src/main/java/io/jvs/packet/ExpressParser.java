package io.jvs.packet;

import io.jvs.memory.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Picks the plain packets out of a burst: untagged Ethernet to the director's own address, IPv4
 * without options or fragments and with a right checksum, TCP or UDP. It refuses whatever {@link
 * PacketParser} would refuse of such a packet, but for martian source addresses: those have no
 * connection, and without one nothing goes by the express lane.
 */
public final class ExpressParser {
    /** Ethernet, IPv4 and TCP without options; every read below stays within them. */
    private static final int LEAST_BYTES = 54;

    private static final int LAYER3 = EthernetHeader.BYTES;
    private static final int LAYER4 = LAYER3 + Ipv4Header.BYTES;
    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long IPV4_TYPE = 0x0008; // 0x0800 as it is loaded
    private static final long VERSION_AND_LENGTH = 0x45;

    /** Of byte 20 and 21, as they are loaded: all but DF. */
    private static final long FRAGMENT_MASK = 0xFFBF;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private ExpressParser() {}

    /**
     * Fills {@code rows} with the plain packets among the rows without a verdict.
     *
     * @param ownMac the receiving interface's MAC address, first byte of the wire in bits 7..0
     * @param verified whether the NIC has checked IPv4 header checksums
     */
    public static void parse(PacketBurst burst, ExpressRows rows, long ownMac, boolean verified) {
        long[] handles = burst.handle;
        long[] data = burst.data;
        int[] lengths = burst.length;
        byte[] verdicts = burst.verdict;
        long base = rows.base();
        int received = Math.min(burst.count, PacketBurst.RECEIVE_MAX);
        int count = 0;
        for (int i = 0; i < received; i++) {
            MemorySegment row = ExpressRows.row(base, count);
            row.set(LONG, ExpressRows.HANDLE, handles[i]);
            row.set(LONG, ExpressRows.FRAME, data[i]);
            row.set(SHORT, ExpressRows.ROW, (short) i);
            if (verdicts[i] == Verdict.NONE
                    && lengths[i] >= LEAST_BYTES
                    && take(base, count, data[i], lengths[i] - LAYER3, ownMac, verified)) {
                count++;
            }
        }
        rows.count = count;
    }

    private static boolean take(
            long base, int j, long address, int room, long ownMac, boolean verified) {
        MemorySegment frame = Memory.line(address);
        long sourceAndType = frame.get(LONG, 6);
        long first = frame.get(LONG, LAYER3);
        long second = frame.get(LONG, LAYER3 + 8);
        int third = frame.get(INT, LAYER3 + 16);
        long odd = (frame.get(LONG, 0) ^ ownMac) & MAC_MASK;
        int total = Short.reverseBytes((short) (first >>> 16)) & 0xFFFF;
        if ((odd | odd(sourceAndType, first)) != 0
                || (second & 0xFF) <= 1
                || total > room
                || (sourceAndType & MAC_MASK) == ownMac
                || !verified && !isRight(first, second, third)) {
            return false;
        }
        long ports = frame.get(LONG, LAYER4);
        int word = frame.get(SHORT, LAYER4 + 12);
        long protocol = second >>> 8 & 0xFF;
        int flags = transportFlags((int) protocol, ports, word, total - Ipv4Header.BYTES);
        MemorySegment row = ExpressRows.row(base, j);
        row.set(LONG, ExpressRows.ADDRESSES, second >>> 32 | (long) third << 32);
        row.set(LONG, ExpressRows.TRANSPORT, ports & 0xFFFF_FFFFL | protocol << 32);
        row.set(INT, ExpressRows.BYTES_AND_FLAGS, total | flags << 16);
        return flags >= 0;
    }

    /** 0 for IPv4 from a single sender, without a tag, options or fragments. */
    private static long odd(long sourceAndType, long first) {
        return sourceAndType >>> 48 ^ IPV4_TYPE
                | sourceAndType & 1
                | first & 0xFF ^ VERSION_AND_LENGTH
                | first >>> 48 & FRAGMENT_MASK;
    }

    /** Whether the three words of a header add up (RFC 1071). */
    private static boolean isRight(long first, long second, int third) {
        long sum = (first & 0xFFFF_FFFFL) + (first >>> 32) + (second & 0xFFFF_FFFFL);
        sum += (second >>> 32) + (third & 0xFFFF_FFFFL);
        return InternetChecksum.fold(sum) == 0xFFFF;
    }

    /**
     * The TCP flags, 0 for UDP, -1 for what is neither or too short.
     *
     * @param first the first 8 bytes of the header as they are loaded
     * @param word bytes 12 and 13 as they are loaded
     */
    private static int transportFlags(int protocol, long first, int word, int bytes) {
        if (protocol == Ipv4Header.PROTOCOL_TCP) {
            int headerBytes = (word & 0xF0) >>> 2;
            return headerBytes >= TcpHeader.BYTES && headerBytes <= bytes ? word >>> 8 & 0xFF : -1;
        }
        if (protocol == Ipv4Header.PROTOCOL_UDP) {
            int claimed = Short.reverseBytes((short) (first >>> 32)) & 0xFFFF;
            return claimed >= UdpHeader.BYTES && claimed <= bytes ? 0 : -1;
        }
        return -1;
    }
}
