package io.jvs.connection;

import io.jvs.memory.Memory;

/**
 * The auxiliary record of a connection, for what few connections need: 64 bytes, native words, all
 * zero at first. {@link ConnectionExtras} gives it out.
 *
 * <pre>
 *  0 int position of the client's last change   12 int the same of the server
 *  4 int offset before it                       16 int
 *  8 int offset after it                        20 int
 * 24 int flags                                  28 int connections that it controls
 * 32 int where the client's next line begins    36 int where the server's does
 * 40 short expected connections                 42 short port of the last passive answer
 * 44 byte how the server is told its client    45 byte free
 * 46 short PROXIED: the client's window         48 int the client's first byte
 * 52 int the server's first byte; WAITING: the time stamp that the client was answered with
 * 56 int STAMPED: the client's time stamp
 * 60 int WAITING: the SYN that the client was answered with; STAMPED then: offset of time stamps
 * </pre>
 *
 * <p>Positions and offsets are sequence numbers in host order, modulo 2^32; see {@link
 * SequenceOffsets} for the first six words. Those of one direction follow each other, and the
 * server's lie 12 bytes behind the client's.
 */
public final class ExtraLayout {
    /** Bytes of a record: one cache line. */
    public static final int BYTES = 64;

    static final int POSITION = 0;
    static final int BEFORE = 4;
    static final int AFTER = 8;
    static final int DIRECTION_BYTES = 12;
    private static final int FLAGS = 24;
    private static final int CONTROLLED = 28;
    private static final int LINE_START = 32;
    private static final int EXPECTED = 40;
    private static final int PASSIVE_PORT = 42;
    private static final int DISCLOSURE = 44;
    private static final int FIRST_CLIENT_BYTE = 48;
    private static final int FIRST_SERVER_BYTE = 52;
    private static final int CLIENT_WINDOW = 46;
    private static final int CLIENT_STAMP = 56;

    // What is needed only as long as the server has not answered shares its words with what is
    // known only then.
    private static final int ANSWERED_STAMP = FIRST_SERVER_BYTE;
    private static final int ANSWERED_SYN = 60;
    private static final int STAMP_OFFSET = ANSWERED_SYN;

    /** Flag: {@link #firstClientByte} is known. */
    public static final int CLIENT_BEGAN = 1 << 8;

    /** Flag: {@link #firstServerByte} is known. */
    public static final int SERVER_BEGAN = 1 << 9;

    /** Flag: a PROXY header went out. */
    public static final int CLIENT_TOLD = 1 << 10;

    /** Flag: PROXIED, and both ends put time stamps into their segments (RFC 7323). */
    public static final int STAMPED = 1 << 11;

    /** Flag: PROXIED, and its server has not answered yet. */
    public static final int WAITING = 1 << 31;

    private static final int OFFER_SHIFT = 12;
    private static final int OFFER_BITS = 8;
    private static final int WINDOW_SHIFT = 20;
    private static final int WINDOW_BITS = 5;
    private static final int TRIES_SHIFT = 29;
    private static final int TRIES_BITS = 2;
    private static final int HELD_SHIFT = 25;
    private static final int HELD_BITS = 4;

    private ExtraLayout() {}

    private static int field(long extra, int shift, int bits) {
        return Memory.getInt(extra + FLAGS) >>> shift & (1 << bits) - 1;
    }

    private static void setField(long extra, int shift, int bits, int value) {
        int mask = (1 << bits) - 1 << shift;
        Memory.putInt(extra + FLAGS, Memory.getInt(extra + FLAGS) & ~mask | value << shift & mask);
    }

    /** PROXIED: what the client's SYN offered, 8 bits (HandshakeOptions). */
    public static int offer(long extra) {
        return field(extra, OFFER_SHIFT, OFFER_BITS);
    }

    /** Sets {@link #offer}. */
    public static void setOffer(long extra, int packed) {
        setField(extra, OFFER_SHIFT, OFFER_BITS, packed);
    }

    /**
     * By how many bits a window in a packet of that direction must be shifted to the left for its
     * receiver, -14 to 14; 0 as long as WAITING.
     */
    public static int windowShift(long extra, int direction) {
        if (Memory.getInt(extra + FLAGS) < 0) {
            return 0;
        }
        int raw = field(extra, WINDOW_SHIFT + direction * WINDOW_BITS, WINDOW_BITS);
        return raw << 32 - WINDOW_BITS >> 32 - WINDOW_BITS;
    }

    /**
     * Clears WAITING and STAMPED, and {@link #tries} and {@link #held} with them, and sets the
     * shifts.
     */
    public static void endWaiting(long extra, int clientWindowShift, int serverWindowShift) {
        clear(extra, WAITING | STAMPED);
        setTries(extra, 0);
        setHeld(extra, 0);
        setField(extra, WINDOW_SHIFT, WINDOW_BITS, clientWindowShift);
        setField(extra, WINDOW_SHIFT + WINDOW_BITS, WINDOW_BITS, serverWindowShift);
    }

    /** WAITING: SYNs sent to the server once more, 0 to 3. */
    public static int tries(long extra) {
        return field(extra, TRIES_SHIFT, TRIES_BITS);
    }

    /** Sets {@link #tries}. */
    public static void setTries(long extra, int number) {
        setField(extra, TRIES_SHIFT, TRIES_BITS, number);
    }

    /** WAITING: segments of the client that were held back, 0 to 15. */
    public static int held(long extra) {
        return field(extra, HELD_SHIFT, HELD_BITS);
    }

    /** Sets {@link #held}. */
    public static void setHeld(long extra, int number) {
        setField(extra, HELD_SHIFT, HELD_BITS, number);
    }

    /** PROXIED: the client's window as its last segment had it, not scaled. */
    public static int clientWindow(long extra) {
        return Memory.getUnsignedShort(extra + CLIENT_WINDOW);
    }

    /** Sets {@link #clientWindow}. */
    public static void setClientWindow(long extra, int window) {
        Memory.putShort(extra + CLIENT_WINDOW, window);
    }

    /** STAMPED: the client's last time stamp, until its server has answered. */
    public static int clientStamp(long extra) {
        return Memory.getInt(extra + CLIENT_STAMP);
    }

    /** Sets {@link #clientStamp}. */
    public static void setClientStamp(long extra, int stamp) {
        Memory.putInt(extra + CLIENT_STAMP, stamp);
    }

    /** WAITING and STAMPED: the time stamp of the SYN-ACK that the client got. */
    public static int answeredStamp(long extra) {
        return Memory.getInt(extra + ANSWERED_STAMP);
    }

    /** Sets {@link #answeredStamp}. */
    public static void setAnsweredStamp(long extra, int stamp) {
        Memory.putInt(extra + ANSWERED_STAMP, stamp);
    }

    /**
     * What the client sees of the server's time stamps less what they are; 0 as long as WAITING and
     * where there are none.
     */
    public static int stampOffset(long extra) {
        boolean stamped = (flags(extra) & (STAMPED | WAITING)) == STAMPED;
        return stamped ? Memory.getInt(extra + STAMP_OFFSET) : 0;
    }

    /** No longer WAITING: sets {@link #stampOffset} and STAMPED. */
    public static void beginStamps(long extra, int offset) {
        set(extra, STAMPED);
        Memory.putInt(extra + STAMP_OFFSET, offset);
    }

    /** WAITING: the sequence number of the SYN-ACK that the client got, the cookie. */
    public static int answeredSyn(long extra) {
        return Memory.getInt(extra + ANSWERED_SYN);
    }

    /** Sets {@link #answeredSyn}. */
    public static void setAnsweredSyn(long extra, int sequence) {
        Memory.putInt(extra + ANSWERED_SYN, sequence);
    }

    /**
     * The flags: bits 0..7 are FTP's, 8..10 and those of PROXIED connections are named here, the
     * others are free.
     */
    public static int flags(long extra) {
        return Memory.getInt(extra + FLAGS);
    }

    /** Whether any flag of {@code mask} is set. */
    public static boolean has(long extra, int mask) {
        return (Memory.getInt(extra + FLAGS) & mask) != 0;
    }

    /** Sets the flags of {@code mask}. */
    public static void set(long extra, int mask) {
        Memory.putInt(extra + FLAGS, Memory.getInt(extra + FLAGS) | mask);
    }

    /** Clears the flags of {@code mask}. */
    public static void clear(long extra, int mask) {
        Memory.putInt(extra + FLAGS, Memory.getInt(extra + FLAGS) & ~mask);
    }

    /** Live connections that name this one as their control (n_control of struct ip_vs_conn). */
    public static int controlled(long extra) {
        return Memory.getInt(extra + CONTROLLED);
    }

    /** Sets {@link #controlled}. */
    public static void setControlled(long extra, int connections) {
        Memory.putInt(extra + CONTROLLED, connections);
    }

    /** Sequence number behind the last line feed that {@code direction} sent. */
    public static int lineStart(long extra, int direction) {
        return Memory.getInt(extra + LINE_START + (direction << 2));
    }

    /** Sets {@link #lineStart}. */
    public static void setLineStart(long extra, int direction, int sequence) {
        Memory.putInt(extra + LINE_START + (direction << 2), sequence);
    }

    /** Controlled connections of which one port is not known yet, 0 to 65535. */
    public static int expected(long extra) {
        return Memory.getUnsignedShort(extra + EXPECTED);
    }

    /** Sets {@link #expected}. */
    public static void setExpected(long extra, int connections) {
        Memory.putShort(extra + EXPECTED, connections);
    }

    /** Virtual port of the last passive answer, host order; 0 for none. */
    public static int passivePort(long extra) {
        return Memory.getUnsignedShort(extra + PASSIVE_PORT);
    }

    /** Sets {@link #passivePort}. */
    public static void setPassivePort(long extra, int port) {
        Memory.putShort(extra + PASSIVE_PORT, port);
    }

    /** How the server is told its client: code of a ClientAddress, 0 not at all. */
    public static int disclosure(long extra) {
        return Memory.getByte(extra + DISCLOSURE);
    }

    /** Sets {@link #disclosure}. */
    public static void setDisclosure(long extra, int code) {
        Memory.putByte(extra + DISCLOSURE, code);
    }

    /** Sequence number of the client's first byte, as the client counts: its SYN's and 1. */
    public static int firstClientByte(long extra) {
        return Memory.getInt(extra + FIRST_CLIENT_BYTE);
    }

    /** Sets {@link #firstClientByte}. */
    public static void setFirstClientByte(long extra, int sequence) {
        Memory.putInt(extra + FIRST_CLIENT_BYTE, sequence);
    }

    /** Sequence number of the server's first byte, as the server counts. */
    public static int firstServerByte(long extra) {
        return Memory.getInt(extra + FIRST_SERVER_BYTE);
    }

    /** Sets {@link #firstServerByte}. */
    public static void setFirstServerByte(long extra, int sequence) {
        Memory.putInt(extra + FIRST_SERVER_BYTE, sequence);
    }
}
