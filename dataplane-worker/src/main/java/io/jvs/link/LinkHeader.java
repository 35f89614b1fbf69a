package io.jvs.link;

import io.jvs.memory.Memory;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBurst;

/** Writes Ethernet headers, with an 802.1Q tag where the interface has a VLAN. */
final class LinkHeader {
    static final int ETHERTYPE_IPV4 = 0x0800;
    static final int ETHERTYPE_ARP = 0x0806;
    static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_VLAN = 0x8100;

    private LinkHeader() {}

    /** Bytes of a header on that interface: 14, or 18 with a tag. */
    static int bytes(InterfaceTable interfaces, int interfaceNumber) {
        return interfaces.vlan(interfaceNumber) == 0 ? 14 : 18;
    }

    /**
     * Puts a header in front of the IP packet of row {@code i}, moving the frame's start.
     *
     * @return false when there is not enough room in front
     */
    static boolean write(
            PacketBurst burst, int i, InterfaceTable interfaces, int interfaceNumber, long mac) {
        int move = burst.layer3[i] - bytes(interfaces, interfaceNumber);
        if (burst.headroom[i] + move < 0) {
            return false;
        }
        burst.moveStart(i, move);
        burst.layer3[i] -= move;
        int version = Memory.getByte(burst.data[i] + burst.layer3[i]) >>> 4 & 0xF;
        int type = version == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
        put(burst.data[i], mac, interfaces, interfaceNumber, type);
        return true;
    }

    /** Writes a header at {@code at}. */
    static void put(long at, long mac, InterfaceTable interfaces, int interfaceNumber, int type) {
        long own = interfaces.mac(interfaceNumber);
        Memory.putLongBe(at, mac << 16 | own >>> 32);
        Memory.putIntBe(at + 8, (int) own);
        int vlan = interfaces.vlan(interfaceNumber);
        if (vlan == 0) {
            Memory.putShortBe(at + 12, type);
        } else {
            Memory.putIntBe(at + 12, ETHERTYPE_VLAN << 16 | vlan);
            Memory.putShortBe(at + 16, type);
        }
    }

    /** Turns a received frame's header round: its sender becomes the destination. */
    static void turnRound(long at, long ownMac) {
        Memory.putLongBe(at, source(at) << 16 | ownMac >>> 32);
        Memory.putIntBe(at + 8, (int) ownMac);
    }

    /** The source MAC of the frame at {@code at}. */
    static long source(long at) {
        return (long) Memory.getUnsignedShortBe(at + 6) << 32 | Memory.getUnsignedIntBe(at + 8);
    }
}
