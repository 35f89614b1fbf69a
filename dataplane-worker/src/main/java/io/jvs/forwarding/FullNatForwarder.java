package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.CLIENT;

import io.jvs.memory.Memory;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;

/**
 * FULLNAT: both addresses and both ports change, in both directions; the real server sees a local
 * address and answers to it (DPVS dp_vs_xmit_fnat, dp_vs_out_xmit_fnat).
 *
 * <p>The record holds client and virtual endpoint, then real and local endpoint. A packet that
 * carries one pair leaves with the other, source and destination swapped: so the direction only
 * chooses which pair is read first, and there is no branch on it.
 */
final class FullNatForwarder implements Forwarder {

    @Override
    public void ipv4(PacketBurst burst, int row) {
        long record = burst.connection[row];
        int swing = burst.direction[row] << 3;
        long before = Memory.getLong(record + CLIENT + swing);
        long after = Memory.getLong(record + CLIENT + 8 - swing);
        long difference = ChecksumDifference.ofLong(before, after);
        addresses4(burst.data[row] + burst.layer3[row], after, difference);
        RecordPorts.rewrite(burst, row, difference);
    }

    /** {@code after} is destination, source; TTL, checksum and source share one 8-byte word. */
    private static void addresses4(long header, long after, long difference) {
        long word = Memory.getLong(header + Ipv4Header.TTL);
        long checksum =
                ChecksumDifference.apply(
                        (int) word >>> 16, difference + ChecksumDifference.FIRST_BYTE_DECREMENT);
        Memory.putLong(
                header + Ipv4Header.TTL,
                word - 1 & 0xFFFF | checksum << 16 | after & 0xFFFF_FFFF_0000_0000L);
        Memory.putInt(header + Ipv4Header.DESTINATION, (int) after);
    }

    @Override
    public void ipv6(PacketBurst burst, int row) {
        long record = burst.connection[row];
        int swing = burst.direction[row] << 5;
        long header = burst.data[row] + burst.layer3[row];
        HopCount.decrementHopLimit(header);
        long difference = addresses6(header, record + CLIENT + swing, record + CLIENT + 32 - swing);
        RecordPorts.rewrite(burst, row, difference);
    }

    /** Writes the pair at {@code after} swapped; gives the difference to the pair at before. */
    private static long addresses6(long header, long before, long after) {
        long destinationHigh = Memory.getLong(after);
        long destinationLow = Memory.getLong(after + 8);
        long sourceHigh = Memory.getLong(after + 16);
        long sourceLow = Memory.getLong(after + 24);
        Memory.putLong(header + Ipv6Header.SOURCE, sourceHigh);
        Memory.putLong(header + Ipv6Header.SOURCE + 8, sourceLow);
        Memory.putLong(header + Ipv6Header.DESTINATION, destinationHigh);
        Memory.putLong(header + Ipv6Header.DESTINATION + 8, destinationLow);
        return ChecksumDifference.ofLong(Memory.getLong(before), destinationHigh)
                + ChecksumDifference.ofLong(Memory.getLong(before + 8), destinationLow)
                + ChecksumDifference.ofLong(Memory.getLong(before + 16), sourceHigh)
                + ChecksumDifference.ofLong(Memory.getLong(before + 24), sourceLow);
    }
}
