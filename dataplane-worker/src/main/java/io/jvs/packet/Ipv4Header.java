package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * An IPv4 header (RFC 791) at an address. Addresses are raw words, as they lie in the packet;
 * everything else is in host order.
 */
public final class Ipv4Header {
    /** Bytes of a header without options. */
    public static final int BYTES = 20;

    /** Offset of the type of service. */
    public static final int TOS = 1;

    /** Offset of the total length, 16 bits. */
    public static final int TOTAL_LENGTH = 2;

    /** Offset of the identification, 16 bits. */
    public static final int ID = 4;

    /** Offset of flags and fragment offset, 16 bits. */
    public static final int FRAGMENT = 6;

    /** Offset of the time to live. */
    public static final int TTL = 8;

    /** Offset of the protocol. */
    public static final int PROTOCOL = 9;

    /** Offset of the header checksum, 16 bits. */
    public static final int CHECKSUM = 10;

    /** Offset of the source address. */
    public static final int SOURCE = 12;

    /** Offset of the destination address. */
    public static final int DESTINATION = 16;

    /** In the word at {@link #FRAGMENT}: don't fragment. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** In the word at {@link #FRAGMENT}: more fragments. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** In the word at {@link #FRAGMENT}: the offset in units of 8 bytes. */
    public static final int OFFSET_MASK = 0x1FFF;

    /** Protocol number of ICMP. */
    public static final int PROTOCOL_ICMP = 1;

    /** Protocol number of TCP. */
    public static final int PROTOCOL_TCP = 6;

    /** Protocol number of UDP. */
    public static final int PROTOCOL_UDP = 17;

    /** Protocol number of SCTP. */
    public static final int PROTOCOL_SCTP = 132;

    private static final int VERSION_4 = 0x40;

    private Ipv4Header() {}

    /** The version, 4 bits; also of an IPv6 header. */
    public static int version(long header) {
        return Memory.getUnsignedByte(header) >>> 4;
    }

    /** Bytes of the header with its options: 0 to 60 (not checked). */
    public static int headerBytes(long header) {
        return (Memory.getByte(header) & 0xF) << 2;
    }

    /** Type of service, 8 bits. */
    public static int tos(long header) {
        return Memory.getUnsignedByte(header + TOS);
    }

    /** Bytes of the packet with its header. */
    public static int totalLength(long header) {
        return Memory.getUnsignedShortBe(header + TOTAL_LENGTH);
    }

    /** Identification, 16 bits. */
    public static int id(long header) {
        return Memory.getUnsignedShortBe(header + ID);
    }

    /** Flags and fragment offset, 16 bits. */
    public static int fragment(long header) {
        return Memory.getUnsignedShortBe(header + FRAGMENT);
    }

    /** Time to live. */
    public static int ttl(long header) {
        return Memory.getUnsignedByte(header + TTL);
    }

    /** Protocol number. */
    public static int protocol(long header) {
        return Memory.getUnsignedByte(header + PROTOCOL);
    }

    /** Source address, raw. */
    public static int source(long header) {
        return Memory.getInt(header + SOURCE);
    }

    /** Destination address, raw. */
    public static int destination(long header) {
        return Memory.getInt(header + DESTINATION);
    }

    /** Source in the low, destination in the high 32 bits, raw: key word 0 of a burst. */
    public static long addresses(long header) {
        return Memory.getLong(header + SOURCE);
    }

    /** Changes the time to live and brings the checksum up to date (RFC 1624). */
    public static void changeTtl(long header, int ttl) {
        int before = Memory.getUnsignedShort(header + TTL);
        Memory.putByte(header + TTL, ttl);
        int after = Memory.getUnsignedShort(header + TTL);
        int checksum = Memory.getUnsignedShort(header + CHECKSUM);
        Memory.putShort(header + CHECKSUM, InternetChecksum.update16(checksum, before, after));
    }

    /**
     * Writes the first 12 bytes of a header without options, not fragmented, DF clear; the checksum
     * is 0. Addresses and checksum are the caller's to write.
     *
     * @param tosAndId type of service in bits 23..16, identification in bits 15..0
     * @param totalLength bytes of the packet
     */
    public static void writeStart(
            long header, int tosAndId, int totalLength, int ttl, int protocol) {
        Memory.putByte(header, VERSION_4 | BYTES >> 2);
        Memory.putByte(header + TOS, tosAndId >>> 16);
        Memory.putShortBe(header + TOTAL_LENGTH, totalLength);
        Memory.putShortBe(header + ID, tosAndId);
        Memory.putShort(header + FRAGMENT, 0);
        Memory.putByte(header + TTL, ttl);
        Memory.putByte(header + PROTOCOL, protocol);
        Memory.putShort(header + CHECKSUM, 0);
    }
}
