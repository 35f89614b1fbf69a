package io.jvs.forwarding;

import io.jvs.memory.Memory;
import io.jvs.packet.Ipv4Header;

/** Options of IPv4 headers (RFC 791 section 3.1). */
final class Ipv4Options {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;
    private static final int POINTER = 2;

    private Ipv4Options() {}

    /**
     * Whether a header has a source route that is not used up: no other header can say so (RFC 7915
     * section 4.1). Nonsense has none.
     */
    static boolean hasSourceRoute(long header) {
        int headerBytes = Ipv4Header.headerBytes(header);
        int at = Ipv4Header.BYTES;
        while (at < headerBytes) {
            int type = Memory.getUnsignedByte(header + at);
            int left = headerBytes - at;
            if (type == END || type != NO_OPERATION && left < 2) {
                return false;
            }
            int bytes = type == NO_OPERATION ? 1 : Memory.getUnsignedByte(header + at + 1);
            if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
                return bytes <= left && bytes > POINTER && isUnexpired(header + at, bytes);
            }
            if (bytes == 0) {
                return false;
            }
            at += bytes;
        }
        return false;
    }

    private static boolean isUnexpired(long option, int bytes) {
        return Memory.getUnsignedByte(option + POINTER) <= bytes;
    }
}
