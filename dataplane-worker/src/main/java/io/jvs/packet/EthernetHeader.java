package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * An Ethernet II header (RFC 894) at an address. MAC addresses are 48 bits with the first byte of
 * the wire in bits 47..40; ethertypes are 16 bits in host order.
 */
public final class EthernetHeader {
    /** Bytes of an untagged header. */
    public static final int BYTES = 14;

    /** Bytes that an 802.1Q tag adds. */
    public static final int VLAN_BYTES = 4;

    /** Ethertype of IPv4. */
    public static final int TYPE_IPV4 = 0x0800;

    /** Ethertype of ARP. */
    public static final int TYPE_ARP = 0x0806;

    /** Ethertype of an 802.1Q tag. */
    public static final int TYPE_VLAN = 0x8100;

    /** Ethertype of IPv6. */
    public static final int TYPE_IPV6 = 0x86DD;

    /** The broadcast address. */
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    /** The bit of a 48-bit address that says it is a group's. */
    public static final long GROUP_BIT = 1L << 40;

    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int TAG = 14;
    private static final int TAGGED_TYPE = 16;
    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final int VLAN_ID_MASK = 0xFFF;

    private EthernetHeader() {}

    /** Destination MAC. */
    public static long destination(long header) {
        return Memory.getLongBe(header) >>> 16;
    }

    /** Source MAC. */
    public static long source(long header) {
        return Memory.getLongBe(header + SOURCE - 2) & MAC_MASK;
    }

    /** Ethertype, or that of the tag. */
    public static int type(long header) {
        return Memory.getUnsignedShortBe(header + TYPE);
    }

    /** VLAN id, 12 bits, of a tagged header. */
    public static int vlanId(long header) {
        return Memory.getUnsignedShortBe(header + TAG) & VLAN_ID_MASK;
    }

    /** Ethertype behind the tag of a tagged header. */
    public static int taggedType(long header) {
        return Memory.getUnsignedShortBe(header + TAGGED_TYPE);
    }

    /** Whether a MAC is a group's (multicast or broadcast). */
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    /** Bytes of a header on an interface with that VLAN (0: none). */
    public static int bytes(int vlan) {
        return vlan == 0 ? BYTES : BYTES + VLAN_BYTES;
    }

    /** Writes both addresses; the rest is kept. */
    public static void putAddresses(long header, long destination, long source) {
        Memory.putLongBe(header, destination << 16 | source >>> 32);
        Memory.putIntBe(header + 8, (int) source);
    }

    /** Writes a whole header, {@link #bytes} long: VLAN 0 makes an untagged one. */
    public static void write(long header, long destination, long source, int vlan, int type) {
        putAddresses(header, destination, source);
        if (vlan == 0) {
            Memory.putShortBe(header + TYPE, type);
        } else {
            Memory.putShortBe(header + TYPE, TYPE_VLAN);
            Memory.putShortBe(header + TAG, vlan);
            Memory.putShortBe(header + TAGGED_TYPE, type);
        }
    }
}
