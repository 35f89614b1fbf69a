package io.jvs.worker;

import io.jvs.memory.Memory;
import io.jvs.packet.AsciiBuffer;
import io.jvs.packet.AsciiText;
import java.nio.charset.StandardCharsets;

/**
 * One line of an FTP control connection (RFC 959, RFC 2428): what it asks for or answers, and where
 * in it address and port stand. Allocates nothing. One thread.
 */
final class FtpLine {
    /** Nothing that matters here. */
    static final int OTHER = 0;

    /** The client asks for a passive address: PASV. */
    static final int ASK_PASSIVE = 1;

    /** The client asks for a passive port: EPSV. */
    static final int ASK_EXTENDED = 2;

    /** The client says where it listens: PORT. */
    static final int ACTIVE = 3;

    /** The client says where it listens: EPRT. */
    static final int ACTIVE_EXTENDED = 4;

    /** The server says where it listens: 227. */
    static final int PASSIVE = 5;

    /** The server says on which port it listens: 229. */
    static final int PASSIVE_EXTENDED = 6;

    /** One of the last four that cannot be read. */
    static final int BROKEN = 7;

    private static final int WORD = 4;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int PORT = word('p', 'o', 'r', 't');
    private static final int EPRT = word('e', 'p', 'r', 't');
    private static final int PASV = word('p', 'a', 's', 'v');
    private static final int EPSV = word('e', 'p', 's', 'v');
    private static final int REPLY_227 = word('2', '2', '7', ' ');
    private static final int REPLY_229 = word('2', '2', '9', ' ');
    private static final int LOWER_CASE = 0x2020_2020;

    private static final byte[] EPSV_TEXT = ascii("EPSV");
    private static final byte[] EPRT_TEXT = ascii("EPRT ");
    private static final byte[] PASSIVE_TEXT = ascii("227 Entering Passive Mode (");
    private static final byte[] PASSIVE_END = ascii(").");

    private final AsciiText text = new AsciiText();

    /** Whether {@link #first} and {@link #last} are an IPv6 address. */
    boolean ipv6;

    /** The address, raw: IPv4 in the low 32 bits. None in a 229. */
    long first;

    long last;

    /** The port, host order. */
    int port;

    /** What stands for address and port: from here to {@link #to}. */
    long from;

    long to;

    private int delimiter;
    private long start;
    private long textEnd;
    private boolean isOtherForm;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int word(int a, int b, int c, int d) {
        return a | b << 8 | c << 16 | d << 24;
    }

    /**
     * Reads a line.
     *
     * @param at its first byte
     * @param end behind its last byte; a line feed and what stands before it need not be cut off
     * @return one of the constants
     */
    int read(long at, long end, boolean fromClient) {
        if (end - at < WORD) {
            return OTHER;
        }
        int word = Memory.getInt(at);
        text.set(at + WORD, end);
        start = at;
        textEnd = Memory.getByte(end - 1) == '\r' ? end - 1 : end;
        isOtherForm = false;
        if (fromClient) {
            return command(word | LOWER_CASE);
        }
        if (word == REPLY_227) {
            return checked(inParentheses() ? six() : bare(at + WORD, end), PASSIVE);
        }
        return word == REPLY_229 ? checked(inParentheses() && barePort(), PASSIVE_EXTENDED) : OTHER;
    }

    private static int checked(boolean right, int kind) {
        return right ? kind : BROKEN;
    }

    private int command(int word) {
        if (word == PASV) {
            return isWordEnd() ? ASK_PASSIVE : OTHER;
        }
        if (word == EPSV) {
            return isWordEnd() ? ASK_EXTENDED : OTHER;
        }
        if (word == PORT) {
            return isWordEnd() ? checked(active(), ACTIVE) : OTHER;
        }
        if (word == EPRT) {
            return isWordEnd() ? checked(activeExtended(), ACTIVE_EXTENDED) : OTHER;
        }
        return OTHER;
    }

    /** Commands have four letters here: a fifth makes another one. */
    private boolean isWordEnd() {
        int next = text.peek();
        return next < 0 || next == ' ' || isLineEnd(next);
    }

    private static boolean isLineEnd(int c) {
        return c == '\r' || c == '\n';
    }

    private boolean active() {
        return text.blanks() > 0 && six() && (text.blanks() >= 0 && endsHere());
    }

    private boolean endsHere() {
        int next = text.peek();
        return next < 0 || isLineEnd(next);
    }

    /** Six decimal numbers: address and port. */
    private boolean six() {
        from = text.at();
        if (!text.ipv4(',') || !text.take(',')) {
            return false;
        }
        int high = text.decimal(255);
        if (high < 0 || !text.take(',')) {
            return false;
        }
        int low = text.decimal(255);
        to = text.at();
        ipv6 = false;
        first = text.first();
        last = 0;
        port = high << 8 | low;
        return low >= 0 && port != 0;
    }

    /** Goes on behind an opening parenthesis, if there is one. */
    private boolean inParentheses() {
        while (!endsHere()) {
            if (text.take() == '(') {
                return true;
            }
        }
        return false;
    }

    /** The six numbers may also stand without parentheses (RFC 1123 section 4.1.2.6). */
    private boolean bare(long at, long end) {
        text.set(at, end);
        while (!endsHere()) {
            int c = text.peek();
            if (c >= '0' && c <= '9') {
                return six();
            }
            text.take();
        }
        return false;
    }

    private boolean activeExtended() {
        if (text.blanks() == 0) {
            return false;
        }
        from = text.at();
        if (!delimited() || !protocol() || !text.take(delimiter)) {
            return false;
        }
        boolean right = ipv6 ? text.ipv6() : text.ipv4('.');
        if (!right || !text.take(delimiter)) {
            return false;
        }
        first = text.first();
        last = text.last();
        port = text.port();
        return port > 0 && text.take(delimiter) && endOfText();
    }

    private boolean delimited() {
        delimiter = text.take();
        return delimiter > ' ' && delimiter < 0x7F;
    }

    private boolean protocol() {
        int number = text.decimal(IPV6);
        ipv6 = number == IPV6;
        return number == IPV4 || number == IPV6;
    }

    private boolean endOfText() {
        to = text.at();
        return text.blanks() >= 0 && endsHere();
    }

    private boolean barePort() {
        from = text.at();
        if (!delimited() || !text.take(delimiter) || !text.take(delimiter)) {
            return false;
        }
        port = text.port();
        if (port < 0 || !text.take(delimiter)) {
            return false;
        }
        to = text.at();
        ipv6 = false;
        return text.take(')');
    }

    /**
     * Has {@link #write} make a line of another form of it, for the other IP version (RFC 6384):
     * PASV becomes EPSV, PORT becomes EPRT, 229 becomes 227. What was read of the line stays.
     *
     * @param form what it is to be: the kind that was read, ASK_EXTENDED, ACTIVE_EXTENDED, PASSIVE
     * @param newIpv6 whether the address that it will have is IPv6
     */
    void become(int form, int kind, boolean newIpv6) {
        ipv6 = newIpv6;
        if (form == kind) {
            return;
        }
        isOtherForm = true;
        delimiter = '|';
        from = start;
        to = form == ASK_EXTENDED ? start + WORD : textEnd;
    }

    /**
     * Writes what is to stand from {@link #from} to {@link #to} instead, in the line's own form or
     * in that of {@link #become}.
     *
     * @param form what {@link #read} said, one of those with a port; or that of {@link #become}
     */
    void write(AsciiBuffer buffer, int form, long newFirst, long newLast, int newPort) {
        buffer.clear();
        if (isOtherForm) {
            buffer.put(
                    form == PASSIVE ? PASSIVE_TEXT : form == ASK_EXTENDED ? EPSV_TEXT : EPRT_TEXT);
        }
        if (form == ACTIVE || form == PASSIVE) {
            writeSix(buffer, (int) newFirst, newPort);
        } else if (form != ASK_EXTENDED) {
            writeExtended(buffer, form, newFirst, newLast, newPort);
        }
        if (isOtherForm && form == PASSIVE) {
            buffer.put(PASSIVE_END);
        }
    }

    private static void writeSix(AsciiBuffer buffer, int address, int newPort) {
        buffer.putIpv4(address, ',');
        buffer.put(',');
        buffer.putDecimal(newPort >>> 8);
        buffer.put(',');
        buffer.putDecimal(newPort & 0xFF);
    }

    private void writeExtended(
            AsciiBuffer buffer, int form, long newFirst, long newLast, int newPort) {
        buffer.put(delimiter);
        if (form == ACTIVE_EXTENDED) {
            writeAddress(buffer, newFirst, newLast);
        } else {
            buffer.put(delimiter);
        }
        buffer.put(delimiter);
        buffer.putDecimal(newPort);
        buffer.put(delimiter);
    }

    private void writeAddress(AsciiBuffer buffer, long newFirst, long newLast) {
        buffer.putDecimal(ipv6 ? IPV6 : IPV4);
        buffer.put(delimiter);
        if (ipv6) {
            buffer.putIpv6(newFirst, newLast);
        } else {
            buffer.putIpv4((int) newFirst, '.');
        }
    }
}
