package io.jvs.worker;

import io.jvs.connection.LocalAddressPool;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/**
 * One worker's counters, off heap. Written by that worker with opaque stores, read by anybody with
 * opaque loads. Each real server has a 64-byte line of its own.
 */
public final class WorkerCounters implements AutoCloseable {
    /** Most real servers that can be numbered. */
    public static final int MAX_SERVERS = 1 << 20;

    /** Most virtual services that can be numbered. */
    public static final int MAX_SERVICES = 1 << 20;

    /** Most ports, host interfaces included. */
    static final int MAX_PORTS = 64;

    private static final int LINE = 64;
    private static final int SERVICE_LINE = 128;
    private static final int VERDICTS = 0;
    private static final int PORTS = VERDICTS + Verdict.COUNT * 8;
    private static final int GLOBAL = PORTS + MAX_PORTS * LINE;
    private static final int CYCLES = GLOBAL;
    private static final int BUSY_CYCLES = GLOBAL + 8;
    private static final int GENERATION = GLOBAL + 16;
    private static final int CONNECTIONS = GLOBAL + 24;
    private static final int ORIGINATED = GLOBAL + 32;
    private static final int DROPPED_CONNECTIONS = GLOBAL + 40;
    private static final int HANDED_OVER = GLOBAL + 64;
    private static final int TAKEN_OVER = GLOBAL + 72;
    private static final int HANDOVER_MISSED = GLOBAL + 80;
    private static final int MISDIRECTED = GLOBAL + 88;
    private static final int UNDISCLOSED = GLOBAL + 96;
    private static final int RESET_CONNECTIONS = GLOBAL + 176;
    private static final int RESCHEDULED_CONNECTIONS = GLOBAL + 184;
    private static final int LOCAL_PORTS = GLOBAL + 104;
    private static final int FTP_EXPECTED = GLOBAL + 48;
    private static final int FTP_UNTOUCHED = GLOBAL + 56;
    private static final int SYN_PROXY = GLOBAL + 192;
    private static final int SERVERS = GLOBAL + 256;
    private static final int SERVICES = SERVERS + MAX_SERVERS * LINE;

    private final MemoryRegion region;
    private final long base;

    WorkerCounters() {
        region = MemoryRegion.anonymous(SERVICES + (long) MAX_SERVICES * SERVICE_LINE);
        base = region.address();
    }

    private static void add(long address, long amount) {
        Memory.putLongOpaque(address, Memory.getLong(address) + amount);
    }

    /** Counts what became of the first {@code received} rows, where it is known. */
    void account(PacketBurst burst, int received) {
        for (int i = 0; i < received; i++) {
            int verdict = burst.verdict[i];
            if (verdict != Verdict.PARKED && verdict != Verdict.HANDED_OVER) {
                add(base + VERDICTS + verdict * 8L, 1);
            }
        }
    }

    /** Counts packets that ended with {@code code} outside a burst. */
    void countVerdict(int code, long packets) {
        add(base + VERDICTS + code * 8L, packets);
    }

    /** Counts frames that were made here. */
    void countOriginated(long packets) {
        add(base + ORIGINATED, packets);
    }

    /** Counts what the SYN proxy did. */
    void countSyn(SynCounter counter) {
        add(base + SYN_PROXY + counter.offset(), 1);
    }

    /** Counts a connection that drop_entry ended. */
    void countDroppedConnection() {
        add(base + DROPPED_CONNECTIONS, 1);
    }

    /** Counts a packet that was handed over to another worker. */
    void countHandedOver() {
        add(base + HANDED_OVER, 1);
    }

    /** Counts a packet to a local address that came in at another worker than its owner. */
    void countMisdirected() {
        add(base + MISDIRECTED, 1);
    }

    /** Counts packets that other workers have handed over. */
    void countTakenOver(long packets) {
        add(base + TAKEN_OVER, packets);
    }

    /** Counts what another worker did not hear of, as its ring was full or no buffer left. */
    void countHandoverMissed() {
        add(base + HANDOVER_MISSED, 1);
    }

    /** Counts an FTP data connection that was agreed upon. */
    void countFtpExpected() {
        add(base + FTP_EXPECTED, 1);
    }

    /** Counts an FTP line with an address or port that went on as it was, though it matters. */
    void countFtpUntouched() {
        add(base + FTP_UNTOUCHED, 1);
    }

    /** Counts a connection that was reset as its real server has gone. */
    void countResetConnection() {
        add(base + RESET_CONNECTIONS, 1);
    }

    /** Counts a connection that was taken from a real server that has gone. */
    void countRescheduledConnection() {
        add(base + RESCHEDULED_CONNECTIONS, 1);
    }

    /** Counts packets and bytes of one direction of a port. */
    void countPort(int port, PortCounter packets, long packetCount, long bytes) {
        long line = base + PORTS + (long) port * LINE;
        add(line + packets.offset(), packetCount);
        add(line + packets.offset() + 8, bytes);
    }

    /** Counts packets that a full transmit queue refused. */
    void countTransmitFull(int port, long packets) {
        add(base + PORTS + (long) port * LINE + PortCounter.TRANSMIT_FULL.offset(), packets);
    }

    /** Counts packets of a connection: 1, or 0 when only the bytes of one have come. */
    void countServer(int serverIndex, int direction, int packetCount, int bytes) {
        long line = base + SERVERS + (long) serverIndex * LINE;
        long packets = line + (direction == PacketBurst.FROM_CLIENT ? 8 : 16);
        add(packets, packetCount);
        add(packets + 16, bytes);
    }

    /**
     * Counts a packet of a connection with plain stores, for loops that others would hold up. Who
     * looks sees them at the end of the cycle at the latest, which {@link #countCycle} publishes
     * with release order.
     */
    void countServerPlain(int serverIndex, int direction, int bytes) {
        long at = base + SERVERS + (long) serverIndex * LINE + 8 + (direction << 3);
        Memory.putLong(at, Memory.getLong(at) + 1);
        Memory.putLong(at + 16, Memory.getLong(at + 16) + bytes);
    }

    /** Counts a new connection. */
    void countConnection(int serverIndex) {
        add(base + SERVERS + (long) serverIndex * LINE, 1);
    }

    /** Counts for a virtual service. */
    void countService(int serviceIndex, ServiceCounter counter, long amount) {
        add(base + SERVICES + (long) serviceIndex * SERVICE_LINE + counter.offset(), amount);
    }

    /** Publishes how many connections of a virtual service are open. */
    void publishOpen(int serviceIndex, long connections) {
        long line = base + SERVICES + (long) serviceIndex * SERVICE_LINE;
        Memory.putLongOpaque(line + ServiceCounter.OPEN.offset(), connections);
    }

    /** Publishes what a server has now. */
    void publishServer(int serverIndex, int active, int inactive, int persistent) {
        long line = base + SERVERS + (long) serverIndex * LINE;
        Memory.putLongOpaque(line + ServerCounter.ACTIVE.offset(), active);
        Memory.putLongOpaque(line + ServerCounter.INACTIVE.offset(), inactive);
        Memory.putLongOpaque(line + ServerCounter.PERSISTENT.offset(), persistent);
    }

    /** Counts a cycle, and publishes what was counted in it. */
    void countCycle(boolean busy, long connections) {
        add(base + CYCLES, 1);
        if (busy) {
            add(base + BUSY_CYCLES, 1);
        }
        Memory.putLongRelease(base + CONNECTIONS, connections);
    }

    /** Publishes how its local ports are. */
    void publishLocalPorts(LocalAddressPool pool) {
        long at = base + LOCAL_PORTS;
        Memory.putLongOpaque(at, pool.usedPorts());
        Memory.putLongOpaque(at + 8, pool.waitingPorts());
        Memory.putLongOpaque(at + 16, pool.refusals());
    }

    /** Publishes the generation that is in force from now on. */
    void publishGeneration(long generation) {
        Memory.putLongRelease(base + GENERATION, generation);
    }

    /** One counter of a real server; any thread. */
    public long server(int serverIndex, ServerCounter counter) {
        return Memory.getLongOpaque(base + SERVERS + (long) serverIndex * LINE + counter.offset());
    }

    /** One counter of a virtual service; any thread. */
    public long service(int serviceIndex, ServiceCounter counter) {
        return Memory.getLongOpaque(
                base + SERVICES + (long) serviceIndex * SERVICE_LINE + counter.offset());
    }

    /** Packets that ended with a verdict; any thread. */
    public long verdict(int code) {
        return Memory.getLongOpaque(base + VERDICTS + code * 8L);
    }

    /** One counter of a port; any thread. */
    public long port(int port, PortCounter counter) {
        return Memory.getLongOpaque(base + PORTS + (long) port * LINE + counter.offset());
    }

    /** One counter of local ports; any thread. */
    public long localPorts(LocalPortCounter counter) {
        return Memory.getLongOpaque(base + LOCAL_PORTS + counter.offset());
    }

    /** One counter of the SYN proxy; any thread. */
    public long syn(SynCounter counter) {
        return Memory.getLongOpaque(base + SYN_PROXY + counter.offset());
    }

    /** Connections now; any thread. */
    public long connections() {
        return Memory.getLongOpaque(base + CONNECTIONS);
    }

    /** Sets how many packets had no room for what should be told of their client. */
    void setUndisclosed(long packets) {
        Memory.putLongOpaque(base + UNDISCLOSED, packets);
    }

    /** Packets that had no room for what should be told of their client; any thread. */
    public long undisclosed() {
        return Memory.getLongOpaque(base + UNDISCLOSED);
    }

    /** Connections that drop_entry ended; any thread. */
    public long droppedConnections() {
        return Memory.getLongOpaque(base + DROPPED_CONNECTIONS);
    }

    /** Packets that were received, on all ports; any thread. */
    public long receivedPackets() {
        long sum = 0;
        for (int port = 0; port < MAX_PORTS; port++) {
            sum += port(port, PortCounter.RECEIVED_PACKETS);
        }
        return sum;
    }

    /** Packets that were handed over to other workers; any thread. */
    public long handedOver() {
        return Memory.getLongOpaque(base + HANDED_OVER);
    }

    /** Packets to local addresses that came in at another worker than their owner; any thread. */
    public long misdirected() {
        return Memory.getLongOpaque(base + MISDIRECTED);
    }

    /** Packets that other workers have handed over; any thread. */
    public long takenOver() {
        return Memory.getLongOpaque(base + TAKEN_OVER);
    }

    /** What other workers did not hear of neighbours and paths; any thread. */
    public long handoverMissed() {
        return Memory.getLongOpaque(base + HANDOVER_MISSED);
    }

    /** FTP data connections that were agreed upon; any thread. */
    public long ftpExpected() {
        return Memory.getLongOpaque(base + FTP_EXPECTED);
    }

    /** FTP lines that could not be used; any thread. */
    public long ftpUntouched() {
        return Memory.getLongOpaque(base + FTP_UNTOUCHED);
    }

    /** Connections that were reset as their real server has gone; any thread. */
    public long resetConnections() {
        return Memory.getLongOpaque(base + RESET_CONNECTIONS);
    }

    /** Connections that were taken from real servers that have gone; any thread. */
    public long rescheduledConnections() {
        return Memory.getLongOpaque(base + RESCHEDULED_CONNECTIONS);
    }

    /** Frames that were made here and sent; any thread. */
    public long originated() {
        return Memory.getLongOpaque(base + ORIGINATED);
    }

    /** Cycles ever; any thread. */
    public long cycles() {
        return Memory.getLongOpaque(base + CYCLES);
    }

    /** Cycles that found packets; any thread. */
    public long busyCycles() {
        return Memory.getLongOpaque(base + BUSY_CYCLES);
    }

    /** The generation in force; any thread. */
    public long generation() {
        return Memory.getLongAcquire(base + GENERATION);
    }

    @Override
    public void close() {
        region.close();
    }
}
