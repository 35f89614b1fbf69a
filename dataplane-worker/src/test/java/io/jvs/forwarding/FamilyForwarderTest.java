package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header translation by RFC 7915, each rule with its section. */
class FamilyForwarderTest {
    private static final byte FROM_CLIENT = PacketBurst.FROM_CLIENT;
    private static final byte FROM_SERVER = PacketBurst.FROM_SERVER;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE = 0x2000;

    private final Random random = new Random(7915);
    private final TestBurst test = new TestBurst();
    private final PacketBurst burst = test.burst;
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());

    @AfterEach
    void close() {
        test.close();
    }

    private TestFlow flow(boolean clientIpv6) {
        return TestFlow.mixed(random, TestPacket.UDP, clientIpv6);
    }

    private int add(TestPacket packet, TestFlow flow, byte direction) {
        int row = test.add(packet, flow, direction);
        burst.fragment[row] = 0;
        burst.tcpFlags[row] = packet.protocol == TestPacket.TCP ? 0x18 : 0;
        return row;
    }

    private static ByteBuffer header(byte[] packet) {
        return ByteBuffer.wrap(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {TestPacket.TCP, TestPacket.UDP, TestPacket.SCTP})
    void shouldTranslateWhatBothEndsSend(int protocol) {
        for (int round = 0; round < 3000; round++) {
            TestFlow flow = TestFlow.mixed(random, protocol, random.nextBoolean());
            TestPacket like = new TestPacket().randomize(random);
            boolean up = random.nextBoolean();
            TestPacket sent = up ? flow.fromClient(like) : flow.fromServer(like);
            sent.udpChecksum |= sent.ipv6();
            TestPacket expected = up ? flow.toServer(like) : flow.toClient(like);
            test.reset();
            int row = add(sent, flow, up ? FROM_CLIENT : FROM_SERVER);
            stage.forward(burst, 0);
            assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
            byte[] got = test.packet(row);
            expected.ttl--;
            expected.flowLabel = 0;
            expected.udpChecksum = true;
            expected.dontFragment = false;
            expected.identification = expected.ipv6() ? 0 : header(got).getShort(4);
            assertThat(got).isEqualTo(expected.bytes());
            assertThat(burst.length[row]).isEqualTo(burst.end[row]);
        }
    }

    /** Section 4.1, time to live; the answer is in the sender's version. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerWhenTheLastHopIsUsedUp(boolean clientIpv6) {
        TestFlow flow = flow(clientIpv6);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.ttl = 1;
        int row = add(packet, flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.REPLIED);
        byte[] answer = test.packet(row);
        assertThat(answer[clientIpv6 ? 40 : 20]).isEqualTo((byte) (clientIpv6 ? 3 : 11));
    }

    /** Section 4.1: options are left out, but for a source route that is not used up. */
    @Test
    void shouldLeaveOptionsOut() {
        TestFlow flow = flow(false);
        TestPacket packet = flow.fromClient(new TestPacket().randomize(random));
        packet.options = new byte[] {1, (byte) 131, 7, 8, 1, 2, 3, 4};
        int row = add(packet, flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        packet.options = new byte[0];
        byte[] got = test.packet(row);
        assertThat(header(got).getShort(4)).isEqualTo((short) (8 + packet.payload.length));
        assertThat(got[6]).isEqualTo((byte) TestPacket.UDP);
    }

    @ParameterizedTest
    @ValueSource(ints = {131, 137})
    void shouldRefuseSourceRoutesThatAreNotUsedUp(int option) {
        TestFlow flow = flow(false);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.options = new byte[] {1, (byte) option, 7, 4, 1, 2, 3, 4};
        int row = add(packet, flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.REPLIED);
        assertThat(header(test.packet(row)).getShort(20)).isEqualTo((short) 0x0305);
    }

    /** Section 4.1: no fragment header for a whole packet; what may not be cut is answered. */
    @Test
    void shouldTellTheSizeThatPassesAsIpv6() {
        TestFlow flow = flow(false);
        TestPacket packet = sized(flow.fromClient(new TestPacket()), 1481, true);
        int row = add(packet, flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.REPLIED);
        ByteBuffer answer = header(test.packet(row));
        assertThat(answer.getShort(20)).isEqualTo((short) 0x0304);
        assertThat(answer.getShort(26)).isEqualTo((short) 1480);
        test.reset();
        row = add(sized(packet, 1480, true), flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        assertThat(test.packet(row)).hasSize(1500);
    }

    private TestPacket sized(TestPacket packet, int bytes, boolean keepsWhole) {
        packet.payload = new byte[bytes - packet.headerBytes() - 8];
        random.nextBytes(packet.payload);
        packet.dontFragment = keepsWhole;
        return packet;
    }

    /** Section 4: larger than 1280 and DF clear is cut, and every piece has a fragment header. */
    @Test
    void shouldCutWhatMayBeCutTo1280() {
        TestFlow flow = flow(false);
        TestPacket packet = sized(flow.fromClient(new TestPacket()), 3000, false);
        packet.udpChecksum = false;
        int row = add(packet, flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.count).isEqualTo(3);
        TestPacket whole = flow.toServer(packet);
        whole.udpChecksum = true;
        byte[] expected = Arrays.copyOfRange(whole.bytes(), 40, 40 + 2980);
        byte[] joined = new byte[2980];
        for (int i = row; i < 3; i++) {
            byte[] piece = test.packet(i);
            ByteBuffer header = header(piece);
            assertThat(burst.verdict[i]).isEqualTo(Verdict.FORWARDED);
            assertThat(piece).hasSizeLessThanOrEqualTo(1280);
            assertThat(header.getShort(4)).isEqualTo((short) (piece.length - 40));
            assertThat(header.get(6)).isEqualTo((byte) 44);
            assertThat(header.get(40)).isEqualTo((byte) TestPacket.UDP);
            int word = header.getShort(42);
            assertThat(word & 1).isEqualTo(i < 2 ? 1 : 0);
            assertThat(header.getInt(44))
                    .isBetween(0, 0xFFFF)
                    .isEqualTo(header(test.packet(0)).getInt(44));
            System.arraycopy(piece, 48, joined, word & 0xFFF8, piece.length - 48);
        }
        assertThat(joined).isEqualTo(expected);
    }

    /** Section 4.1: offset, more, and the identification's 16 bits. */
    @ParameterizedTest
    @ValueSource(ints = {MORE, MORE | 100, 185, DONT_FRAGMENT | MORE})
    void shouldTranslateFragmentsToIpv6(int word) {
        TestFlow flow = flow(false);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.payload = new byte[800];
        int row = add(packet, flow, FROM_CLIENT);
        boolean later = (word & 0x1FFF) != 0;
        Memory.putShortBe(burst.data[row] + burst.layer3[row] + 6, word);
        burst.fragment[row] = 1 << 31 | (word & 0x1FFF) << 3 | ((word & MORE) != 0 ? 1 : 0);
        burst.protocol[row] = later ? 44 : TestPacket.UDP;
        byte[] payload = Arrays.copyOfRange(test.packet(row), 20, 828);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        byte[] got = test.packet(row);
        ByteBuffer header = header(got);
        assertThat(header.getShort(4)).isEqualTo((short) 816);
        assertThat(header.getInt(40) & 0xFFFF)
                .isEqualTo((word & 0x1FFF) << 3 | ((word & MORE) != 0 ? 1 : 0));
        assertThat(header.get(40)).isEqualTo((byte) TestPacket.UDP);
        assertThat(header.getInt(44)).isEqualTo(0x1234);
        assertThat(Arrays.copyOfRange(got, 48 + 8, 48 + 808))
                .isEqualTo(Arrays.copyOfRange(payload, 8, 808));
        assertThat(Arrays.equals(Arrays.copyOfRange(got, 48, 56), Arrays.copyOf(payload, 8)))
                .isEqualTo(later);
    }

    /** Section 4.5: the checksum of a datagram that is not here at once cannot be computed. */
    @Test
    void shouldDropFragmentsOfUdpWithoutChecksum() {
        TestFlow flow = flow(false);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.udpChecksum = false;
        int row = add(packet, flow, FROM_CLIENT);
        burst.fragment[row] = 1 << 31 | 1;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.DROP_NOT_TRANSLATED);
    }

    /** Section 5.1: DF is set above 1260 bytes only. */
    @ParameterizedTest
    @ValueSource(ints = {1279, 1280, 1281, 1520})
    void shouldLetSmallPacketsBeCutOnTheWay(int bytes) {
        TestFlow flow = flow(true);
        int row = add(sized(flow.fromClient(new TestPacket()), bytes, false), flow, FROM_CLIENT);
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        int word = header(test.packet(row)).getShort(6);
        assertThat(word).isEqualTo(bytes - 20 > 1260 ? DONT_FRAGMENT : 0);
    }

    /** Section 5.1: what is too big for the IPv4 way is told with the 20 bytes added. */
    @Test
    void shouldTellTheSizeThatPassesAsIpv4() {
        TestFlow flow = flow(true);
        int row = add(sized(flow.fromClient(new TestPacket()), 1451, false), flow, FROM_CLIENT);
        burst.mtu[row] = 1400;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.REPLIED);
        ByteBuffer answer = header(test.packet(row));
        assertThat(answer.get(40)).isEqualTo((byte) 2);
        assertThat(answer.getInt(44)).isEqualTo(1420);
    }

    /** A way of less than 1260 bytes: the packet has DF clear, and is cut here already. */
    @Test
    void shouldCutForAnIpv4WayBelowTheLeastOfIpv6() {
        TestFlow flow = flow(true);
        int row = add(sized(flow.fromClient(new TestPacket()), 1280, false), flow, FROM_CLIENT);
        burst.mtu[row] = 576;
        stage.forward(burst, 0);
        assertThat(burst.count).isEqualTo(3);
        for (int i = row; i < 3; i++) {
            assertThat(burst.verdict[i]).isEqualTo(Verdict.FORWARDED);
            assertThat(test.packet(i)).hasSizeLessThanOrEqualTo(576);
            assertThat(burst.mtu[i]).isEqualTo(576);
        }
    }

    /** Section 5.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {1, 800 | 1, 1480})
    void shouldTranslateFragmentsToIpv4(int word) {
        TestFlow flow = flow(true);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.payload = new byte[800];
        byte[] plain = packet.bytes();
        byte[] bytes = withHeader(plain, 44, new byte[8]);
        ByteBuffer.wrap(bytes).putInt(40, TestPacket.UDP << 24 | word).putInt(44, 0x9876_5432);
        int row = test.add(bytes, true, 48, 14, 0);
        test.join(row, flow, FROM_CLIENT);
        boolean later = (word & 0xFFF8) != 0;
        burst.fragment[row] = 1 << 31 | word;
        burst.fragmentBytes[row] = 808;
        burst.protocol[row] = later ? 44 : TestPacket.UDP;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        ByteBuffer header = header(test.packet(row));
        assertThat(header.getShort(2)).isEqualTo((short) 828);
        assertThat(header.getShort(4)).isEqualTo((short) 0x5432);
        assertThat(header.getShort(6))
                .isEqualTo((short) ((word & 0xFFF8) >>> 3 | ((word & 1) != 0 ? MORE : 0)));
        assertThat(header.get(9)).isEqualTo((byte) TestPacket.UDP);
        assertThat(SlowChecksum.of(test.packet(row), 0, 20)).isZero();
    }

    private static byte[] withHeader(byte[] packet, int number, byte[] header) {
        ByteBuffer longer = ByteBuffer.allocate(packet.length + header.length);
        longer.put(packet, 0, 40).put(header).put(packet, 40, packet.length - 40);
        longer.putShort(4, (short) (longer.capacity() - 40)).put(6, (byte) number);
        return longer.array();
    }

    /** Section 5.1: hop-by-hop and destination options, and routing headers at their end. */
    @Test
    void shouldLeaveExtensionHeadersOut() {
        TestFlow flow = flow(true);
        TestPacket packet = flow.fromClient(new TestPacket());
        byte[] bytes = withHeader(packet.bytes(), 60, new byte[] {17, 0, 1, 4, 0, 0, 0, 0});
        int row = test.add(bytes, true, 48, 14, 0);
        test.join(row, flow, FROM_CLIENT);
        burst.fragment[row] = 0;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        TestPacket expected = flow.toServer(packet);
        expected.ttl--;
        expected.identification = header(test.packet(row)).getShort(4);
        assertThat(test.packet(row)).isEqualTo(expected.bytes());
    }

    /** They would be missing from the datagram, and the other fragments' offsets be wrong. */
    @Test
    void shouldRefuseExtensionHeadersBehindAFragmentHeader() {
        TestFlow flow = flow(true);
        TestPacket packet = flow.fromClient(new TestPacket());
        byte[] bytes = withHeader(packet.bytes(), 44, new byte[16]);
        int row = test.add(bytes, true, 56, 14, 0);
        test.join(row, flow, FROM_CLIENT);
        burst.fragment[row] = 1 << 31 | 1;
        burst.fragmentBytes[row] = 16;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.DROP_EXTENSION_HEADER);
    }

    @Test
    void shouldDropWhatHasNoRoomInFront() {
        TestFlow flow = flow(false);
        int row = add(flow.fromClient(new TestPacket()), flow, FROM_CLIENT);
        burst.headroom[row] = 19;
        stage.forward(burst, 0);
        assertThat(burst.verdict[row]).isEqualTo(Verdict.DROP_NO_HEADROOM);
    }

    /** Neither end may send more than passes as IPv6. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLowerTheSegmentSizeWhereGrowthWouldBeTooMuch(boolean clientIpv6) {
        TestFlow flow = TestFlow.mixed(random, TestPacket.TCP, clientIpv6);
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.payload = new byte[] {2, 4, 0x22, 0x0C};
        byte[] bytes = packet.bytes();
        int tcp = packet.headerBytes();
        bytes[tcp + 12] = 0x60;
        bytes[tcp + 13] = 2;
        bytes[tcp + 16] = 0;
        bytes[tcp + 17] = 0;
        int pseudo =
                SlowChecksum.pseudoHeader(packet.source.bytes(), packet.destination.bytes(), 6, 24);
        int sum = ~SlowChecksum.sum(pseudo, bytes, tcp, tcp + 24) & 0xFFFF;
        ByteBuffer.wrap(bytes).putShort(tcp + 16, (short) sum);
        int row = test.add(bytes, clientIpv6, tcp, 14, 0);
        test.join(row, flow, FROM_CLIENT);
        burst.fragment[row] = 0;
        burst.tcpFlags[row] = 2;
        burst.mtu[row] = 9000;
        stage.forward(burst, 0);
        byte[] got = test.packet(row);
        int at = clientIpv6 ? 20 : 40;
        assertThat(header(got).getShort(at + 22)).isEqualTo((short) (clientIpv6 ? 1440 : 1460));
        TestPacket after = flow.toServer(packet);
        int check =
                SlowChecksum.pseudoHeader(after.source.bytes(), after.destination.bytes(), 6, 24);
        assertThat(~SlowChecksum.sum(check, got, at, at + 24) & 0xFFFF).isZero();
    }
}
