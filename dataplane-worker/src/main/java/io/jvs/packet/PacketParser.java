package io.jvs.packet;

/**
 * Stage 2: finds out what each packet is. Fills the columns from {@link PacketBurst#ingress} to
 * {@link PacketBurst#tcpFlags}, and gives whatever is malformed its DROP verdict. Nothing is read
 * before its length has been checked. Owned by one worker's thread.
 */
public final class PacketParser {
    private final InterfaceTable interfaces;

    /** Bit of each port whose NIC has checked the IPv4 header checksums. */
    private long verifiedPorts;

    /** A parser that knows those interfaces. */
    public PacketParser(InterfaceTable interfaces) {
        this.interfaces = interfaces;
    }

    /** Says whether a port (0..63) has checked IPv4 header checksums already; at first none has. */
    public void setChecksumVerified(int port, boolean verified) {
        long bit = 1L << port;
        verifiedPorts = verified ? verifiedPorts | bit : verifiedPorts & ~bit;
    }

    /** Whether a port's NIC has checked IPv4 header checksums. */
    public boolean isChecksumVerified(int port) {
        return (verifiedPorts >>> port & 1) != 0;
    }

    /** Parses the rows whose verdict is NONE. */
    public void parse(PacketBurst burst) {
        parse(burst, false);
    }

    /**
     * Parses what the host sends by a port: frames that the port's own MAC address has sent, for
     * any receiver. {@link PacketBurst#port} is that port.
     */
    public void parseFromHost(PacketBurst burst) {
        parse(burst, true);
    }

    private void parse(PacketBurst burst, boolean fromHost) {
        burst.fragments = 0;
        for (int i = 0; i < burst.count; i++) {
            clear(burst, i);
            if (burst.verdict[i] == Verdict.NONE) {
                ethernet(burst, i, fromHost);
            }
        }
        for (int i = 0; i < burst.count; i++) {
            if (burst.verdict[i] == Verdict.NONE) {
                network(burst, i);
            }
        }
    }

    private static void clear(PacketBurst burst, int i) {
        burst.ingress[i] = -1;
        burst.kind[i] = PacketBurst.KIND_OTHER;
        burst.layer3[i] = 0;
        burst.layer4[i] = 0;
        burst.end[i] = burst.length[i];
        burst.protocol[i] = 0;
        burst.fragment[i] = 0;
        burst.ports[i] = 0;
        burst.tcpFlags[i] = 0;
        burst.sctpChunk[i] = SctpHeader.NO_CHUNK;
        burst.connection[i] = 0;
        burst.direction[i] = PacketBurst.FROM_CLIENT;
        burst.nextHop[i] = PacketBurst.NEXT_HOP_NONE;
    }

    /**
     * Link header; the ethertype goes to the protocol column until the second pass. A tag with id 0
     * is only a priority (802.1Q section 9.6).
     */
    private void ethernet(PacketBurst burst, int i, boolean fromHost) {
        int length = burst.length[i];
        if (length < EthernetHeader.BYTES) {
            burst.verdict[i] = Verdict.DROP_TRUNCATED_ETHERNET;
            return;
        }
        long frame = burst.data[i];
        int type = EthernetHeader.type(frame);
        int header = EthernetHeader.BYTES;
        int vlan = 0;
        if (type == EthernetHeader.TYPE_VLAN) {
            header += EthernetHeader.VLAN_BYTES;
            if (length < header) {
                burst.verdict[i] = Verdict.DROP_TRUNCATED_ETHERNET;
                return;
            }
            vlan = EthernetHeader.vlanId(frame);
            type = EthernetHeader.taggedType(frame);
        }
        burst.layer3[i] = header;
        burst.protocol[i] = type;
        int row = interfaces.find(burst.port[i], vlan);
        burst.ingress[i] = row;
        if (row < 0) {
            burst.verdict[i] = Verdict.DROP_UNKNOWN_VLAN;
        } else if (!fromHost) {
            burst.verdict[i] = addresses(frame, interfaces.mac(row));
        }
    }

    /** What is wrong with the MAC addresses, or NONE. */
    private static byte addresses(long frame, long mac) {
        long destination = EthernetHeader.destination(frame);
        if (destination != mac && !EthernetHeader.isGroup(destination)) {
            return Verdict.DROP_OTHER_MAC;
        }
        long source = EthernetHeader.source(frame);
        if (source == mac) {
            return Verdict.DROP_LOOP;
        }
        return EthernetHeader.isGroup(source) ? Verdict.DROP_BAD_SOURCE : Verdict.NONE;
    }

    private void network(PacketBurst burst, int i) {
        int type = burst.protocol[i];
        burst.protocol[i] = 0;
        if (type == EthernetHeader.TYPE_IPV4) {
            Ipv4Parser.parse(burst, i, isChecksumVerified(burst.port[i]));
        } else if (type == EthernetHeader.TYPE_IPV6) {
            Ipv6Parser.parse(burst, i);
        } else if (type == EthernetHeader.TYPE_ARP) {
            arp(burst, i);
        } else {
            burst.verdict[i] = Verdict.DROP_UNKNOWN_ETHERTYPE;
        }
    }

    private static void arp(PacketBurst burst, int i) {
        int at = burst.layer3[i];
        if (burst.length[i] - at < ArpHeader.BYTES
                || !ArpHeader.isEthernetIpv4(burst.data[i] + at)) {
            burst.verdict[i] = Verdict.DROP_MALFORMED_ARP;
            return;
        }
        burst.kind[i] = PacketBurst.KIND_ARP;
        burst.end[i] = at + ArpHeader.BYTES;
    }
}
