package io.jvs.bench.micro;

import io.jvs.memory.MemoryRegion;
import io.jvs.packet.InternetChecksum;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Checksums: of a header, of a packet, and brought up to date after a change. */
@State(Scope.Thread)
public class ChecksumBenchmark {
    private static final int HEADER_BYTES = 20;
    private static final int PACKET_BYTES = 1500;

    private final MemoryRegion region = MemoryRegion.anonymous(PACKET_BYTES);
    private final long address = region.address();
    private long before = 0x0A63_0001_AC10_0001L;

    /** An IPv4 header. */
    @Benchmark
    public boolean header() {
        return InternetChecksum.isRight(address, HEADER_BYTES);
    }

    /** A packet of 1500 bytes. */
    @Benchmark
    public int packet() {
        return InternetChecksum.checksum(address, PACKET_BYTES);
    }

    /** Two addresses are replaced (RFC 1624). */
    @Benchmark
    public int update() {
        before++;
        return InternetChecksum.update64((int) before & 0xFFFF, before, ~before);
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        region.close();
    }
}
