package io.jvs.packet;

import io.jvs.memory.Memory;

/** A TCP header (RFC 9293) at an address; ports are raw words, as they lie in the packet. */
public final class TcpHeader {
    /** Bytes of a header without options. */
    public static final int BYTES = 20;

    /** Offset of source and destination port, 4 bytes. */
    public static final int PORTS = 0;

    /** Offset of the sequence number, 32 bits. */
    public static final int SEQUENCE = 4;

    /** Offset of the acknowledgement number, 32 bits. */
    public static final int ACKNOWLEDGEMENT = 8;

    /** Offset of the byte with the data offset in its upper half. */
    public static final int DATA_OFFSET = 12;

    /** Offset of the flags, 8 bits. */
    public static final int FLAGS = 13;

    /** Offset of the window, 16 bits. */
    public static final int WINDOW = 14;

    /** Offset of the checksum, 16 bits. */
    public static final int CHECKSUM = 16;

    /** Flag: no more data. */
    public static final int FIN = 0x01;

    /** Flag: synchronise sequence numbers. */
    public static final int SYN = 0x02;

    /** Flag: reset the connection. */
    public static final int RST = 0x04;

    /** Flag: acknowledgement number is valid. */
    public static final int ACK = 0x10;

    private TcpHeader() {}

    /** Bytes of the header with its options: 0 to 60 (not checked). */
    public static int headerBytes(long header) {
        return (Memory.getByte(header + DATA_OFFSET) & 0xF0) >>> 2;
    }

    /** Flags, 8 bits. */
    public static int flags(long header) {
        return Memory.getUnsignedByte(header + FLAGS);
    }
}
