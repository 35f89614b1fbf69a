package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Walks IPv6 extension headers (RFC 8200 section 4) with bounds: hop-by-hop options (only first),
 * routing (only with no segment left, never type 0: RFC 5095) and destination options are passed.
 */
public final class ExtensionHeaders {
    /** The headers go beyond the end. */
    public static final long TRUNCATED = -1;

    /** A header that may not be there, a routing header with segments left, or too many. */
    public static final long REFUSED = -2;

    /** An embedded packet is a fragment, but not the first. */
    public static final long FRAGMENT = -3;

    /** More headers than this are refused. */
    private static final int MOST = 8;

    private static final int FRAGMENT_BYTES = 8;
    private static final int FRAGMENT_OFFSET_MASK = 0xFFF8;

    private ExtensionHeaders() {}

    /**
     * Passes the headers of a packet, up to a fragment header.
     *
     * @param at address behind the IPv6 header
     * @param nextHeader the IPv6 header's next header number
     * @param end address of the packet's end
     * @return bytes passed in the low 32 bits and the number of the header that follows in bits
     *     39..32; or {@link #TRUNCATED} or {@link #REFUSED}
     */
    public static long skip(long at, int nextHeader, long end) {
        return isPassed(nextHeader, false)
                ? walk(at, nextHeader, end, false)
                : (long) nextHeader << 32;
    }

    /** The same for a packet in an ICMPv6 error: a first fragment's header is passed as well. */
    public static long skipEmbedded(long at, int nextHeader, long end) {
        return isPassed(nextHeader, true)
                ? walk(at, nextHeader, end, true)
                : (long) nextHeader << 32;
    }

    /** Bytes passed, of a result that is not negative. */
    public static int bytes(long result) {
        return (int) result;
    }

    /** The number of the header that follows, of a result that is not negative. */
    public static int protocol(long result) {
        return (int) (result >>> 32);
    }

    private static boolean isPassed(int number, boolean embedded) {
        return number == Ipv6Header.NEXT_HOP_BY_HOP
                || number == Ipv6Header.NEXT_ROUTING
                || number == Ipv6Header.NEXT_FRAGMENT && embedded
                || number == Ipv6Header.NEXT_DESTINATION_OPTIONS;
    }

    private static long walk(long start, int first, long end, boolean embedded) {
        long at = start;
        int number = first;
        for (int passed = 0; passed < MOST; passed++) {
            long bytes = headerBytes(at, number, end, embedded);
            if (bytes < 0) {
                return bytes;
            }
            number = Memory.getUnsignedByte(at);
            at += bytes;
            if (number == Ipv6Header.NEXT_HOP_BY_HOP) {
                return REFUSED;
            }
            if (!isPassed(number, embedded)) {
                return (long) number << 32 | at - start;
            }
        }
        return REFUSED;
    }

    private static long headerBytes(long at, int number, long end, boolean embedded) {
        if (end - at < 8) {
            return TRUNCATED;
        }
        if (number == Ipv6Header.NEXT_FRAGMENT) {
            int word = Memory.getUnsignedShortBe(at + 2);
            return (word & FRAGMENT_OFFSET_MASK) == 0 ? FRAGMENT_BYTES : FRAGMENT;
        }
        if (number == Ipv6Header.NEXT_ROUTING && !embedded && !isRoutingDone(at)) {
            return REFUSED;
        }
        int bytes = Memory.getUnsignedByte(at + 1) + 1 << 3;
        return bytes > end - at ? TRUNCATED : bytes;
    }

    private static boolean isRoutingDone(long at) {
        return Memory.getByte(at + 2) != 0 && Memory.getByte(at + 3) == 0;
    }
}
