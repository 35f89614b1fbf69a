package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Tunnel;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Packets whose bytes mean nothing: nothing is touched outside of them, and each gets a verdict.
 */
final class GarbageTest {
    private static final ForwardingMethod[] METHODS = {
        ForwardingMethod.NAT,
        ForwardingMethod.FULLNAT,
        ForwardingMethod.DIRECT_ROUTE,
        ForwardingMethod.TUNNEL
    };

    private static final int[] PROTOCOLS = {TestPacket.TCP, TestPacket.UDP, TestPacket.SCTP};

    private final Random random = new Random(0xBAD);

    @Test
    void shouldStayWithinThePacketWhateverItsBytes() {
        ServerPaths paths = new ServerPaths();
        paths.set(
                TestFlow.SERVER_INDEX,
                ServerPath.tunnel(
                        1,
                        1500,
                        Address.parse("10.0.0.1"),
                        Address.parse("10.0.0.2"),
                        Tunnel.IPIP));
        int[] verdicts = new int[Verdict.COUNT];
        try (TestBurst test = new TestBurst()) {
            ForwardStage stage = TestStage.create(test, paths);
            for (int round = 0; round < 20_000; round++) {
                test.reset();
                int row = add(test);
                int frameEnd = test.burst.end[row];
                stage.forward(test.burst, round);
                verdicts[test.burst.verdict[row]]++;
                assertThat(test.guardsAreWhole(row, frameEnd)).isTrue();
            }
        }
        assertThat(verdicts[Verdict.NONE]).isZero();
        assertThat(verdicts[Verdict.FORWARDED]).isGreaterThan(5_000);
        assertThat(verdicts[Verdict.DROP_MALFORMED_LAYER4]).isGreaterThan(500);
        assertThat(verdicts[Verdict.REPLIED]).isPositive();
    }

    /** A packet as the parser lets it through: the headers that it promises are there. */
    private int add(TestBurst test) {
        boolean ipv6 = random.nextBoolean();
        boolean error = random.nextBoolean();
        ForwardingMethod method = METHODS[random.nextInt(METHODS.length)];
        int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
        TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
        int headerBytes = ipv6 ? 40 : 20 + 4 * random.nextInt(11);
        int transportBytes = error ? 8 : protocol == TestPacket.TCP ? 20 : 12;
        byte[] bytes = new byte[headerBytes + transportBytes + random.nextInt(120)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (ipv6 ? 0x60 : 0x40 | headerBytes / 4);
        if (error && random.nextBoolean() && bytes.length > headerBytes + 15) {
            // A plausible embedded header, so that the translators go on.
            bytes[headerBytes + 8] = (byte) (ipv6 ? 0x60 : 0x45);
            bytes[headerBytes + 14] = (byte) protocol;
        }
        byte direction =
                method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT
                        ? (byte) random.nextInt(2)
                        : PacketBurst.FROM_CLIENT;
        int row = test.add(bytes, ipv6, headerBytes, 14, random.nextInt(10));
        test.join(row, flow, direction);
        if (error) {
            test.burst.kind[row] =
                    ipv6 ? PacketBurst.KIND_ICMP6_ERROR : PacketBurst.KIND_ICMP4_ERROR;
        }
        return row;
    }
}
