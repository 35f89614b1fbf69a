package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowSteeringTest {
    private static final Toeplitz TOEPLITZ = new Toeplitz(ToeplitzTest.MICROSOFT_KEY);

    private final PacketBurst burst = new PacketBurst();

    private static FlowSteering rss(int workers) {
        int[] table = new int[128];
        Arrays.setAll(table, i -> i % workers);
        return FlowSteering.byRss(workers, TOEPLITZ, table, FlowSteering.HASHED_TCP_UDP);
    }

    private int row(int kind, int protocol) {
        burst.clear();
        int row = burst.add();
        burst.kind[row] = (byte) kind;
        burst.protocol[row] = protocol;
        burst.key0[row] = 0x0102_0304_0506_0708L;
        burst.key1[row] = 0x1112_1314_1516_1718L;
        burst.key2[row] = 0x2122_2324_2526_2728L;
        burst.key3[row] = 0x3132_3334_3536_3738L;
        burst.ports[row] = 0x3450_1F90;
        return row;
    }

    @Test
    void shouldFollowTheRedirectionTable() {
        FlowSteering steering = rss(4);
        int row = row(PacketBurst.KIND_IPV4, 6);
        int hash = TOEPLITZ.hash4(burst.key0[row], burst.ports[row]);
        assertThat(steering.receiver(burst, row)).isEqualTo((hash & 127) % 4);
        row = row(PacketBurst.KIND_ICMP6_ERROR, 17);
        hash =
                TOEPLITZ.hash6(
                        burst.key0[row],
                        burst.key1[row],
                        burst.key2[row],
                        burst.key3[row],
                        burst.ports[row]);
        assertThat(steering.receiver(burst, row)).isEqualTo((hash & 127) % 4);
    }

    @Test
    void shouldNotComputeWhatTheHardwareDoesNotHashWithPorts() {
        assertThat(rss(4).receiver(burst, row(PacketBurst.KIND_IPV4, 132))).isEqualTo(-1);
        assertThat(rss(4).receiver(burst, row(PacketBurst.KIND_IPV6, 44))).isEqualTo(-1);
        assertThat(FlowSteering.byPort(4).receiver(burst, row(PacketBurst.KIND_IPV4, 6)))
                .isEqualTo(-1);
    }

    @Test
    void shouldAskTheReceiverFirstAndThenTheOwnerOfThePort() {
        FlowSteering steering = rss(4);
        int row = row(PacketBurst.KIND_IPV4, 6);
        int receiver = steering.receiver(burst, row);
        int byPort = steering.portOwner(0x5034);
        assertThat(byPort).isEqualTo(1);
        for (int self = 0; self < 4; self++) {
            int last = self == byPort ? -1 : byPort;
            assertThat(steering.owner(burst, row, self, 0))
                    .isEqualTo(receiver != self ? receiver : last);
            assertThat(steering.owner(burst, row, self, 1)).isEqualTo(last);
            assertThat(steering.owner(burst, row, self, 2)).isEqualTo(-1);
        }
    }

    @Test
    void shouldOwnEverythingAlone() {
        FlowSteering alone = FlowSteering.byPort(1);
        assertThat(alone.owner(burst, row(PacketBurst.KIND_IPV4, 6), 0, 0)).isEqualTo(-1);
        assertThat(alone.portOwner(65_535)).isZero();
    }

    @Test
    void shouldHaveEachPortInOneBlockOfItsOwner() {
        for (int workers = 1; workers <= 64; workers++) {
            FlowSteering steering = FlowSteering.byPort(workers);
            List<FlowSteering.PortBlock> blocks = steering.portBlocks();
            boolean powerOfTwo = Integer.bitCount(workers) == 1;
            assertThat(blocks.size()).isBetween(workers, powerOfTwo ? workers : 85);
            int[] ports = new int[workers];
            int wrong = 0;
            for (int port = 0; port < 65_536; port++) {
                int owner = steering.portOwner(port);
                int fitting = 0;
                for (FlowSteering.PortBlock block : blocks) {
                    if ((port & block.mask()) == block.value()) {
                        fitting += block.worker() == owner ? 1 : 2;
                    }
                }
                wrong += fitting == 1 ? 0 : 1;
                ports[owner]++;
            }
            assertThat(wrong).isZero();
            int fair = 65_536 / workers;
            assertThat(ports)
                    .satisfies(all -> {
                        for (int one : all) {
                            assertThat(one).isBetween(fair - 512, fair + 512);
                        }
                    });
        }
    }

    @Test
    void shouldRefuseATableThatCannotBe() {
        assertThatThrownBy(() -> FlowSteering.byRss(2, TOEPLITZ, new int[100], 1))
                .hasMessageContaining("100 entries");
        assertThatThrownBy(() -> FlowSteering.byRss(2, TOEPLITZ, new int[] {0, 2}, 1))
                .hasMessageContaining("queue 2 of 2");
        assertThatThrownBy(() ->
                        FlowSteering.byRss(2, new Toeplitz(new byte[40]), new int[] {0, 1}, 1))
                .hasMessageContaining("do not reach all entries");
    }
}
