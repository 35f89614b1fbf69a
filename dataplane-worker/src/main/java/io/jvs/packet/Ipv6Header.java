package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * An IPv6 header (RFC 8200) at an address. Addresses are two raw words each, as they lie in the
 * packet; everything else is in host order.
 */
public final class Ipv6Header {
    /** Bytes of the header. */
    public static final int BYTES = 40;

    /** Offset of the payload length, 16 bits. */
    public static final int PAYLOAD_LENGTH = 4;

    /** Offset of the next header's number. */
    public static final int NEXT_HEADER = 6;

    /** Offset of the hop limit. */
    public static final int HOP_LIMIT = 7;

    /** Offset of the source address, 16 bytes. */
    public static final int SOURCE = 8;

    /** Offset of the destination address, 16 bytes. */
    public static final int DESTINATION = 24;

    /** Next header number of hop-by-hop options. */
    public static final int NEXT_HOP_BY_HOP = 0;

    /** Next header number of a routing header. */
    public static final int NEXT_ROUTING = 43;

    /** Next header number of a fragment header. */
    public static final int NEXT_FRAGMENT = 44;

    /** Next header number of ICMPv6. */
    public static final int NEXT_ICMP = 58;

    /** Next header number: nothing follows. */
    public static final int NEXT_NONE = 59;

    /** Next header number of destination options. */
    public static final int NEXT_DESTINATION_OPTIONS = 60;

    /** Every IPv6 link carries this much (RFC 8200 section 5). */
    public static final int MINIMUM_MTU = 1280;

    private static final int VERSION_6 = 0x6000_0000;

    private Ipv6Header() {}

    /** Bytes behind this header. */
    public static int payloadLength(long header) {
        return Memory.getUnsignedShortBe(header + PAYLOAD_LENGTH);
    }

    /** Number of the next header. */
    public static int nextHeader(long header) {
        return Memory.getUnsignedByte(header + NEXT_HEADER);
    }

    /** Hop limit. */
    public static int hopLimit(long header) {
        return Memory.getUnsignedByte(header + HOP_LIMIT);
    }

    /** Bytes 0..7 of the source, raw. */
    public static long sourceHigh(long header) {
        return Memory.getLong(header + SOURCE);
    }

    /** Bytes 8..15 of the source, raw. */
    public static long sourceLow(long header) {
        return Memory.getLong(header + SOURCE + 8);
    }

    /** Bytes 0..7 of the destination, raw. */
    public static long destinationHigh(long header) {
        return Memory.getLong(header + DESTINATION);
    }

    /** Bytes 8..15 of the destination, raw. */
    public static long destinationLow(long header) {
        return Memory.getLong(header + DESTINATION + 8);
    }

    /** Whether a raw high word is a multicast address's (ff00::/8). */
    public static boolean isMulticast(long rawHigh) {
        return (rawHigh & 0xFF) == 0xFF;
    }

    /** Whether a raw high word is a link-local address's (fe80::/10). */
    public static boolean isLinkLocal(long rawHigh) {
        return (rawHigh & 0xC0FF) == 0x80FE;
    }

    /** Writes the first 8 bytes: version, traffic class and flow label 0, the rest as given. */
    public static void writeStart(long header, int payloadLength, int nextHeader, int hopLimit) {
        Memory.putIntBe(header, VERSION_6);
        Memory.putShortBe(header + PAYLOAD_LENGTH, payloadLength);
        Memory.putByte(header + NEXT_HEADER, nextHeader);
        Memory.putByte(header + HOP_LIMIT, hopLimit);
    }

    /** Writes the source address, raw words. */
    public static void putSource(long header, long rawHigh, long rawLow) {
        Memory.putLong(header + SOURCE, rawHigh);
        Memory.putLong(header + SOURCE + 8, rawLow);
    }

    /** Writes the destination address, raw words. */
    public static void putDestination(long header, long rawHigh, long rawLow) {
        Memory.putLong(header + DESTINATION, rawHigh);
        Memory.putLong(header + DESTINATION + 8, rawLow);
    }
}
