package io.jvs.forwarding;

/** The Internet checksum byte by byte, as RFC 1071 explains it: the judge of the fast ones. */
final class SlowChecksum {
    private SlowChecksum() {}

    /** The one's complement sum of big-endian 16-bit words, an odd byte padded with 0. */
    static int sum(int start, byte[] bytes, int from, int to) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            int high = bytes[i] & 0xFF;
            int low = i + 1 < to ? bytes[i + 1] & 0xFF : 0;
            sum += high << 8 | low;
            while (sum > 0xFFFF) {
                sum = (sum & 0xFFFF) + (sum >> 16);
            }
        }
        return sum;
    }

    /** The checksum of a range. */
    static int of(byte[] bytes, int from, int to) {
        return ~sum(0, bytes, from, to) & 0xFFFF;
    }

    /** The sum of a pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1). */
    static int pseudoHeader(byte[] source, byte[] destination, int protocol, int bytes) {
        int sum = sum(0, source, 0, source.length);
        sum = sum(sum, destination, 0, destination.length);
        byte[] rest = {(byte) (bytes >> 8), (byte) bytes, 0, (byte) protocol};
        return sum(sum, rest, 0, rest.length);
    }
}
