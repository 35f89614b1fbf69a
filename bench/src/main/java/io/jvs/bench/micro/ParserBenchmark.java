package io.jvs.bench.micro;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.PacketParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The parser over a burst of TCP over IPv4. */
@State(Scope.Thread)
public class ParserBenchmark {
    private static final int FRAME_BYTES = 60;
    private static final long MAC = 0x02_00_00_00_00_01L;

    private final MemoryRegion region = MemoryRegion.anonymous(64L * PacketBurst.RECEIVE_MAX);
    private final PacketBurst burst = new PacketBurst();
    private final PacketParser parser;

    /** Makes the frames. */
    public ParserBenchmark() {
        InterfaceTable interfaces = new InterfaceTable();
        interfaces.add(0, 0, MAC, 1500);
        parser = new PacketParser(interfaces);
        for (int i = 0; i < PacketBurst.RECEIVE_MAX; i++) {
            write(region.address() + 64L * i, i);
        }
    }

    private static void write(long frame, int number) {
        Memory.putShortBe(frame, (int) (MAC >>> 32));
        Memory.putIntBe(frame + 2, (int) MAC);
        Memory.putShortBe(frame + 12, 0x0800);
        Memory.putIntBe(frame + 14, 0x4500_0028);
        Memory.putIntBe(frame + 22, 0x4006_0000);
        Memory.putIntBe(frame + 26, 0xAC10_0001 + number);
        Memory.putIntBe(frame + 30, 0x0A63_0001);
        InternetChecksum.writeIpv4Header(frame + 14);
        Memory.putIntBe(frame + 34, 0x2710_0050);
        Memory.putShortBe(frame + 46, 0x5010);
    }

    /** A packet of a burst of 32. */
    @Benchmark
    @OperationsPerInvocation(PacketBurst.RECEIVE_MAX)
    public int parse() {
        burst.clear();
        for (int i = 0; i < PacketBurst.RECEIVE_MAX; i++) {
            int row = burst.add();
            burst.data[row] = region.address() + 64L * i;
            burst.length[row] = FRAME_BYTES;
        }
        parser.parse(burst);
        return burst.ports[PacketBurst.RECEIVE_MAX - 1];
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        region.close();
    }
}
