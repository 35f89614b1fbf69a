package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/** Answers ARP (RFC 826) and neighbour solicitations (RFC 4861), and learns from both. */
final class NeighborResponder {
    private static final int ARP_BYTES = 28;
    private static final long ARP_ETHERNET_IPV4 = 0x0001_0800_0604L;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int ND_BYTES = 24;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final int HOP_LIMIT = 255;
    private static final int SOLICITED_OVERRIDE = 0x6000_0000;
    private static final int OVERRIDE = 0x2000_0000;
    private static final long ALL_NODES_HIGH = 0xFF02_0000_0000_0000L;
    private static final long ALL_NODES_MAC = 0x3333_0000_0001L;

    private final InterfaceTable interfaces;
    private final OwnAddresses own;
    private final NeighborTable neighbors;
    private final boolean[] hasHost;

    NeighborResponder(
            InterfaceTable interfaces,
            OwnAddresses own,
            NeighborTable neighbors,
            boolean[] hasHost) {
        this.interfaces = interfaces;
        this.own = own;
        this.neighbors = neighbors;
        this.hasHost = hasHost;
    }

    /** One ARP packet. */
    void arp(PacketBurst burst, int i, int nowTicks) {
        long arp = burst.data[i] + burst.layer3[i];
        if (burst.length[i] - burst.layer3[i] < ARP_BYTES
                || Memory.getLongBe(arp) >>> 16 != ARP_ETHERNET_IPV4) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ARP;
            return;
        }
        long sender = mac(arp + 8);
        int ingress = burst.ingress[i];
        if (sender == interfaces.mac(ingress)) {
            burst.verdict[i] = Verdict.DROP_LOOP;
            return;
        }
        int operation = Memory.getUnsignedShortBe(arp + 6);
        int senderIp = Memory.getInt(arp + 14);
        boolean forUs = own.flags4(Memory.getInt(arp + 24)) != 0;
        learn4(ingress, senderIp, sender, forUs && operation == REQUEST, nowTicks);
        if (operation == REQUEST) {
            request(burst, i, arp, forUs);
        } else if (operation == REPLY) {
            burst.verdict[i] = taken(burst, i);
        } else {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ARP;
        }
    }

    private void learn4(int ingress, int ip, long mac, boolean create, int nowTicks) {
        if (ip == 0 || (mac & 1L << 40) != 0 || mac == 0) {
            return;
        }
        int index =
                create
                        ? neighbors.index4(ingress, ip)
                        : neighbors.known(ingress, 0, Integer.toUnsignedLong(ip));
        if (index >= 0) {
            neighbors.learn(index, mac, nowTicks);
        }
    }

    private void request(PacketBurst burst, int i, long arp, boolean forUs) {
        if (!forUs) {
            burst.verdict[i] = Verdict.DROP_NOT_OURS;
            return;
        }
        long ownMac = interfaces.mac(burst.ingress[i]);
        int target = Memory.getInt(arp + 24);
        Memory.copy(arp + 8, arp + 18, 10);
        Memory.putShortBe(arp + 6, REPLY);
        Memory.putShortBe(arp + 8, (int) (ownMac >>> 32));
        Memory.putIntBe(arp + 10, (int) ownMac);
        Memory.putInt(arp + 14, target);
        LinkHeader.turnRound(burst.data[i], ownMac);
        replied(burst, i);
    }

    private static void replied(PacketBurst burst, int i) {
        burst.verdict[i] = Verdict.REPLIED;
        burst.nextHop[i] = PacketBurst.NEXT_HOP_DONE;
    }

    private static long mac(long at) {
        return (long) Memory.getUnsignedShortBe(at) << 32 | Memory.getUnsignedIntBe(at + 2);
    }

    /** What told us something: the host's kernel may want it too. */
    private byte taken(PacketBurst burst, int i) {
        return hasHost[burst.port[i]] ? Verdict.EXCEPTION : Verdict.CONSUMED;
    }

    /** One neighbour discovery packet. */
    void discovery(PacketBurst burst, int i, int nowTicks) {
        long ip = burst.data[i] + burst.layer3[i];
        long icmp = burst.data[i] + burst.layer4[i];
        int bytes = burst.end[i] - burst.layer4[i];
        int type = bytes < 4 ? 0 : Memory.getUnsignedByte(icmp);
        boolean neighborMessage =
                type == Ipv6Message.NEIGHBOR_SOLICITATION
                        || type == Ipv6Message.NEIGHBOR_ADVERTISEMENT;
        if (!neighborMessage) {
            burst.verdict[i] = taken(burst, i);
        } else if (bytes < ND_BYTES
                || Memory.getUnsignedByte(ip + 7) != HOP_LIMIT
                || Memory.getUnsignedByte(icmp + 1) != 0) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
        } else if (type == Ipv6Message.NEIGHBOR_SOLICITATION) {
            solicitation(burst, i, ip, icmp, nowTicks);
        } else {
            advertisement(burst, i, icmp, nowTicks);
        }
    }

    private void solicitation(PacketBurst burst, int i, long ip, long icmp, int nowTicks) {
        if (own.flags6(Memory.getLong(icmp + 8), Memory.getLong(icmp + 16)) == 0) {
            burst.verdict[i] = Verdict.DROP_NOT_OURS;
            return;
        }
        long sourceHigh = Memory.getLong(ip + 8);
        long sourceLow = Memory.getLong(ip + 16);
        boolean unspecified = (sourceHigh | sourceLow) == 0;
        long option = linkLayer(icmp, burst.end[i] - burst.layer4[i], 1);
        if (!unspecified && option > 0) {
            int index = neighbors.index6(burst.ingress[i], sourceHigh, sourceLow);
            if (index >= 0) {
                neighbors.learn(index, option, nowTicks);
            }
        }
        advertise(burst, i, ip, unspecified);
    }

    /** Makes the advertisement in the solicitation's place, with a fresh 40-byte header. */
    private void advertise(PacketBurst burst, int i, long ip, boolean unspecified) {
        int frameEnd = burst.layer3[i] + 40 + ADVERTISEMENT_BYTES;
        if (frameEnd > burst.length[i] + burst.tailroom[i]) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
            return;
        }
        long icmp = burst.data[i] + burst.layer4[i];
        long targetHigh = Memory.getLong(icmp + 8);
        long targetLow = Memory.getLong(icmp + 16);
        long toHigh = unspecified ? Long.reverseBytes(ALL_NODES_HIGH) : Memory.getLong(ip + 8);
        long toLow = unspecified ? Long.reverseBytes(1L) : Memory.getLong(ip + 16);
        long ownMac = interfaces.mac(burst.ingress[i]);
        Ipv6Message.header(ip, ADVERTISEMENT_BYTES);
        Memory.putLong(ip + 8, targetHigh);
        Memory.putLong(ip + 16, targetLow);
        Memory.putLong(ip + 24, toHigh);
        Memory.putLong(ip + 32, toLow);
        Memory.putIntBe(ip + 40, Ipv6Message.NEIGHBOR_ADVERTISEMENT << 24);
        Memory.putIntBe(ip + 44, unspecified ? OVERRIDE : SOLICITED_OVERRIDE);
        Memory.putLong(ip + 48, targetHigh);
        Memory.putLong(ip + 56, targetLow);
        Ipv6Message.linkLayerOption(ip + 64, 2, ownMac);
        Ipv6Message.checksum(ip, ADVERTISEMENT_BYTES);
        LinkHeader.turnRound(burst.data[i], ownMac);
        if (unspecified) {
            Memory.putLongBe(burst.data[i], ALL_NODES_MAC << 16 | ownMac >>> 32);
        }
        burst.length[i] = frameEnd;
        replied(burst, i);
    }

    private void advertisement(PacketBurst burst, int i, long icmp, int nowTicks) {
        long high = Memory.getLong(icmp + 8);
        long low = Memory.getLong(icmp + 16);
        long mac = linkLayer(icmp, burst.end[i] - burst.layer4[i], 2);
        int index = neighbors.known(burst.ingress[i], high, low);
        if (index >= 0) {
            neighbors.learn(index, mac > 0 ? mac : LinkHeader.source(burst.data[i]), nowTicks);
        }
        burst.verdict[i] = taken(burst, i);
    }

    /** The MAC address in a link-layer option of that type, 0 for none; every length is checked. */
    private static long linkLayer(long icmp, int bytes, int wanted) {
        int at = ND_BYTES;
        while (at + 8 <= bytes) {
            int length = Memory.getUnsignedByte(icmp + at + 1) * 8;
            if (length == 0) {
                return 0;
            }
            if (Memory.getUnsignedByte(icmp + at) == wanted) {
                long mac = mac(icmp + at + 2);
                return (mac & 1L << 40) == 0 ? mac : 0;
            }
            at += length;
        }
        return 0;
    }
}
