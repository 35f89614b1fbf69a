package io.jvs.packet;

import io.jvs.memory.Memory;

/** A UDP header (RFC 768) at an address; ports are raw words, as they lie in the packet. */
public final class UdpHeader {
    /** Bytes of the header. */
    public static final int BYTES = 8;

    /** Offset of source and destination port, 4 bytes. */
    public static final int PORTS = 0;

    /** Offset of the length, 16 bits. */
    public static final int LENGTH = 4;

    /** Offset of the checksum, 16 bits; 0 is none. */
    public static final int CHECKSUM = 6;

    private UdpHeader() {}

    /** Bytes of header and data. */
    public static int length(long header) {
        return Memory.getUnsignedShortBe(header + LENGTH);
    }
}
