package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ExtraLayout;
import io.jvs.connection.SequenceOffsets;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole packets of connections whose data changes length, in and out; checksums by the book. */
class SequenceShiftTest {
    private static final int SYN = 2;

    private final TestBurst test = new TestBurst();
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());
    private final Random random = new Random(7);

    @AfterEach
    void close() {
        test.close();
    }

    private int add(TestFlow flow, TestPacket like, byte direction) {
        TestPacket packet =
                direction == PacketBurst.FROM_CLIENT
                        ? flow.fromClient(like)
                        : flow.fromServer(like);
        return test.add(packet, flow, direction);
    }

    /** The client's text at 1000 grew by 7, the server's at 9000 shrank by 4. */
    private void change(int row) {
        long connection = test.burst.connection[row];
        long extra = test.extras.attach(connection);
        SequenceOffsets.change(connection, extra, PacketBurst.FROM_CLIENT, 1000, 7);
        SequenceOffsets.change(connection, extra, PacketBurst.FROM_SERVER, 9000, -4);
    }

    private byte[] forward(int row) {
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        byte[] packet = test.packet(row);
        test.extras.detach(test.burst.connection[row]);
        test.reset();
        return packet;
    }

    private static byte[] wanted(TestFlow flow, TestPacket like, byte direction) {
        TestPacket packet =
                direction == PacketBurst.FROM_CLIENT ? flow.toServer(like) : flow.toClient(like);
        packet.ttl--;
        return packet.bytes();
    }

    @ParameterizedTest(name = "{0} IPv6 {1}")
    @CsvSource({"NAT,false", "NAT,true", "FULLNAT,false", "FULLNAT,true"})
    void shouldShiftBothWays(ForwardingMethod method, boolean ipv6) {
        for (int round = 0; round < 200; round++) {
            TestFlow flow = TestFlow.random(random, method, TestPacket.TCP, ipv6);
            TestPacket like = new TestPacket().randomize(random);
            like.sequence = 1000 + random.nextInt(3);
            like.acknowledgement = 8996 + random.nextInt(8);
            int row = add(flow, like, PacketBurst.FROM_CLIENT);
            change(row);
            TestPacket after = like.copy();
            after.sequence += like.sequence > 1000 ? 7 : 0;
            after.acknowledgement += like.acknowledgement > 9000 ? 4 : 0;
            assertThat(forward(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_CLIENT));

            like.sequence = 9000 + random.nextInt(3);
            like.acknowledgement = 1000 + random.nextInt(20);
            row = add(flow, like, PacketBurst.FROM_SERVER);
            change(row);
            after = like.copy();
            after.sequence -= like.sequence > 9000 ? 4 : 0;
            after.acknowledgement -= like.acknowledgement > 1000 ? 7 : 0;
            assertThat(forward(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_SERVER));
        }
    }

    private static byte[] sack(int before, int... edges) {
        ByteBuffer options = ByteBuffer.allocate((before + 2 + edges.length * 4 + 3) / 4 * 4);
        for (int i = 0; i < before; i++) {
            options.put((byte) 1);
        }
        options.put((byte) 5).put((byte) (2 + edges.length * 4));
        for (int edge : edges) {
            options.putInt(edge);
        }
        return options.array();
    }

    /** Wherever the option begins, as the checksum's words are two bytes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldShiftTheBlocksOfSack(int before) {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, true);
        TestPacket like = new TestPacket();
        like.acknowledgement = 1000;
        like.tcpOptions = sack(before, 1050, 1100, 900, 950, -5, 5);
        int row = add(flow, like, PacketBurst.FROM_SERVER);
        change(row);
        TestPacket after = like.copy();
        after.sequence = like.sequence - 4;
        after.tcpOptions = sack(before, 1043, 1093, 900, 950, -5, 5);
        assertThat(forward(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_SERVER));
    }

    @Test
    void shouldNotReadBeyondOptions() {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, false);
        byte[][] broken = {
            {5, 10, 0, 0}, {1, 1, 1, 5}, {5, 0, 0, 0}, {3, 1, 5, 10}, {0, 5, 10, 0}, {8, 60, 5, 10}
        };
        for (byte[] options : broken) {
            TestPacket like = new TestPacket();
            like.tcpOptions = options;
            like.payload = new byte[] {0, 0, 4, 26, 0, 0, 4, 76};
            int row = add(flow, like, PacketBurst.FROM_SERVER);
            change(row);
            TestPacket after = like.copy();
            after.sequence = like.sequence - 4;
            after.acknowledgement = like.acknowledgement - 7;
            assertThat(forward(row))
                    .as(Arrays.toString(options))
                    .isEqualTo(wanted(flow, after, PacketBurst.FROM_SERVER));
        }
    }

    private static byte[] stamps(int before, int stamp, int echo) {
        ByteBuffer options = ByteBuffer.allocate((before + 10 + 18 + 3) / 4 * 4);
        for (int i = 0; i < before; i++) {
            options.put((byte) 1);
        }
        options.put((byte) 8).put((byte) 10).putInt(stamp).putInt(echo);
        return options.put((byte) 5).put((byte) 10).putInt(900).putInt(950).array();
    }

    private byte[] forwardStamped(int row) {
        change(row);
        ExtraLayout.beginStamps(test.extras.of(test.burst.connection[row]), 0x1234_5679);
        return forward(row);
    }

    /** The server's clock less 0x12345679 is what the client was shown; wherever it stands. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldShiftTimeStamps(int before) {
        for (int round = 0; round < 100; round++) {
            TestFlow flow =
                    TestFlow.random(
                            random, ForwardingMethod.FULLNAT, TestPacket.TCP, round % 2 == 0);
            TestPacket like = new TestPacket().randomize(random);
            like.tcpFlags |= 0x10;
            like.sequence = 0;
            like.acknowledgement = 0;
            int server = random.nextInt();
            int client = random.nextInt();
            like.tcpOptions = stamps(before, client, server);
            TestPacket after = like.copy();
            after.tcpOptions = stamps(before, client, server - 0x1234_5679);
            int row = add(flow, like, PacketBurst.FROM_CLIENT);
            assertThat(forwardStamped(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_CLIENT));

            like.tcpOptions = stamps(before, server, client);
            after.tcpOptions = stamps(before, server + 0x1234_5679, client);
            row = add(flow, like, PacketBurst.FROM_SERVER);
            assertThat(forwardStamped(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_SERVER));
        }
    }

    @Test
    void shouldNotShiftBrokenTimeStamps() {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, false);
        byte[][] broken = {
            {1, 1, 8, 10}, {8, 10, 0, 0}, {8, 6, 1, 2, 3, 4, 0, 0}, {8, 1, 8, 10}, {8, 0, 0, 0}
        };
        for (byte[] options : broken) {
            TestPacket like = new TestPacket();
            like.tcpOptions = options;
            like.payload = new byte[] {1, 2, 3, 4, 5, 6, 7, 8};
            like.sequence = 0;
            like.acknowledgement = 0;
            int row = add(flow, like, PacketBurst.FROM_SERVER);
            assertThat(forwardStamped(row))
                    .as(Arrays.toString(options))
                    .isEqualTo(wanted(flow, like, PacketBurst.FROM_SERVER));
        }
    }

    @Test
    void shouldNotTakeANumberWithoutAckForOne() {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.FULLNAT, TestPacket.TCP, false);
        TestPacket like = new TestPacket();
        like.tcpFlags = SYN;
        like.acknowledgement = 5000;
        int row = add(flow, like, PacketBurst.FROM_SERVER);
        change(row);
        TestPacket after = like.copy();
        after.sequence = like.sequence - 4;
        assertThat(forward(row)).isEqualTo(wanted(flow, after, PacketBurst.FROM_SERVER));
    }

    @Test
    void shouldLeaveOtherConnectionsAlone() {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, false);
        TestPacket like = new TestPacket();
        int row = add(flow, like, PacketBurst.FROM_CLIENT);
        change(row);
        ConnectionLayout.clear(test.burst.connection[row], ConnectionLayout.SHIFTED);
        assertThat(forward(row)).isEqualTo(wanted(flow, like, PacketBurst.FROM_CLIENT));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveFollowersAndUdpAlone(boolean ipv6) {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.UDP, ipv6);
        TestPacket like = new TestPacket();
        like.payload = new byte[40];
        int row = add(flow, like, PacketBurst.FROM_CLIENT);
        change(row);
        assertThat(forward(row)).isEqualTo(wanted(flow, like, PacketBurst.FROM_CLIENT));
    }

    /** The client's kernel looks whether it ever sent what an error is about. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShiftBackWhatAnErrorIsAbout(boolean ipv6) {
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.TCP, ipv6);
        TestPacket inner = new TestPacket();
        inner.sequence = 2000;
        TestPacket seen = inner.copy();
        seen.sequence = 2007;
        byte[] said = forwardError(flow, ipv6, flow.toServer(seen).bytes());
        TestPacket wanted = flow.fromClient(inner);
        assertThat(Arrays.copyOfRange(said, (ipv6 ? 40 : 20) + 8, said.length))
                .isEqualTo(wanted.bytes());
        int icmp = ipv6 ? 40 : 20;
        int pseudo =
                ipv6
                        ? SlowChecksum.pseudoHeader(
                                Arrays.copyOfRange(said, 8, 24),
                                Arrays.copyOfRange(said, 24, 40),
                                TestPacket.ICMP6,
                                said.length - icmp)
                        : 0;
        assertThat(SlowChecksum.sum(pseudo, said, icmp, said.length)).isEqualTo(0xFFFF);
    }

    private byte[] forwardError(TestFlow flow, boolean ipv6, byte[] about) {
        TestPacket error = new TestPacket();
        error.protocol = ipv6 ? TestPacket.ICMP6 : TestPacket.ICMP;
        error.icmpTypeAndCode = ipv6 ? 0x0200 : 0x0304;
        error.payload = about;
        error.from(flow.real(), 0).to(flow.local(), 0);
        int row = test.add(error, flow, PacketBurst.FROM_SERVER);
        change(row);
        return forward(row);
    }
}
