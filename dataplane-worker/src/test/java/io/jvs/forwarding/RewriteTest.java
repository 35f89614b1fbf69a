package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole packets in and out of NAT, FULLNAT and direct routing, checksums by the slow judge. */
final class RewriteTest {
    private final TestBurst test = new TestBurst();
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());

    @AfterEach
    void close() {
        test.close();
    }

    static List<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (ForwardingMethod method :
                List.of(
                        ForwardingMethod.NAT,
                        ForwardingMethod.FULLNAT,
                        ForwardingMethod.DIRECT_ROUTE)) {
            for (int protocol : new int[] {TestPacket.TCP, TestPacket.UDP, TestPacket.SCTP}) {
                for (boolean ipv6 : new boolean[] {false, true}) {
                    ways.add(Arguments.of(method, protocol, ipv6, PacketBurst.FROM_CLIENT));
                    if (method != ForwardingMethod.DIRECT_ROUTE) {
                        ways.add(Arguments.of(method, protocol, ipv6, PacketBurst.FROM_SERVER));
                    }
                }
            }
        }
        return ways;
    }

    private static TestPacket incoming(TestFlow flow, TestPacket like, byte direction) {
        return direction == PacketBurst.FROM_CLIENT ? flow.fromClient(like) : flow.fromServer(like);
    }

    private static TestPacket outgoing(TestFlow flow, TestPacket like, byte direction) {
        TestPacket packet =
                direction == PacketBurst.FROM_SERVER
                        ? flow.toClient(like)
                        : flow.method() == ForwardingMethod.DIRECT_ROUTE
                                ? flow.fromClient(like)
                                : flow.toServer(like);
        packet.ttl = like.ttl - 1;
        return packet;
    }

    @ParameterizedTest(name = "{0} protocol {1} IPv6 {2} direction {3}")
    @MethodSource("ways")
    void shouldGiveThePacketThatIsBuiltFromScratch(
            ForwardingMethod method, int protocol, boolean ipv6, byte direction) {
        Random random = new Random(protocol);
        for (int round = 0; round < 500; round++) {
            TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
            TestPacket like = new TestPacket().randomize(random);
            forward(flow, like, direction);
        }
    }

    private void forward(TestFlow flow, TestPacket like, byte direction) {
        test.reset();
        TestPacket incoming = incoming(flow, like, direction);
        int row = test.add(incoming, flow, direction);
        int frameEnd = test.burst.end[row];
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        assertThat(test.packet(row))
                .as("%s", flow)
                .isEqualTo(outgoing(flow, like, direction).bytes());
        assertThat(test.burst.length[row]).isEqualTo(frameEnd);
        assertThat(test.guardsAreWhole(row, frameEnd)).isTrue();
    }

    @ParameterizedTest(name = "{0} protocol {1} IPv6 {2} direction {3}")
    @MethodSource("ways")
    void shouldHitTheCornersOfTheTransportChecksum(
            ForwardingMethod method, int protocol, boolean ipv6, byte direction) {
        Random random = new Random(0xFFFF);
        for (int round = 0; round < 100; round++) {
            TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
            TestPacket like = new TestPacket().randomize(random);
            like.udpChecksum = true;
            like.payload = new byte[2];
            int checksum = transportChecksum(outgoing(flow, like, direction));
            // The word that makes the outgoing checksum 0: all ones on the wire for UDP.
            like.payload = new byte[] {(byte) (checksum >> 8), (byte) checksum};
            if (protocol != TestPacket.SCTP) {
                assertThat(transportChecksum(outgoing(flow, like, direction)))
                        .isEqualTo(protocol == TestPacket.UDP ? 0xFFFF : 0);
            }
            forward(flow, like, direction);
        }
    }

    private static int transportChecksum(TestPacket packet) {
        int offset = packet.protocol == TestPacket.UDP ? 6 : 16;
        if (packet.protocol == TestPacket.SCTP) {
            offset = 8;
        }
        int at = packet.headerBytes() + offset;
        return ByteBuffer.wrap(packet.bytes()).getShort(at) & 0xFFFF;
    }

    @ParameterizedTest(name = "{0} protocol {1} IPv6 {2} direction {3}")
    @MethodSource("ways")
    void shouldHitTheCornersOfTheHeaderChecksum(
            ForwardingMethod method, int protocol, boolean ipv6, byte direction) {
        Random random = new Random(0xFFFE);
        for (int round = 0; round < 100; round++) {
            TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
            TestPacket like = new TestPacket().randomize(random);
            like.identification = 0;
            ByteBuffer packet = ByteBuffer.wrap(outgoing(flow, like, direction).bytes());
            like.identification = packet.getShort(10) & 0xFFFF;
            if (!ipv6) {
                packet = ByteBuffer.wrap(outgoing(flow, like, direction).bytes());
                assertThat(packet.getShort(10)).isZero();
            }
            forward(flow, like, direction);
        }
    }

    @Test
    void shouldKeepOptionsAndCutEthernetPadding() {
        Random random = new Random(3);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.FULLNAT, TestPacket.UDP, false);
        TestPacket like = new TestPacket();
        like.options = new byte[] {7, 7, 4, 0, 0, 0, 0, 0};
        TestPacket incoming = flow.fromClient(like);
        int row = test.add(incoming, flow, PacketBurst.FROM_CLIENT);
        test.burst.length[row] += 10;
        stage.forward(test.burst, 0);
        assertThat(test.packet(row)).isEqualTo(outgoing(flow, like, (byte) 0).bytes());
        assertThat(test.burst.length[row]).isEqualTo(14 + incoming.bytes().length);
    }

    @Test
    void shouldLeaveRowsWithAVerdictOrWithoutAConnectionAlone() {
        Random random = new Random(4);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, false);
        TestPacket packet = flow.fromClient(new TestPacket());
        int decided = test.add(packet, flow, PacketBurst.FROM_CLIENT);
        test.burst.verdict[decided] = Verdict.CONSUMED;
        int unrelated = test.add(packet, flow, PacketBurst.FROM_CLIENT);
        test.burst.connection[unrelated] = 0;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[decided]).isEqualTo(Verdict.CONSUMED);
        assertThat(test.burst.verdict[unrelated]).isEqualTo(Verdict.NONE);
        assertThat(test.packet(decided)).isEqualTo(packet.bytes());
        assertThat(test.packet(unrelated)).isEqualTo(packet.bytes());
    }

    @Test
    void shouldHandThePacketToTheHostWhenTheServerIsTheDirector() {
        Random random = new Random(5);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.LOCAL, TestPacket.TCP, false);
        TestPacket packet = flow.fromClient(new TestPacket());
        int row = test.add(packet, flow, PacketBurst.FROM_CLIENT);
        test.burst.nextHop[row] = PacketBurst.NEXT_HOP_NONE;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.EXCEPTION);
        assertThat(test.packet(row)).isEqualTo(packet.bytes());
    }

    @Test
    void shouldDropAPacketWithoutANextHop() {
        Random random = new Random(6);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, false);
        int row = test.add(flow.fromClient(new TestPacket()), flow, PacketBurst.FROM_CLIENT);
        test.burst.nextHop[row] = PacketBurst.NEXT_HOP_NONE;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_NO_ROUTE);
    }
}
