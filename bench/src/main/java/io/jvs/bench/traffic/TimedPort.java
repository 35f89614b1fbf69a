package io.jvs.bench.traffic;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.port.PacketPort;
import io.jvs.port.PortOverlay;
import org.HdrHistogram.Histogram;

/**
 * Takes the time that packets spend between receive and transmit, and the time between two polls.
 * Recording allocates nothing. The histograms may be read when nothing is received any more.
 */
public final class TimedPort extends PortOverlay implements AutoCloseable {
    private static final long MOST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final MemoryRegion words = MemoryRegion.anonymous(64);
    private final Histogram residenceNs = new Histogram(1, MOST_NS, DIGITS);
    private final Histogram gapNs = new Histogram(1, MOST_NS, DIGITS);
    private long lastPollNs;
    private long receivedNs;

    /** Takes no times yet. */
    public TimedPort(PacketPort below) {
        super(below);
    }

    /** Begins or ends taking times; any thread. */
    public void record(boolean wanted) {
        Memory.putIntRelease(words.address(), wanted ? 1 : 0);
    }

    /** From receive to transmit, of every packet. */
    public Histogram residenceNs() {
        return residenceNs;
    }

    /** From one poll to the next, with the work between them. */
    public Histogram gapNs() {
        return gapNs;
    }

    private boolean isRecording() {
        return Memory.getIntAcquire(words.address()) != 0;
    }

    @Override
    public int receive(PacketBurst burst, long nowNs) {
        long poll = System.nanoTime();
        if (!isRecording()) {
            lastPollNs = 0;
            return below.receive(burst, nowNs);
        }
        if (lastPollNs != 0) {
            gapNs.recordValue(Math.min(poll - lastPollNs, MOST_NS));
        }
        lastPollNs = poll;
        int count = below.receive(burst, nowNs);
        receivedNs = System.nanoTime();
        return count;
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        if (lastPollNs != 0 && count > 0) {
            long residence = Math.min(System.nanoTime() - receivedNs, MOST_NS);
            residenceNs.recordValueWithCount(residence, count);
        }
        return below.transmit(handles, data, lengths, from, count);
    }

    @Override
    public void close() {
        words.close();
    }
}
