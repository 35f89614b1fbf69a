package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv4 packets larger than the way out whose DF is clear. */
final class FragmenterTest {
    private final TestBurst test = new TestBurst();
    private final ForwardStage stage = TestStage.create(test, new ServerPaths());
    private final Random random = new Random(791);
    private final TestFlow flow =
            TestFlow.random(random, ForwardingMethod.FULLNAT, TestPacket.UDP, false);

    @AfterEach
    void close() {
        test.close();
    }

    private TestPacket packet(int payloadBytes) {
        TestPacket packet = new TestPacket();
        packet.payload = new byte[payloadBytes];
        random.nextBytes(packet.payload);
        return packet;
    }

    private byte[] expected(TestPacket like) {
        TestPacket packet = flow.toServer(like);
        packet.ttl--;
        return packet.bytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {68, 69, 75, 76, 77, 296, 576, 1006, 1280, 1499, 1500})
    void shouldCutSoThatThePiecesGiveTheWhole(int mtu) {
        for (int round = 0; round < 50; round++) {
            test.reset();
            int most = Math.min(2000, 30 * (mtu - 28 & ~7));
            TestPacket like = packet(mtu - 28 + 1 + random.nextInt(most - mtu + 29));
            int row = test.add(flow.fromClient(like), flow, PacketBurst.FROM_CLIENT);
            test.burst.mtu[row] = mtu;
            stage.forward(test.burst, 0);
            assertThat(test.burst.count).isGreaterThan(1);
            assertThat(Reassembly.of(test, row, 0, mtu)).isEqualTo(expected(like));
        }
    }

    @Test
    void shouldLeaveAPacketThatJustFitsWhole() {
        TestPacket like = packet(1500 - 28);
        int row = test.add(flow.fromClient(like), flow, PacketBurst.FROM_CLIENT);
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isEqualTo(1);
        assertThat(test.packet(row)).isEqualTo(expected(like));
    }

    @Test
    void shouldCopyOnlyTheOptionsThatAreToBeCopied() {
        TestPacket like = packet(1500);
        // Record route stays behind, loose source route (copied) and the end go along.
        like.options = new byte[] {1, 7, 3, 4, (byte) 131, 3, 4, 0};
        int row = test.add(flow.fromClient(like), flow, PacketBurst.FROM_CLIENT);
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isEqualTo(2);
        assertThat(Arrays.copyOfRange(test.packet(1), 20, 28))
                .isEqualTo(new byte[] {1, 1, 1, 1, (byte) 131, 3, 4, 0});
        assertThat(Reassembly.of(test, row, 0, 1500)).isEqualTo(expected(like));
    }

    @Test
    void shouldSurviveMalformedOptions() {
        TestPacket like = packet(1500);
        like.options = new byte[] {7, 0, 68, 1, 7, 40, 1, 7};
        int row = test.add(flow.fromClient(like), flow, PacketBurst.FROM_CLIENT);
        stage.forward(test.burst, 0);
        assertThat(Reassembly.of(test, row, 0, 1500)).isEqualTo(expected(like));
    }

    @Test
    void shouldNotDisturbOtherRows() {
        TestPacket small = packet(10);
        TestPacket large = packet(1600);
        int first = test.add(flow.fromClient(small), flow, PacketBurst.FROM_CLIENT);
        int cut = test.add(flow.fromClient(large), flow, PacketBurst.FROM_CLIENT);
        int last = test.add(flow.fromClient(small), flow, PacketBurst.FROM_CLIENT);
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isEqualTo(4);
        assertThat(test.packet(first)).isEqualTo(expected(small));
        assertThat(test.packet(last)).isEqualTo(expected(small));
        assertThat(Reassembly.of(test, cut, 3, 1500)).isEqualTo(expected(large));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldDropThePacketAndGiveBuffersBackWhenThePoolIsEmpty(int left) {
        int row = test.add(flow.fromClient(packet(1500)), flow, PacketBurst.FROM_CLIENT);
        test.burst.mtu[row] = 500;
        int free = test.freeBuffers();
        test.available = left;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_NO_BUFFER);
        assertThat(test.burst.count).isEqualTo(1);
        assertThat(test.freeBuffers()).isEqualTo(free);
    }

    @Test
    void shouldDropThePacketWhenTheBurstIsFull() {
        while (test.burst.count < PacketBurst.CAPACITY) {
            test.add(flow.fromClient(packet(1500)), flow, PacketBurst.FROM_CLIENT);
        }
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isEqualTo(PacketBurst.CAPACITY);
        assertThat(test.burst.verdict).containsOnly(Verdict.DROP_NO_BUFFER);
    }
}
