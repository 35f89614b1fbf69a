package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors of mixed connections, whole (RFC 7915 sections 4.2, 4.3, 5.2 and 5.3). */
class IcmpFamilyTranslatorTest {
    private static final Address ROUTER4 = Address.parse("198.51.100.1");
    private static final Address ROUTER6 = Address.parse("2001:db8:ffff::1");

    private final Random random = new Random(4443);
    private final TestBurst test = new TestBurst();
    private final PacketBurst burst = test.burst;
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());

    @AfterEach
    void close() {
        test.close();
    }

    /** An error, as a router sends it, about what left here towards it. */
    private static TestPacket error(TestFlow flow, boolean fromServer, byte[] about) {
        TestPacket error = new TestPacket();
        error.destination = fromServer ? flow.local() : flow.virtual();
        boolean ipv6 = error.destination.isIpv6();
        error.source = ipv6 ? ROUTER6 : ROUTER4;
        error.protocol = ipv6 ? TestPacket.ICMP6 : TestPacket.ICMP;
        error.icmpTypeAndCode = ipv6 ? 0x0104 : 0x0303;
        error.trafficClass = 0xC0;
        error.payload = about;
        return error;
    }

    private byte[] forward(TestPacket error, TestFlow flow, boolean fromServer) {
        test.reset();
        int row =
                test.add(
                        error,
                        flow,
                        fromServer ? PacketBurst.FROM_SERVER : PacketBurst.FROM_CLIENT);
        burst.fragment[row] = 0;
        stage.forward(burst, 0);
        return burst.verdict[row] == Verdict.FORWARDED ? test.packet(row) : new byte[0];
    }

    private static TestPacket sentOn(TestFlow flow, boolean fromServer, TestPacket like) {
        TestPacket sent = fromServer ? flow.toServer(like) : flow.toClient(like);
        sent.udpChecksum = true;
        return sent;
    }

    @ParameterizedTest
    @ValueSource(ints = {TestPacket.TCP, TestPacket.UDP})
    void shouldEmbedWhatTheSenderSent(int protocol) {
        for (int round = 0; round < 1000; round++) {
            TestFlow flow = TestFlow.mixed(random, protocol, random.nextBoolean());
            boolean fromServer = random.nextBoolean();
            TestPacket like = new TestPacket().randomize(random);
            like.identification = 0;
            like.flowLabel = 0;
            like.udpChecksum = true;
            like.dontFragment = false;
            byte[] about = sentOn(flow, fromServer, like).bytes();
            byte[] got = forward(error(flow, fromServer, about), flow, fromServer);
            TestPacket original = fromServer ? flow.fromClient(like) : flow.fromServer(like);
            TestPacket expected = new TestPacket();
            expected.source = fromServer ? flow.virtual() : flow.local();
            expected.destination = fromServer ? flow.client() : flow.real();
            boolean ipv6 = expected.destination.isIpv6();
            expected.protocol = ipv6 ? TestPacket.ICMP6 : TestPacket.ICMP;
            expected.icmpTypeAndCode = ipv6 ? 0x0104 : 0x0303;
            expected.trafficClass = 0xC0;
            expected.ttl = 63;
            expected.payload = original.bytes();
            expected.identification = ByteBuffer.wrap(got).getShort(4);
            assertThat(got).isEqualTo(expected.bytes());
        }
    }

    private byte[] told(boolean serverIpv6, int typeAndCode, int rest, int payload) {
        TestFlow flow = TestFlow.mixed(random, TestPacket.UDP, !serverIpv6);
        TestPacket like = new TestPacket();
        like.payload = new byte[payload];
        byte[] about = sentOn(flow, true, like).bytes();
        TestPacket error = error(flow, true, Arrays.copyOf(about, Math.min(about.length, 128)));
        error.icmpTypeAndCode = typeAndCode;
        error.icmpRest = rest;
        return forward(error, flow, true);
    }

    /** Section 4.2: 20 more, never more than the way has, nor less than IPv6's least. */
    @ParameterizedTest
    @CsvSource({
        "1400, 10, 1420",
        "9000, 10, 1500",
        "576, 10, 1280",
        "0, 1480, 1500",
        "0, 1400, 1280"
    })
    void shouldTellAnIpv6SenderTheMtu(int told, int payload, int mtu) {
        byte[] got = told(false, 0x0304, told, payload);
        assertThat(got[40]).isEqualTo((byte) 2);
        assertThat(ByteBuffer.wrap(got).getInt(44)).isEqualTo(mtu);
    }

    /** Section 5.2. */
    @ParameterizedTest
    @CsvSource({"1400, 1380", "9000, 1480", "1280, 1260", "0, 1260", "-1, 1260"})
    void shouldTellAnIpv4SenderTheMtu(int told, int mtu) {
        byte[] got = told(true, 0x0200, told, 10);
        assertThat(ByteBuffer.wrap(got).getShort(20)).isEqualTo((short) 0x0304);
        assertThat(ByteBuffer.wrap(got).getInt(24)).isEqualTo(mtu);
    }

    @Test
    void shouldPointToTheSameField() {
        byte[] got = told(false, 0x0C00, 9 << 24, 10);
        assertThat(ByteBuffer.wrap(got).getInt(44)).isEqualTo(6);
        got = told(false, 0x0302, 0, 10);
        assertThat(ByteBuffer.wrap(got).getShort(40)).isEqualTo((short) 0x0401);
        assertThat(ByteBuffer.wrap(got).getInt(44)).isEqualTo(6);
        got = told(true, 0x0400, 7, 10);
        assertThat(ByteBuffer.wrap(got).getInt(24)).isEqualTo(8 << 24);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0x030E, 0",
        "false, 0x0400, 0",
        "false, 0x0C01, 0",
        "false, 0x0C00, 0x05000000",
        "true, 0x0105, 0",
        "true, 0x0402, 0",
        "true, 0x0400, 3",
        "true, 0x0400, -1",
        "true, 0x6400, 0"
    })
    void shouldDropWhatTheOtherVersionCannotSay(boolean serverIpv6, String type, String rest) {
        told(serverIpv6, Integer.decode(type), Integer.decode(rest), 10);
        assertThat(burst.verdict[0]).isEqualTo(Verdict.DROP_NOT_TRANSLATED);
    }

    /** RFC 4884 section 5: what lies behind the embedded packet goes. */
    @Test
    void shouldCutExtensionsOff() {
        TestFlow flow = TestFlow.mixed(random, TestPacket.UDP, true);
        TestPacket like = new TestPacket();
        like.payload = new byte[100];
        byte[] about = Arrays.copyOf(sentOn(flow, true, like).bytes(), 128 + 12);
        TestPacket error = error(flow, true, about);
        error.icmpRest = 32 << 16;
        byte[] got = forward(error, flow, true);
        assertThat(got).hasSize(40 + 8 + 40 + 8 + 100);
        assertThat(ByteBuffer.wrap(got).getInt(44)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotGrowBeyondWhatAnErrorMayBe(boolean serverIpv6) {
        TestFlow flow = TestFlow.mixed(random, TestPacket.UDP, !serverIpv6);
        TestPacket like = new TestPacket();
        like.payload = new byte[1400];
        byte[] about = sentOn(flow, true, like).bytes();
        byte[] got = forward(error(flow, true, Arrays.copyOf(about, 1240)), flow, true);
        assertThat(got).hasSize(serverIpv6 ? 576 : 1280);
        int icmp = serverIpv6 ? 20 : 40;
        int start =
                serverIpv6
                        ? 0
                        : SlowChecksum.pseudoHeader(
                                flow.virtual().bytes(), flow.client().bytes(), 58, got.length - 40);
        assertThat(~SlowChecksum.sum(start, got, icmp, got.length) & 0xFFFF).isZero();
        int embedded = ByteBuffer.wrap(got).getShort(icmp + 8 + (serverIpv6 ? 2 : 4));
        assertThat(embedded).isEqualTo(1408 + (serverIpv6 ? 20 : 0));
    }

    @Test
    void shouldDropWhatIsTooShort() {
        TestFlow flow = TestFlow.mixed(random, TestPacket.UDP, true);
        byte[] about = sentOn(flow, true, new TestPacket()).bytes();
        forward(error(flow, true, Arrays.copyOf(about, 27)), flow, true);
        assertThat(burst.verdict[0]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        TestFlow other = TestFlow.mixed(random, TestPacket.UDP, false);
        about = sentOn(other, true, new TestPacket()).bytes();
        forward(error(other, true, Arrays.copyOf(about, 47)), other, true);
        assertThat(burst.verdict[0]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
    }
}
