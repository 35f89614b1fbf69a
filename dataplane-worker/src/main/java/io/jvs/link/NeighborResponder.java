package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.IcmpHeader;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.NeighborDiscoveryHeader;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/** Answers ARP (RFC 826) and neighbour solicitations (RFC 4861), and learns from both. */
final class NeighborResponder {
    private static final int ARP_BYTES = 28;
    private static final long ARP_ETHERNET_IPV4 = 0x0001_0800_0604L;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int LOOPBACK = 127;
    private static final int FIRST_GROUP = 224;
    private static final int ND_BYTES = 24;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final int SOLICITED_OVERRIDE = 0x6000_0000;
    private static final int OVERRIDE = 0x2000_0000;
    private static final long ALL_NODES_HIGH = 0xFF02_0000_0000_0000L;

    /** Upper 40 bits of the low half of a solicited-node group's address. */
    private static final long SOLICITED_NODE_LOW = 0x1_FFL;

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
        if (operation == REQUEST && senderIp == Memory.getInt(arp + 24) && !forUs) {
            burst.verdict[i] = taken(burst, i);
        } else if (operation == REQUEST) {
            request(burst, i, arp, forUs);
        } else if (operation == REPLY) {
            burst.verdict[i] = taken(burst, i);
        } else {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ARP;
        }
    }

    private void learn4(int ingress, int ip, long mac, boolean create, int nowTicks) {
        if (isNobody(ip) || (mac & 1L << 40) != 0 || mac == 0) {
            return;
        }
        if (create) {
            neighbors.learnAsker4(ingress, ip, mac, nowTicks);
        } else {
            neighbors.learn(neighbors.known4(ingress, ip), mac, nowTicks);
        }
    }

    /** Whether no host has this address (raw): 0/8, loopback, multicast, reserved. */
    private static boolean isNobody(int ip) {
        int first = ip & 0xFF;
        return first == 0 || first == LOOPBACK || first >= FIRST_GROUP;
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

    /** One neighbour discovery packet; the parser has checked hop limit, code and checksum. */
    void discovery(PacketBurst burst, int i, int nowTicks) {
        long ip = burst.data[i] + burst.layer3[i];
        long icmp = burst.data[i] + burst.layer4[i];
        int type = IcmpHeader.type(icmp);
        boolean solicits = type == IcmpHeader.V6_NEIGHBOR_SOLICITATION;
        if (!solicits && type != IcmpHeader.V6_NEIGHBOR_ADVERTISEMENT) {
            burst.verdict[i] = taken(burst, i);
        } else if (!isWhole(icmp, burst.end[i] - burst.layer4[i])) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
        } else if (solicits) {
            solicitation(burst, i, ip, icmp, nowTicks);
        } else {
            advertisement(burst, i, icmp, nowTicks);
        }
    }

    /** What the validations of RFC 4861 sections 7.1.1 and 7.1.2 share beyond the parser's. */
    private static boolean isWhole(long icmp, int bytes) {
        return bytes >= ND_BYTES
                && !Ipv6Header.isMulticast(NeighborDiscoveryHeader.targetHigh(icmp))
                && NeighborDiscoveryHeader.areOptionsWhole(icmp + ND_BYTES, icmp + bytes);
    }

    private void solicitation(PacketBurst burst, int i, long ip, long icmp, int nowTicks) {
        long sourceHigh = Ipv6Header.sourceHigh(ip);
        long sourceLow = Ipv6Header.sourceLow(ip);
        boolean unspecified = (sourceHigh | sourceLow) == 0;
        long mac = linkLayer(burst, i, NeighborDiscoveryHeader.OPTION_SOURCE);
        if (unspecified && (mac != 0 || !isSolicitedNode(ip))) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
            return;
        }
        long targetHigh = NeighborDiscoveryHeader.targetHigh(icmp);
        if (own.flags6(targetHigh, NeighborDiscoveryHeader.targetLow(icmp)) == 0) {
            burst.verdict[i] = notOurs(burst, i, targetHigh);
            return;
        }
        if (mac != 0) {
            neighbors.learnAsker6(burst.ingress[i], sourceHigh, sourceLow, mac, nowTicks);
        }
        advertise(burst, i, ip, unspecified);
    }

    /** The host's kernel may have made itself a link-local address that we do not know. */
    private byte notOurs(PacketBurst burst, int i, long targetHigh) {
        return hasHost[burst.port[i]] && Ipv6Header.isLinkLocal(targetHigh)
                ? Verdict.EXCEPTION
                : Verdict.DROP_NOT_OURS;
    }

    /** Whether it goes to a solicited-node group, ff02::1:ff00:0/104 (RFC 4291 section 2.7.1). */
    private static boolean isSolicitedNode(long ip) {
        long low = Long.reverseBytes(Ipv6Header.destinationLow(ip));
        return Long.reverseBytes(Ipv6Header.destinationHigh(ip)) == ALL_NODES_HIGH
                && low >>> 24 == SOLICITED_NODE_LOW;
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

    /**
     * A neighbour says what its MAC address is (RFC 4861 section 7.2.5): another one than we use is
     * believed only with the override flag.
     */
    private void advertisement(PacketBurst burst, int i, long icmp, int nowTicks) {
        int flags = NeighborDiscoveryHeader.flags(icmp);
        boolean toGroup = EthernetHeader.isGroup(EthernetHeader.destination(burst.data[i]));
        if (toGroup && (flags & NeighborDiscoveryHeader.SOLICITED) != 0) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ND;
            return;
        }
        long option = linkLayer(burst, i, NeighborDiscoveryHeader.OPTION_TARGET);
        long mac = option != 0 ? option : LinkHeader.source(burst.data[i]);
        int index =
                neighbors.known6(
                        burst.ingress[i],
                        NeighborDiscoveryHeader.targetHigh(icmp),
                        NeighborDiscoveryHeader.targetLow(icmp));
        boolean override = (flags & NeighborDiscoveryHeader.OVERRIDE) != 0;
        if (index >= 0
                && (override || !neighbors.isResolved(index) || neighbors.mac(index) == mac)) {
            neighbors.learn(index, mac, nowTicks);
        }
        burst.verdict[i] = taken(burst, i);
    }

    /** The MAC address in an option of that type, 0 for none or a group's; options are whole. */
    private static long linkLayer(PacketBurst burst, int i, int type) {
        long options = burst.data[i] + burst.layer4[i] + ND_BYTES;
        long end = burst.data[i] + burst.end[i];
        long mac = NeighborDiscoveryHeader.linkAddress(options, end, type);
        return EthernetHeader.isGroup(mac) ? 0 : mac;
    }
}
