package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ICMP errors in and out, whole, for NAT and FULLNAT, both families and directions. */
final class IcmpTranslatorTest {
    private static final Address ROUTER4 = Address.parse("198.51.100.1");
    private static final Address ROUTER6 = Address.parse("2001:db8:ffff::1");

    private final TestBurst test = new TestBurst();
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());

    @AfterEach
    void close() {
        test.close();
    }

    static List<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (ForwardingMethod method : List.of(ForwardingMethod.NAT, ForwardingMethod.FULLNAT)) {
            for (int protocol : new int[] {TestPacket.TCP, TestPacket.UDP, TestPacket.SCTP}) {
                for (boolean ipv6 : new boolean[] {false, true}) {
                    ways.add(Arguments.of(method, protocol, ipv6, PacketBurst.FROM_CLIENT));
                    ways.add(Arguments.of(method, protocol, ipv6, PacketBurst.FROM_SERVER));
                }
            }
        }
        return ways;
    }

    /** The ICMP error as it comes: about the packet that left here towards its sender. */
    private static TestPacket incoming(TestFlow flow, byte direction, Address sender) {
        TestPacket error = error(flow);
        boolean fromServer = direction == PacketBurst.FROM_SERVER;
        error.source = sender;
        error.destination = fromServer ? flow.local() : flow.virtual();
        return error;
    }

    private static TestPacket error(TestFlow flow) {
        TestPacket error = new TestPacket();
        error.protocol = flow.ipv6() ? TestPacket.ICMP6 : TestPacket.ICMP;
        error.icmpTypeAndCode = flow.ipv6() ? 0x0200 : 0x0304;
        error.icmpRest = 1400;
        return error;
    }

    /** The ICMP error as it should leave. */
    private static TestPacket outgoing(TestFlow flow, byte direction, Address sender) {
        TestPacket error = error(flow);
        boolean full = flow.method() == ForwardingMethod.FULLNAT;
        if (direction == PacketBurst.FROM_SERVER) {
            error.source = flow.virtual();
            error.destination = flow.client();
        } else {
            error.source = full ? flow.local() : sender;
            error.destination = flow.real();
        }
        error.ttl--;
        return error;
    }

    private static TestPacket embeddedBefore(TestFlow flow, TestPacket like, byte direction) {
        return direction == PacketBurst.FROM_SERVER ? flow.toServer(like) : flow.toClient(like);
    }

    private static TestPacket embeddedAfter(TestFlow flow, TestPacket like, byte direction) {
        return direction == PacketBurst.FROM_SERVER ? flow.fromClient(like) : flow.fromServer(like);
    }

    private static Address sender(Random random, TestFlow flow, byte direction) {
        if (random.nextBoolean()) {
            return flow.ipv6() ? ROUTER6 : ROUTER4;
        }
        return direction == PacketBurst.FROM_SERVER ? flow.real() : flow.client();
    }

    /** A length from the 8 transport bytes up that does not halve or carry a checksum unseen. */
    private static int cut(Random random, TestPacket embedded) {
        int whole = embedded.bytes().length;
        int least = embedded.headerBytes() + 8;
        if (embedded.protocol == TestPacket.SCTP) {
            return least;
        }
        int cut = least + random.nextInt(whole - least + 1);
        boolean halvesTcp =
                embedded.protocol == TestPacket.TCP && cut == embedded.headerBytes() + 17;
        return halvesTcp ? cut + 1 : cut;
    }

    @ParameterizedTest(name = "{0} protocol {1} IPv6 {2} direction {3}")
    @MethodSource("ways")
    void shouldGiveTheErrorThatIsBuiltFromScratch(
            ForwardingMethod method, int protocol, boolean ipv6, byte direction) {
        Random random = new Random(5508 + protocol);
        for (int round = 0; round < 500; round++) {
            test.reset();
            TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
            TestPacket like = new TestPacket().randomize(random);
            TestPacket before = embeddedBefore(flow, like, direction);
            TestPacket after = embeddedAfter(flow, like, direction);
            int cut = cut(random, before);
            Address sender = sender(random, flow, direction);
            TestPacket in = incoming(flow, direction, sender);
            in.payload = Arrays.copyOf(before.bytes(), cut);
            TestPacket out = outgoing(flow, direction, sender);
            out.payload = Arrays.copyOf(after.bytes(), cut);
            int row = test.add(in, flow, direction);
            int frameEnd = test.burst.end[row];
            stage.forward(test.burst, 0);
            assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
            assertThat(test.packet(row)).as("round %d", round).isEqualTo(out.bytes());
            assertThat(test.guardsAreWhole(row, frameEnd)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} protocol {1} IPv6 {2} direction {3}")
    @MethodSource("ways")
    void shouldDropAnErrorWhoseEmbeddedPacketIsTooShort(
            ForwardingMethod method, int protocol, boolean ipv6, byte direction) {
        Random random = new Random(792);
        TestFlow flow = TestFlow.random(random, method, protocol, ipv6);
        TestPacket embedded = embeddedBefore(flow, new TestPacket(), direction);
        for (int cut = 0; cut < embedded.headerBytes() + 8; cut++) {
            test.reset();
            TestPacket in = incoming(flow, direction, flow.client());
            in.payload = Arrays.copyOf(embedded.bytes(), cut);
            int row = test.add(in, flow, direction);
            stage.forward(test.burst, 0);
            assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
            assertThat(test.packet(row)).isEqualTo(in.bytes());
        }
    }

    @Test
    void shouldDropAnErrorWhoseEmbeddedHeaderLies() {
        Random random = new Random(1);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.UDP, false);
        for (int headerWords : new int[] {0, 4, 15}) {
            test.reset();
            TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, flow.real());
            in.payload = flow.toServer(new TestPacket()).bytes();
            in.payload[0] = (byte) (0x40 | headerWords);
            int row = test.add(in, flow, PacketBurst.FROM_SERVER);
            stage.forward(test.burst, 0);
            assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
            assertThat(test.packet(row)).isEqualTo(in.bytes());
        }
    }

    @Test
    void shouldTranslateBehindEmbeddedOptions() {
        Random random = new Random(2);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.FULLNAT, TestPacket.TCP, false);
        TestPacket like = new TestPacket();
        like.options = new byte[] {1, 1, 1, 1, 7, 7, 4, 0, 0, 0, 0, 0};
        TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, flow.real());
        in.payload = flow.toServer(like).bytes();
        TestPacket out = outgoing(flow, PacketBurst.FROM_SERVER, flow.real());
        out.payload = flow.fromClient(like).bytes();
        int row = test.add(in, flow, PacketBurst.FROM_SERVER);
        stage.forward(test.burst, 0);
        assertThat(test.packet(row)).isEqualTo(out.bytes());
    }

    @Test
    void shouldTranslateBehindEmbeddedExtensionHeaders() {
        Random random = new Random(3);
        byte[] hopByHop = {60, 0, 1, 4, 0, 0, 0, 0};
        byte[] destination = {44, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] firstFragment = {17, 0, 0, 1, 1, 2, 3, 4};
        for (ForwardingMethod method : List.of(ForwardingMethod.NAT, ForwardingMethod.FULLNAT)) {
            test.reset();
            TestFlow flow = TestFlow.random(random, method, TestPacket.UDP, true);
            TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, ROUTER6);
            TestPacket out = outgoing(flow, PacketBurst.FROM_SERVER, ROUTER6);
            in.payload = flow.toServer(new TestPacket()).bytes();
            out.payload = flow.fromClient(new TestPacket()).bytes();
            for (byte[] extension : List.of(firstFragment, destination, hopByHop)) {
                in.payload = insert(in.payload, extension);
                out.payload = insert(out.payload, extension);
            }
            in.payload[6] = 0;
            out.payload[6] = 0;
            int row = test.add(in, flow, PacketBurst.FROM_SERVER);
            stage.forward(test.burst, 0);
            assertThat(test.packet(row)).isEqualTo(out.bytes());
        }
    }

    private static byte[] insert(byte[] packet, byte[] extension) {
        return ByteBuffer.wrap(new byte[packet.length + extension.length])
                .put(packet, 0, 40)
                .put(extension)
                .put(packet, 40, packet.length - 40)
                .array();
    }

    @Test
    void shouldDropAnErrorAboutALaterFragment() {
        Random random = new Random(4);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.UDP, true);
        TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, ROUTER6);
        byte[] laterFragment = {17, 0, 0, 9, 1, 2, 3, 4};
        in.payload = insert(flow.toServer(new TestPacket()).bytes(), laterFragment);
        in.payload[6] = 44;
        int row = test.add(in, flow, PacketBurst.FROM_SERVER);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
    }

    @Test
    void shouldForwardAnErrorUnchangedToADirectRoutingServer() {
        Random random = new Random(6);
        for (boolean ipv6 : new boolean[] {false, true}) {
            test.reset();
            TestFlow flow =
                    TestFlow.random(random, ForwardingMethod.DIRECT_ROUTE, TestPacket.TCP, ipv6);
            TestPacket in = incoming(flow, PacketBurst.FROM_CLIENT, flow.client());
            in.payload = flow.toClient(new TestPacket()).bytes();
            TestPacket out = in.copy();
            out.ttl--;
            int row = test.add(in, flow, PacketBurst.FROM_CLIENT);
            stage.forward(test.burst, 0);
            assertThat(test.packet(row)).isEqualTo(out.bytes());
        }
    }

    @Test
    void shouldCutALargeErrorWhateverItsDfSays() {
        Random random = new Random(7);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.UDP, false);
        TestPacket like = new TestPacket();
        like.payload = new byte[520];
        TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, ROUTER4);
        in.dontFragment = true;
        in.payload = flow.toServer(like).bytes();
        TestPacket out = outgoing(flow, PacketBurst.FROM_SERVER, ROUTER4);
        out.payload = flow.fromClient(like).bytes();
        int row = test.add(in, flow, PacketBurst.FROM_SERVER);
        test.burst.mtu[row] = 300;
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isGreaterThan(1);
        assertThat(Reassembly.of(test, row, 0, 300)).isEqualTo(out.bytes());
    }

    @Test
    void shouldKeepADamagedErrorDamaged() {
        Random random = new Random(8);
        TestFlow flow = TestFlow.random(random, ForwardingMethod.NAT, TestPacket.UDP, false);
        TestPacket in = incoming(flow, PacketBurst.FROM_SERVER, flow.real());
        in.payload = flow.toServer(new TestPacket()).bytes();
        int row = test.add(in, flow, PacketBurst.FROM_SERVER);
        long checksum = test.burst.data[row] + test.burst.layer4[row] + 2;
        Memory.putShort(checksum, Memory.getShort(checksum) ^ 0x40);
        stage.forward(test.burst, 0);
        byte[] bytes = test.packet(row);
        assertThat(SlowChecksum.of(bytes, 20, bytes.length)).isNotZero();
    }
}
