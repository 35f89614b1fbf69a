package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Tunnel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered with an ICMP error instead of forwarded: TTL used up, or too big. */
final class AnswerTest {
    private final TestBurst test = new TestBurst();
    private final ServerPaths paths = new ServerPaths();
    private final ForwardStage stage = TestStage.create(test, paths);
    private final Random random = new Random(1191);

    @AfterEach
    void close() {
        test.close();
    }

    private TestFlow flow(ForwardingMethod method, boolean ipv6) {
        return TestFlow.random(random, method, TestPacket.UDP, ipv6);
    }

    private TestPacket packet(TestFlow flow, byte direction, int bytes) {
        TestPacket packet =
                direction == PacketBurst.FROM_CLIENT
                        ? flow.fromClient(new TestPacket())
                        : flow.fromServer(new TestPacket());
        packet.payload = new byte[bytes - packet.headerBytes() - 8];
        return packet;
    }

    /** The answer to {@code packet}, which quotes it as it came. */
    private void assertAnswer(int row, TestPacket packet, int typeAndCode, int rest) {
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.REPLIED);
        assertThat(test.burst.nextHop[row]).isEqualTo(PacketBurst.NEXT_HOP_DONE);
        ByteBuffer answer = ByteBuffer.wrap(test.packet(row));
        int headerBytes = packet.ipv6() ? 40 : 20;
        byte[] to = new byte[packet.ipv6() ? 16 : 4];
        answer.get(packet.ipv6() ? 24 : 16, to);
        assertThat(to).isEqualTo(packet.source.bytes());
        assertThat(answer.getShort(headerBytes)).isEqualTo((short) typeAndCode);
        assertThat(answer.getInt(headerBytes + 4)).isEqualTo(rest);
        byte[] quoted = Arrays.copyOfRange(answer.array(), headerBytes + 8, answer.capacity());
        assertThat(quoted).isEqualTo(Arrays.copyOf(packet.bytes(), quoted.length));
    }

    @ParameterizedTest
    @CsvSource({
        "NAT,false,0",
        "NAT,false,1",
        "NAT,true,0",
        "NAT,true,1",
        "FULLNAT,false,0",
        "FULLNAT,false,1",
        "FULLNAT,true,0",
        "FULLNAT,true,1",
        "DIRECT_ROUTE,false,0",
        "DIRECT_ROUTE,true,0",
        "TUNNEL,false,0",
        "TUNNEL,true,0"
    })
    void shouldAnswerAPacketWhoseTtlIsUsedUp(
            ForwardingMethod method, boolean ipv6, byte direction) {
        for (int ttl = 0; ttl <= 1; ttl++) {
            test.reset();
            TestFlow flow = flow(method, ipv6);
            TestPacket packet = packet(flow, direction, 100);
            packet.ttl = ttl;
            int row = test.add(packet, flow, direction);
            stage.forward(test.burst, 0);
            assertAnswer(row, packet, ipv6 ? 0x0300 : 0x0B00, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NAT,false,0",
        "NAT,false,1",
        "NAT,true,0",
        "NAT,true,1",
        "FULLNAT,false,0",
        "FULLNAT,false,1",
        "FULLNAT,true,0",
        "FULLNAT,true,1",
        "DIRECT_ROUTE,false,0",
        "DIRECT_ROUTE,true,0"
    })
    void shouldTellTheMtuFromTheFirstByteOverIt(
            ForwardingMethod method, boolean ipv6, byte direction) {
        TestFlow flow = flow(method, ipv6);
        for (int bytes : new int[] {1399, 1400, 1401}) {
            test.reset();
            TestPacket packet = packet(flow, direction, bytes);
            packet.dontFragment = true;
            int row = test.add(packet, flow, direction);
            test.burst.mtu[row] = 1400;
            stage.forward(test.burst, 0);
            if (bytes <= 1400) {
                assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
            } else {
                assertAnswer(row, packet, ipv6 ? 0x0200 : 0x0304, 1400);
            }
        }
    }

    private void openTunnel(boolean ipv6, int mtu) {
        Address source = ipv6 ? TestStage.DIRECTOR6 : TestStage.DIRECTOR4;
        Address server = Address.parse(ipv6 ? "2001:db8:5::5" : "10.5.5.5");
        paths.set(
                TestFlow.SERVER_INDEX,
                ServerPath.tunnel(TestBurst.NEXT_HOP, mtu, source, server, Tunnel.IPIP));
    }

    @ParameterizedTest(name = "inner IPv6 {0} outer IPv6 {1} mtu {2}: {3}")
    @CsvSource({
        "false,false,1500,1480",
        "false,true,1500,1460",
        "true,false,1500,1480",
        "true,true,1500,1460",
        "true,false,1290,1280",
        "true,true,1280,1280"
    })
    void shouldTellTheMtuOfTheTunnel(boolean inner, boolean outer, int mtu, int tunnelMtu) {
        openTunnel(outer, mtu);
        TestFlow flow = flow(ForwardingMethod.TUNNEL, inner);
        TestPacket packet = packet(flow, PacketBurst.FROM_CLIENT, tunnelMtu + 1);
        packet.dontFragment = true;
        int row = test.add(packet, flow, PacketBurst.FROM_CLIENT);
        test.burst.mtu[row] = mtu;
        stage.forward(test.burst, 0);
        assertAnswer(row, packet, inner ? 0x0200 : 0x0304, tunnelMtu);
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @CsvSource({"false", "true"})
    void shouldNeverAnswerAnIcmpError(boolean ipv6) {
        TestFlow flow = flow(ForwardingMethod.NAT, ipv6);
        TestPacket error = new TestPacket();
        error.source = flow.real();
        error.destination = flow.local();
        error.protocol = ipv6 ? TestPacket.ICMP6 : TestPacket.ICMP;
        error.payload = flow.toServer(new TestPacket()).bytes();
        error.ttl = 1;
        int row = test.add(error, flow, PacketBurst.FROM_SERVER);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_TTL_EXCEEDED);
    }

    @Test
    void shouldDropAnIcmpv6ErrorThatIsTooBig() {
        TestFlow flow = flow(ForwardingMethod.NAT, true);
        TestPacket error = new TestPacket();
        error.source = flow.real();
        error.destination = flow.local();
        error.protocol = TestPacket.ICMP6;
        error.payload = Arrays.copyOf(flow.toServer(new TestPacket()).bytes(), 1300);
        int row = test.add(error, flow, PacketBurst.FROM_SERVER);
        test.burst.mtu[row] = 1280;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_TOO_BIG);
    }
}
