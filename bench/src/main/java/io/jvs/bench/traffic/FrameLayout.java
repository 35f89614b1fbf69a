package io.jvs.bench.traffic;

import io.jvs.memory.Memory;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;

/**
 * Where the fields lie that traffic changes in an Ethernet frame of TCP, and in an entry of a
 * {@link FlowSequence}; sums are of 16-bit words as they lie in memory (RFC 1071: the byte order
 * does not matter).
 *
 * @param addresses offset of the source address; the destination follows it
 * @param addressBytes bytes of one address
 * @param ports offset of the source port; the destination port follows it
 * @param entryBytes bytes of an entry: both addresses, both ports, sum of the addresses, sum of
 *     addresses and ports
 */
record FrameLayout(int addresses, int addressBytes, int ports, int entryBytes) {
    /** IPv4 without options. */
    static final FrameLayout IPV4 = new FrameLayout(26, 4, 34, 16);

    /** IPv6 without extension headers. */
    static final FrameLayout IPV6 = new FrameLayout(22, 16, 54, 40);

    /** Offset of the checksum in an IPv4 header's frame. */
    static final int IPV4_CHECKSUM = 24;

    static final int SEQUENCE = 4;
    static final int FLAGS = 12;
    static final int TCP_CHECKSUM = 16;

    static FrameLayout of(AddressFamily family) {
        return family == AddressFamily.IPV6 ? IPV6 : IPV4;
    }

    /** Offset of the ports in an entry; the sums follow them. */
    int entryPorts() {
        return 2 * addressBytes;
    }

    /** Writes an entry whole. */
    void writeEntry(long entry, Address from, int fromPort, Address to, int toPort) {
        Memory.copyIn(from.bytes(), 0, entry, addressBytes);
        Memory.copyIn(to.bytes(), 0, entry + addressBytes, addressBytes);
        Memory.putShortBe(entry + entryPorts(), fromPort);
        Memory.putShortBe(entry + entryPorts() + 2, toPort);
        writeSums(entry);
    }

    /** Writes the entry of the packets that answer {@code frame}. */
    void writeAnswer(long entry, long frame) {
        Memory.copy(frame + addresses + addressBytes, entry, addressBytes);
        Memory.copy(frame + addresses, entry + addressBytes, addressBytes);
        Memory.putInt(entry + entryPorts(), Integer.rotateLeft(Memory.getInt(frame + ports), 16));
        writeSums(entry);
    }

    /** Makes a frame's addresses and ports zero, and its checksums right for that. */
    void blank(long frame, boolean isIpv6) {
        int sum = 0;
        for (int i = 0; i < 2 * addressBytes; i += 2) {
            sum += Memory.getUnsignedShort(frame + addresses + i);
            Memory.putShort(frame + addresses + i, 0);
        }
        int both = Memory.getInt(frame + ports);
        Memory.putInt(frame + ports, 0);
        if (!isIpv6) {
            subtract(frame + IPV4_CHECKSUM, sum);
        }
        subtract(frame + ports + TCP_CHECKSUM, sum + (both & 0xFFFF) + (both >>> 16));
    }

    private static void subtract(long checksum, int sum) {
        int delta = ~fold(sum) & 0xFFFF;
        Memory.putShort(checksum, adjust(Memory.getUnsignedShort(checksum), delta));
    }

    /** Writes an entry over a frame whose addresses and ports are zero. */
    void apply(long frame, long entry, boolean isIpv6) {
        Memory.copy(entry, frame + addresses, 2L * addressBytes);
        Memory.putInt(frame + ports, Memory.getInt(entry + entryPorts()));
        if (!isIpv6) {
            int sum = Memory.getUnsignedShort(entry + entryPorts() + 4);
            Memory.putShort(
                    frame + IPV4_CHECKSUM,
                    adjust(Memory.getUnsignedShort(frame + IPV4_CHECKSUM), sum));
        }
        long checksum = frame + ports + TCP_CHECKSUM;
        int sum = Memory.getUnsignedShort(entry + entryPorts() + 6);
        Memory.putShort(checksum, adjust(Memory.getUnsignedShort(checksum), sum));
    }

    private void writeSums(long entry) {
        int sum = 0;
        for (int i = 0; i < 2 * addressBytes; i += 2) {
            sum += Memory.getUnsignedShort(entry + i);
        }
        int both = Memory.getInt(entry + entryPorts());
        Memory.putShort(entry + entryPorts() + 4, fold(sum));
        Memory.putShort(entry + entryPorts() + 6, fold(sum + (both & 0xFFFF) + (both >>> 16)));
    }

    /** The sum of up to 65,535 words as one word. */
    static int fold(int sum) {
        int once = (sum & 0xFFFF) + (sum >>> 16);
        return (once & 0xFFFF) + (once >>> 16);
    }

    /** A checksum after words with the sum {@code delta} have come in the place of zeros. */
    static int adjust(int checksum, int delta) {
        return ~fold((~checksum & 0xFFFF) + delta);
    }
}
