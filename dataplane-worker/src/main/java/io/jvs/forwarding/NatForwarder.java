package io.jvs.forwarding;

import static io.jvs.connection.ConnectionLayout.REAL4;
import static io.jvs.connection.ConnectionLayout.REAL6;
import static io.jvs.connection.ConnectionLayout.VIRTUAL4;
import static io.jvs.connection.ConnectionLayout.VIRTUAL6;

import io.jvs.memory.Memory;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;

/**
 * Masquerading: towards the real server the destination changes from virtual to real endpoint,
 * towards the client the source changes back (ip_vs_nat_xmit, handle_response). The client's
 * address and port stay.
 *
 * <p>Virtual and real address lie side by side in the record; the direction chooses which one is
 * read, which one written, and where, without a branch.
 */
final class NatForwarder implements Forwarder {
    @Override
    public void ipv4(PacketBurst burst, int row) {
        long record = burst.connection[row];
        long header = burst.data[row] + burst.layer3[row];
        int swing = burst.direction[row] << 2;
        int before = Memory.getInt(record + VIRTUAL4 + swing);
        int after = Memory.getInt(record + REAL4 - swing);
        long difference = ChecksumDifference.ofInt(before, after);
        int word = Memory.getInt(header + Ipv4Header.TTL);
        int checksum =
                ChecksumDifference.apply(
                        word >>> 16, difference + ChecksumDifference.FIRST_BYTE_DECREMENT);
        Memory.putInt(header + Ipv4Header.TTL, word - 1 & 0xFFFF | checksum << 16);
        Memory.putInt(header + Ipv4Header.DESTINATION - swing, after);
        RecordPorts.rewrite(burst, row, difference);
    }

    @Override
    public void ipv6(PacketBurst burst, int row) {
        long record = burst.connection[row];
        long header = burst.data[row] + burst.layer3[row];
        int swing = burst.direction[row] << 4;
        long before = record + VIRTUAL6 + swing;
        long after = record + REAL6 - swing;
        long high = Memory.getLong(after);
        long low = Memory.getLong(after + 8);
        HopCount.decrementHopLimit(header);
        Memory.putLong(header + Ipv6Header.DESTINATION - swing, high);
        Memory.putLong(header + Ipv6Header.DESTINATION + 8 - swing, low);
        long difference =
                ChecksumDifference.ofLong(Memory.getLong(before), high)
                        + ChecksumDifference.ofLong(Memory.getLong(before + 8), low);
        RecordPorts.rewrite(burst, row, difference);
    }
}
