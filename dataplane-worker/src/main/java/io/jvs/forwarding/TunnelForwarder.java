package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * Tunnelling: the packet is put whole into an outer IPv4 or IPv6 packet to the real server
 * (ip_vs_tunnel_xmit, ip_vs_tunnel_xmit_v6; RFC 2003, RFC 2473, RFC 4213).
 *
 * <p>The outer header takes over: TTL (after this hop), traffic class with ECN by the full
 * functionality option of RFC 3168 section 9.1.1, and, with pmtu_disc, the inner IPv4 header's DF.
 * Without DF the outer packet gets an identification and may be cut.
 */
final class TunnelForwarder implements Forwarder {

    /** What an outer header takes over, packed: traffic class, then TTL, protocol, and DF. */
    private static final int TTL_SHIFT = 8;

    private static final int PROTOCOL_SHIFT = 16;
    private static final int DONT_FRAGMENT_SHIFT = 24;

    private final ServerPaths paths;
    private int identification;
    private boolean keepsDontFragment = true;

    /**
     * Creates it.
     *
     * @param paths where the outer addresses are found
     * @param firstIdentification first IPv4 identification of packets that may be cut, 16 bits
     */
    TunnelForwarder(ServerPaths paths, int firstIdentification) {
        this.paths = paths;
        this.identification = firstIdentification;
    }

    /** Whether the outer header takes over the inner one's DF; it does at first. */
    void setKeepsDontFragment(boolean keeps) {
        keepsDontFragment = keeps;
    }

    @Override
    public void ipv4(PacketBurst burst, int row) {
        long inner = burst.data[row] + burst.layer3[row];
        HopCount.decrementTtl(inner);
        int ttl = Ipv4Header.ttl(inner);
        int fields = ecn(Ipv4Header.tos(inner)) | ttl << TTL_SHIFT;
        int flag =
                keepsDontFragment && (Ipv4Header.fragment(inner) & Ipv4Header.DONT_FRAGMENT) != 0
                        ? 1 << DONT_FRAGMENT_SHIFT
                        : 0;
        wrap(burst, row, fields | TunnelShim.PROTOCOL_IPV4 << PROTOCOL_SHIFT | flag);
    }

    @Override
    public void ipv6(PacketBurst burst, int row) {
        long inner = burst.data[row] + burst.layer3[row];
        HopCount.decrementHopLimit(inner);
        int trafficClass = Memory.getIntBe(inner) >>> 20 & 0xFF;
        int ttl = Ipv6Header.hopLimit(inner);
        wrap(
                burst,
                row,
                ecn(trafficClass) | ttl << TTL_SHIFT | TunnelShim.PROTOCOL_IPV6 << PROTOCOL_SHIFT);
    }

    /** Congestion experienced is not copied out: ECT(0) instead (INET_ECN_encapsulate). */
    private static int ecn(int trafficClass) {
        return (trafficClass & 3) == 3 ? trafficClass & ~1 : trafficClass;
    }

    private void wrap(PacketBurst burst, int row, int fields) {
        ServerPath path = paths.get(ConnectionLayout.serverIndex(burst.connection[row]));
        int overhead = path.overheadBytes;
        if (overhead == 0 || burst.headroom[row] < overhead) {
            burst.verdict[row] =
                    overhead == 0 ? Verdict.DROP_FAMILY_MISMATCH : Verdict.DROP_NO_HEADROOM;
            return;
        }
        burst.moveStart(row, -overhead);
        burst.end[row] += overhead;
        burst.layer4[row] = burst.layer3[row] + overhead - path.shimBytes;
        burst.kind[row] = path.outerIpv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
        Memory.putShortBe(
                burst.data[row] + burst.layer3[row] - 2,
                path.outerIpv6 ? EthernetHeader.TYPE_IPV6 : EthernetHeader.TYPE_IPV4);
        if (path.shimBytes == 0) {
            writeOuter(burst, row, path, fields);
        } else {
            wrapWithShim(burst, row, path, fields);
        }
    }

    private void wrapWithShim(PacketBurst burst, int row, ServerPath path, int fields) {
        long shim = burst.data[row] + burst.layer4[row];
        int bytes = burst.end[row] - burst.layer4[row];
        int inner = fields >>> PROTOCOL_SHIFT & 0xFF;
        int outer = fields & ~(0xFF << PROTOCOL_SHIFT) | path.shimProtocol << PROTOCOL_SHIFT;
        if (path.shimProtocol == TunnelShim.PROTOCOL_GRE) {
            TunnelShim.writeGre(shim, inner, bytes, path.shimChecksum);
            writeOuter(burst, row, path, outer);
        } else {
            TunnelShim.writeGue(shim, inner, bytes, path.shimPort, burst.hash[row]);
            writeOuter(burst, row, path, outer);
            if (path.shimChecksum) {
                long header = burst.data[row] + burst.layer3[row];
                TunnelShim.writeGueChecksum(shim, bytes, header, path.outerIpv6);
            }
        }
    }

    private void writeOuter(PacketBurst burst, int row, ServerPath path, int fields) {
        long outer = burst.data[row] + burst.layer3[row];
        int bytes = burst.end[row] - burst.layer3[row];
        if (path.outerIpv6) {
            writeIpv6(outer, path, bytes - Ipv6Header.BYTES, fields);
        } else {
            writeIpv4(outer, path, bytes, fields);
        }
    }

    /** RFC 2003 section 3.1; two 8-byte words and one of 4, the checksum from the words. */
    private void writeIpv4(long outer, ServerPath path, int totalBytes, int fields) {
        boolean dontFragment = fields >>> DONT_FRAGMENT_SHIFT != 0;
        int id = dontFragment ? 0 : identification++ & 0xFFFF;
        long first =
                0x45
                        | (fields & 0xFF) << 8
                        | raw16(totalBytes) << 16
                        | raw16(id) << 32
                        | raw16(dontFragment ? Ipv4Header.DONT_FRAGMENT : 0) << 48;
        long second = fields >>> TTL_SHIFT & 0xFFFF | path.outerSource0 << 32;
        int destination = (int) path.outerDestination0;
        long sum =
                ChecksumDifference.sumOfLong(first)
                        + ChecksumDifference.sumOfLong(second)
                        + path.outerDestination0;
        long checksum = ~InternetChecksum.fold(sum) & 0xFFFF;
        Memory.putLong(outer, first);
        Memory.putLong(outer + Ipv4Header.TTL, second | checksum << 16);
        Memory.putInt(outer + Ipv4Header.DESTINATION, destination);
    }

    /** The low 16 bits as they lie in a packet. */
    private static long raw16(int value) {
        return Short.reverseBytes((short) value) & 0xFFFFL;
    }

    /** RFC 2473 section 3.1; flow label 0. */
    private static void writeIpv6(long outer, ServerPath path, int payloadBytes, int fields) {
        long word =
                6L << 60
                        | (fields & 0xFFL) << 52
                        | (payloadBytes & 0xFFFFL) << 16
                        | (fields >>> PROTOCOL_SHIFT & 0xFF) << 8
                        | fields >>> TTL_SHIFT & 0xFF;
        Memory.putLongBe(outer, word);
        Memory.putLong(outer + Ipv6Header.SOURCE, path.outerSource0);
        Memory.putLong(outer + Ipv6Header.SOURCE + 8, path.outerSource1);
        Memory.putLong(outer + Ipv6Header.DESTINATION, path.outerDestination0);
        Memory.putLong(outer + Ipv6Header.DESTINATION + 8, path.outerDestination1);
    }
}
