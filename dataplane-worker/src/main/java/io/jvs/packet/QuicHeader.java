package io.jvs.packet;

import io.jvs.memory.Memory;

/** The part of QUIC packets that is the same in all versions (RFC 8999), and two bits more. */
public final class QuicHeader {
    /** A packet without a connection id that a server has chosen. */
    public static final int NONE = -1;

    /** The longest connection id of the versions that there are (RFC 9000 section 17.2). */
    private static final int MAX_ID_BYTES = 20;

    private static final int VERSION_1 = 1;
    private static final int VERSION_2 = 0x6B33_43CF;
    private static final int DRAFT_VERSIONS = 0xFF00_0000;
    private static final int VERSION = 1;
    private static final int ID_LENGTH = 5;
    private static final int ID = 6;
    private static final int HANDSHAKE = 2;

    private QuicHeader() {}

    /**
     * Where the connection id is that the packet's receiver, the server, has chosen: never in
     * Initial and 0-RTT packets, whose id may be the client's own, nor in packets of versions whose
     * types are not known.
     *
     * @param packet address of the datagram's payload
     * @param bytes of the payload
     * @return offset in bits 15..8 and the most bytes that it may have in bits 7..0 (a short header
     *     does not tell its length), or {@link #NONE}
     */
    public static int serverId(long packet, int bytes) {
        if (bytes < 2) {
            return NONE;
        }
        int first = Memory.getUnsignedByte(packet);
        if ((first & 0x80) == 0) {
            return 1 << 8 | Math.min(bytes - 1, MAX_ID_BYTES);
        }
        if (bytes < ID || !isHandshake(Memory.getIntBe(packet + VERSION), first >>> 4 & 3)) {
            return NONE;
        }
        int length = Memory.getUnsignedByte(packet + ID_LENGTH);
        return length > MAX_ID_BYTES || length > bytes - ID ? NONE : ID << 8 | length;
    }

    /** Types of version 2 are those of version 1 and one more (RFC 9369 section 3.2). */
    private static boolean isHandshake(int version, int type) {
        if (version == VERSION_2) {
            return (type - 1 & 3) == HANDSHAKE;
        }
        boolean known = version == VERSION_1 || (version & 0xFFFF_FF00) == DRAFT_VERSIONS;
        return known && type == HANDSHAKE;
    }
}
