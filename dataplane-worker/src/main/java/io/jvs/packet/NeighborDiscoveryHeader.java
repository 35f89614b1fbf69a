package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * A neighbour solicitation or advertisement (RFC 4861 sections 4.3, 4.4, 4.6.1) at the address of
 * its ICMPv6 header. IPv6 addresses are raw words; MAC addresses 48 bits, first byte of the wire in
 * bits 47..40.
 */
public final class NeighborDiscoveryHeader {
    /** Bytes without options. */
    public static final int BYTES = 24;

    /** Bytes of a link-layer address option for Ethernet. */
    public static final int LINK_ADDRESS_OPTION_BYTES = 8;

    /** Option: link-layer address of the sender. */
    public static final int OPTION_SOURCE = 1;

    /** Option: link-layer address of the target. */
    public static final int OPTION_TARGET = 2;

    /** Advertisement flag in the 32 bits behind the checksum, host order: from a router. */
    public static final int ROUTER = 1 << 31;

    /** Advertisement flag: answers a solicitation. */
    public static final int SOLICITED = 1 << 30;

    /** Advertisement flag: replaces a known link-layer address. */
    public static final int OVERRIDE = 1 << 29;

    /** The hop limit that neighbour discovery packets have. */
    public static final int HOP_LIMIT = 255;

    /** {@link #linkAddress}: there is no such option. */
    public static final long NO_LINK_ADDRESS = 0;

    private static final int TARGET = 8;
    private static final int OPTION_UNIT_SHIFT = 3;

    private NeighborDiscoveryHeader() {}

    /** Flags of an advertisement. */
    public static int flags(long header) {
        return Memory.getIntBe(header + IcmpHeader.REST);
    }

    /** Bytes 0..7 of the target address, raw. */
    public static long targetHigh(long header) {
        return Memory.getLong(header + TARGET);
    }

    /** Bytes 8..15 of the target address, raw. */
    public static long targetLow(long header) {
        return Memory.getLong(header + TARGET + 8);
    }

    /**
     * Whether every option from {@code options} to {@code end} has a length that is not 0 and lies
     * within (RFC 4861 sections 7.1.1 and 7.1.2).
     */
    public static boolean areOptionsWhole(long options, long end) {
        long at = options;
        while (at < end) {
            if (end - at < 2) {
                return false;
            }
            int bytes = optionBytes(at);
            if (bytes == 0 || bytes > end - at) {
                return false;
            }
            at += bytes;
        }
        return true;
    }

    private static int optionBytes(long option) {
        return Memory.getUnsignedByte(option + 1) << OPTION_UNIT_SHIFT;
    }

    /**
     * The MAC of the first link-layer address option of that type, or {@link #NO_LINK_ADDRESS}; the
     * options are whole.
     */
    public static long linkAddress(long options, long end, int type) {
        for (long at = options; at < end; at += optionBytes(at)) {
            if (Memory.getUnsignedByte(at) == type
                    && optionBytes(at) == LINK_ADDRESS_OPTION_BYTES) {
                return Memory.getLongBe(at) & 0xFFFF_FFFF_FFFFL;
            }
        }
        return NO_LINK_ADDRESS;
    }

    /**
     * Writes a message with one link-layer address option, {@link #BYTES} + {@link
     * #LINK_ADDRESS_OPTION_BYTES} long, checksum 0.
     *
     * @param type neighbour solicitation or advertisement
     * @param flags of an advertisement, 0 for a solicitation
     */
    public static void write(
            long header, int type, int flags, long targetHigh, long targetLow, long mac) {
        IcmpHeader.write(header, type, 0, flags);
        Memory.putLong(header + TARGET, targetHigh);
        Memory.putLong(header + TARGET + 8, targetLow);
        int option = type == IcmpHeader.V6_NEIGHBOR_SOLICITATION ? OPTION_SOURCE : OPTION_TARGET;
        Memory.putLongBe(header + BYTES, (long) option << 56 | 1L << 48 | mac);
    }
}
