package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;

/** Sends ARP requests (RFC 826) and neighbour solicitations (RFC 4861 section 4.3). */
final class NeighborSolicitor {
    static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int ARP_BYTES = 28;
    private static final int NS_BYTES = 40 + 32;
    private static final int SHORTEST_FRAME = 60;
    private static final long SOLICITED_HIGH = 0xFF02_0000_0000_0000L;
    private static final long SOLICITED_LOW = 0x0000_0001_FF00_0000L;

    private final InterfaceTable interfaces;
    private final PacketBuffers buffers;
    private final TransmitBatch batch;
    private final PacketBurst scratch = new PacketBurst();
    private long sent;

    NeighborSolicitor(InterfaceTable interfaces, PacketBuffers buffers, TransmitBatch batch) {
        this.interfaces = interfaces;
        this.buffers = buffers;
        this.batch = batch;
    }

    /** Solicitations sent, ever. */
    long sent() {
        return sent;
    }

    /**
     * Asks who has an IPv4 address.
     *
     * @param mac whom to ask: the known MAC, or {@link #BROADCAST}
     */
    void arp(int interfaceNumber, int rawTarget, long mac) {
        int row = frame();
        if (row < 0) {
            return;
        }
        long at = scratch.data[row];
        LinkHeader.put(at, mac, interfaces, interfaceNumber, LinkHeader.ETHERTYPE_ARP);
        int header = LinkHeader.bytes(interfaces, interfaceNumber);
        long arp = at + header;
        Memory.putLongBe(arp, 0x0001_0800_0604_0001L);
        long own = interfaces.mac(interfaceNumber);
        Memory.putShortBe(arp + 8, (int) (own >>> 32));
        Memory.putIntBe(arp + 10, (int) own);
        int target = Integer.reverseBytes(rawTarget);
        Memory.putIntBe(arp + 14, interfaces.ipv4Towards(interfaceNumber, target));
        Memory.putShortBe(arp + 18, 0);
        Memory.putInt(arp + 20, 0);
        Memory.putInt(arp + 24, rawTarget);
        send(interfaceNumber, row, header + ARP_BYTES);
    }

    /**
     * Asks who has an IPv6 address, from the interface's link-local address, which every neighbour
     * can answer whatever networks it knows (RFC 4861 section 7.2.2; Linux does for what it
     * forwards).
     *
     * @param mac whom to ask: the known MAC, or {@link #BROADCAST} for the solicited-node group
     */
    void solicit(int interfaceNumber, long rawHigh, long rawLow, long mac) {
        int row = frame();
        if (row < 0) {
            return;
        }
        long at = scratch.data[row];
        boolean group = mac == BROADCAST;
        long low = Long.reverseBytes(rawLow);
        long to = group ? 0x3333_FF00_0000L | low & 0xFF_FFFFL : mac;
        LinkHeader.put(at, to, interfaces, interfaceNumber, LinkHeader.ETHERTYPE_IPV6);
        int header = LinkHeader.bytes(interfaces, interfaceNumber);
        long ip = at + header;
        Ipv6Message.header(ip, 32);
        Memory.putLongBe(ip + 8, InterfaceTable.LINK_LOCAL_HIGH);
        long own = interfaces.mac(interfaceNumber);
        Memory.putLongBe(ip + 16, InterfaceTable.linkLocalLow(own));
        Memory.putLongBe(ip + 24, group ? SOLICITED_HIGH : Long.reverseBytes(rawHigh));
        Memory.putLongBe(ip + 32, group ? SOLICITED_LOW | low & 0xFF_FFFFL : low);
        Memory.putIntBe(ip + 40, Ipv6Message.NEIGHBOR_SOLICITATION << 24);
        Memory.putInt(ip + 44, 0);
        Memory.putLong(ip + 48, rawHigh);
        Memory.putLong(ip + 56, rawLow);
        Ipv6Message.linkLayerOption(ip + 64, 1, own);
        Ipv6Message.checksum(ip, 32);
        send(interfaceNumber, row, header + NS_BYTES);
    }

    private int frame() {
        scratch.clear();
        return buffers.allocate(scratch);
    }

    private void send(int interfaceNumber, int row, int bytes) {
        int padded = Math.max(bytes, SHORTEST_FRAME);
        Memory.fill(scratch.data[row] + bytes, padded - bytes, 0);
        long handle = scratch.handle[row];
        if (batch.add(interfaces.port(interfaceNumber), handle, scratch.data[row], padded)) {
            sent++;
        } else {
            buffers.free(handle);
        }
    }
}
