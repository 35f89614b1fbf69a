package io.jvs.packet;

/**
 * Which part of its datagram a fragment is, as one int, the same for IPv4 (RFC 791) and IPv6 (RFC
 * 8200 section 4.5): offset in bytes (a multiple of 8) in bits 15..0, bit 0 of it for "more
 * fragments", bit 31 always. 0 stands for a packet that is no fragment.
 */
public final class FragmentWord {
    /** Bytes of an IPv6 fragment header. */
    public static final int IPV6_HEADER_BYTES = 8;

    /** A datagram has less than this many bytes. */
    public static final int MAX_BYTES = 0x1_0000;

    static final int OFFSET_MASK = 0xFFF8;
    private static final int PRESENT = 1 << 31;
    private static final int MORE = 1;

    /** What a TCP segment may not be cut at (RFC 3128): the rest of the header would follow. */
    private static final int TCP_FLAGS_OFFSET = 8;

    private FragmentWord() {}

    /** The word of a fragment at {@code offset} bytes. */
    static int of(int offset, boolean more) {
        return PRESENT | offset | (more ? MORE : 0);
    }

    /** Whether it is all of its datagram: an atomic fragment (RFC 6946). */
    static boolean isWhole(int word) {
        return (word & (OFFSET_MASK | MORE)) == 0;
    }

    /** Whether it is a fragment behind the first: false for a first one and for a whole packet. */
    public static boolean isLater(int word) {
        return (word & OFFSET_MASK) != 0;
    }

    /** Where it belongs, in bytes. */
    public static int offset(int word) {
        return word & OFFSET_MASK;
    }

    /** Whether others follow behind it. */
    public static boolean hasMore(int word) {
        return (word & MORE) != 0;
    }

    /** Verdict of a transport header that does not fit into its packet (RFC 1858, RFC 7112). */
    static byte truncated(int word) {
        return word == 0 ? Verdict.DROP_MALFORMED_LAYER4 : Verdict.DROP_FRAGMENT_TINY;
    }

    /**
     * Notes that row {@code i} (layer4, end, protocol and fragmentId are set) is a fragment, or
     * drops it.
     *
     * @return whether a transport header follows
     */
    static boolean parse(PacketBurst burst, int i, int word) {
        int offset = offset(word);
        int bytes = burst.end[i] - burst.layer4[i];
        boolean ragged = hasMore(word) && (bytes & 7) != 0;
        if (bytes <= 0 || ragged || offset + headerBytes(burst, i) + bytes >= MAX_BYTES) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT_MALFORMED;
            return false;
        }
        if (offset == TCP_FLAGS_OFFSET && burst.protocol[i] == Ipv4Header.PROTOCOL_TCP) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT_TINY;
            return false;
        }
        burst.fragment[i] = word;
        burst.fragmentBytes[i] = bytes;
        burst.fragments++;
        return offset == 0;
    }

    /** What counts towards the 65535 bytes besides the payload: the IPv4 header. */
    private static int headerBytes(PacketBurst burst, int i) {
        return burst.kind[i] == PacketBurst.KIND_IPV4_OTHER ? burst.layer4[i] - burst.layer3[i] : 0;
    }
}
