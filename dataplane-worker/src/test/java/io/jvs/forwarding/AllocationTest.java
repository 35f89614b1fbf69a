package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Tunnel;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stage allocates nothing on the Java heap, whatever it forwards. */
final class AllocationTest {
    private static final int BURSTS = 20_000;

    private final TestBurst test = new TestBurst();
    private final ServerPaths paths = new ServerPaths();
    private final ForwardStage stage = TestStage.create(test, paths);
    private final Random random = new Random(0);

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void shouldAllocateNothingUnderTraffic() {
        paths.set(
                TestFlow.SERVER_INDEX,
                ServerPath.tunnel(
                        1,
                        1500,
                        Address.parse("10.0.0.1"),
                        Address.parse("10.0.0.2"),
                        Tunnel.IPIP));
        fillBurst();
        Frames frames = new Frames(test.burst);
        run(frames, BURSTS);
        long before = allocatedBytes();
        long calibrated = allocatedBytes() - before;
        before = allocatedBytes();
        run(frames, BURSTS);
        long allocated = allocatedBytes() - before - calibrated;
        assertThat(allocated).isLessThan(BURSTS);
        assertThat(test.burst.verdict[0]).isEqualTo(Verdict.FORWARDED);
        test.close();
    }

    private void fillBurst() {
        for (ForwardingMethod method : ForwardingMethod.values()) {
            for (int protocol : new int[] {TestPacket.TCP, TestPacket.UDP, TestPacket.SCTP}) {
                for (boolean ipv6 : new boolean[] {false, true}) {
                    TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
                    test.add(flow.fromClient(new TestPacket()), flow, PacketBurst.FROM_CLIENT);
                }
            }
        }
        TestFlow flow = TestFlow.random(random, ForwardingMethod.TUNNEL, TestPacket.UDP, false);
        TestPacket large = new TestPacket();
        large.payload = new byte[1460];
        test.add(flow.fromClient(large), flow, PacketBurst.FROM_CLIENT);
    }

    private void run(Frames frames, int bursts) {
        for (int i = 0; i < bursts; i++) {
            frames.restore(test);
            stage.forward(test.burst, i);
        }
    }

    /** The columns that forwarding changes, as they were. */
    private static final class Frames {
        private final int count;
        private final long[] data;
        private final int[] end;
        private final int[] headroom;
        private final byte[] kind;

        Frames(PacketBurst burst) {
            count = burst.count;
            data = burst.data.clone();
            end = burst.end.clone();
            headroom = burst.headroom.clone();
            kind = burst.kind.clone();
        }

        void restore(TestBurst test) {
            PacketBurst burst = test.burst;
            while (burst.count > count) {
                test.free(burst.handle[--burst.count]);
            }
            for (int i = 0; i < count; i++) {
                burst.verdict[i] = Verdict.NONE;
                burst.data[i] = data[i];
                burst.end[i] = end[i];
                burst.headroom[i] = headroom[i];
                burst.kind[i] = kind[i];
                burst.layer4[i] = kind[i] == PacketBurst.KIND_IPV6 ? 54 : 34;
                Memory.putByte(data[i] + 14 + (kind[i] == PacketBurst.KIND_IPV6 ? 7 : 8), 64);
            }
        }
    }
}
