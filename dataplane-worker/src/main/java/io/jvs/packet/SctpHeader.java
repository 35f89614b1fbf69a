package io.jvs.packet;

import io.jvs.memory.Memory;

/** An SCTP common header (RFC 9260 section 3.1) and the chunks behind it: offsets and types. */
public final class SctpHeader {
    /** Bytes of the common header. */
    public static final int BYTES = 12;

    /** Offset of source and destination port, 4 bytes. */
    public static final int PORTS = 0;

    /** Offset of the verification tag, 32 bits. */
    public static final int VERIFICATION_TAG = 4;

    /** Offset of the CRC32c, 32 bits, least significant byte first. */
    public static final int CHECKSUM = 8;

    /** Bytes of a chunk's header (RFC 9260 section 3.2): type, flags, length. */
    public static final int CHUNK_BYTES = 4;

    /** Stands for the type where there is no chunk. */
    public static final int NO_CHUNK = -1;

    /** Chunk type: first packet of an association. */
    public static final int INIT = 1;

    /** Chunk type: the association ends at once. */
    public static final int ABORT = 6;

    /** Chunk type: third packet of an association. */
    public static final int COOKIE_ECHO = 10;

    /** Chunk type: fourth packet of an association. */
    public static final int COOKIE_ACK = 11;

    private SctpHeader() {}

    /**
     * Type of the chunk that says what a packet means for its association: the first one, or an
     * ABORT that follows COOKIE ECHO or COOKIE ACK (set_sctp_state in ip_vs_proto_sctp.c).
     *
     * @param header address of the common header
     * @param bytes bytes from there to the end of the IP packet
     * @return 0..255, or NO_CHUNK when none is there whole
     */
    public static int decidingChunk(long header, int bytes) {
        if (bytes < BYTES + CHUNK_BYTES) {
            return NO_CHUNK;
        }
        int first = Memory.getUnsignedByte(header + BYTES);
        if (first != COOKIE_ECHO && first != COOKIE_ACK) {
            return first;
        }
        int length = Memory.getUnsignedShortBe(header + BYTES + 2);
        int next = BYTES + (length + 3 & ~3);
        boolean abortFollows =
                length >= CHUNK_BYTES
                        && next + CHUNK_BYTES <= bytes
                        && Memory.getUnsignedByte(header + next) == ABORT;
        return abortFollows ? ABORT : first;
    }
}
