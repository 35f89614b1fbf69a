package io.jvs.packet;

/** An SCTP common header (RFC 9260 section 3.1): offsets. */
public final class SctpHeader {
    /** Bytes of the common header. */
    public static final int BYTES = 12;

    /** Offset of source and destination port, 4 bytes. */
    public static final int PORTS = 0;

    /** Offset of the verification tag, 32 bits. */
    public static final int VERIFICATION_TAG = 4;

    /** Offset of the CRC32c, 32 bits, least significant byte first. */
    public static final int CHECKSUM = 8;

    private SctpHeader() {}
}
