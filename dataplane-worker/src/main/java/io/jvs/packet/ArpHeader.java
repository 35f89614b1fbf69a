package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * An ARP packet for Ethernet and IPv4 (RFC 826) at an address. MAC addresses are 48 bits, first
 * byte of the wire in bits 47..40; IPv4 addresses are raw words, as they lie in the packet.
 */
public final class ArpHeader {
    /** Bytes of the packet. */
    public static final int BYTES = 28;

    /** Operation: request. */
    public static final int REQUEST = 1;

    /** Operation: reply. */
    public static final int REPLY = 2;

    /** Hardware type 1, protocol type 0x0800, address lengths 6 and 4: the first 6 bytes. */
    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;
    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;

    private ArpHeader() {}

    /** Whether the types and address lengths are those of Ethernet and IPv4. */
    public static boolean isEthernetIpv4(long header) {
        return Memory.getLongBe(header) >>> 16 == ETHERNET_IPV4;
    }

    /** {@link #REQUEST}, {@link #REPLY} or something else, 16 bits. */
    public static int operation(long header) {
        return Memory.getUnsignedShortBe(header + OPERATION);
    }

    /** Sender's MAC. */
    public static long senderMac(long header) {
        return Memory.getLongBe(header + SENDER_MAC) >>> 16;
    }

    /** Sender's IPv4 address, raw. */
    public static int senderIp(long header) {
        return Memory.getInt(header + SENDER_IP);
    }

    /** Target's MAC. */
    public static long targetMac(long header) {
        return Memory.getLongBe(header + TARGET_MAC - 2) & MAC_MASK;
    }

    /** Target's IPv4 address, raw. */
    public static int targetIp(long header) {
        return Memory.getInt(header + TARGET_IP);
    }

    /** Writes a whole packet. */
    public static void write(
            long header, int operation, long senderMac, int senderIp, long targetMac, int target) {
        Memory.putLongBe(header, ETHERNET_IPV4 << 16 | operation);
        Memory.putLongBe(header + SENDER_MAC, senderMac << 16);
        Memory.putInt(header + SENDER_IP, senderIp);
        Memory.putLongBe(header + TARGET_MAC, targetMac << 16);
        Memory.putInt(header + TARGET_IP, target);
    }
}
