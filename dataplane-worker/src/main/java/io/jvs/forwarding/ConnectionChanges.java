package io.jvs.forwarding;

import io.jvs.connection.ConnectionExtras;
import io.jvs.connection.ConnectionLayout;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * What few connections need before their packets are translated: other sequence numbers, and what
 * their server is told of their client. Owned by one worker's thread.
 */
final class ConnectionChanges implements AutoCloseable {
    private static final int NEEDS_CHANGE =
            ConnectionLayout.SHIFTED | ConnectionLayout.TELLS_CLIENT;

    /** Sequence numbers alone, for ICMP errors too. */
    final SequenceShift shift;

    private final ClientDisclosure disclosure;

    ConnectionChanges(ConnectionExtras extras, ServerPaths paths, PacketBuffers buffers) {
        this.shift = new SequenceShift(extras);
        this.disclosure = new ClientDisclosure(extras, paths, buffers);
    }

    /**
     * Changes a packet that still has the addresses, ports and IP version that it came with.
     *
     * @return the row of a packet that must follow it, translated the same way, or -1
     */
    int apply(PacketBurst burst, int row, int nowTicks) {
        long record = burst.connection[row];
        if (!ConnectionLayout.has(record, NEEDS_CHANGE)) {
            return -1;
        }
        disclosure.before(burst, row, nowTicks);
        if (ConnectionLayout.has(record, ConnectionLayout.SHIFTED)) {
            shift.apply(burst, row);
        }
        return tells(burst, row) ? disclosure.tell(burst, row) : -1;
    }

    private static boolean tells(PacketBurst burst, int row) {
        return burst.direction[row] == PacketBurst.FROM_CLIENT
                && ConnectionLayout.has(burst.connection[row], ConnectionLayout.TELLS_CLIENT);
    }

    /**
     * Changes a forwarded packet of a mixed connection that has the server's IP version already:
     * options and headers in front of UDP do not pass from one version to the other.
     */
    void applyTranslated(PacketBurst burst, int row) {
        if (burst.verdict[row] == Verdict.FORWARDED && tells(burst, row)) {
            disclosure.tellTranslated(burst, row);
        }
    }

    /** Packets that had no room for what should have been told. */
    long undisclosed() {
        return disclosure.missed();
    }

    @Override
    public void close() {
        disclosure.close();
    }
}
