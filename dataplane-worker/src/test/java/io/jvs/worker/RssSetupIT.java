package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import io.jvs.service.Address;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DPDK ports with and without a hash that can be set; no packet is sent. */
class RssSetupIT {
    private static final int TCP = 6;
    private static final int SCTP = 132;

    private static PortSpec port(String name, String device, String address) {
        InterfaceSpec.Prefix prefix = new InterfaceSpec.Prefix(Address.parse(address), 24);
        return new PortSpec(name, device, 0, List.of(new InterfaceSpec(0, List.of(prefix))), "");
    }

    @Test
    void shouldSteerByRssWherePortsCanAndHandOverWhereTheyCannot() throws Exception {
        DataplaneSpec spec =
                new DataplaneSpec(
                        List.of(
                                port("hashing", "null", "10.0.0.1"),
                                port("other", "ring", "10.0.1.1")),
                        List.of(),
                        List.of(),
                        3,
                        List.of(),
                        1000,
                        "no-huge",
                        64,
                        "jvs-rss-it",
                        7,
                        false);
        try (DpdkPorts ports = DpdkPorts.open(spec)) {
            assertThat(ports.views())
                    .extracting(PortView::steering)
                    .containsExactly(Steering.RSS, Steering.HAND_OVER);
            FlowSteering steering = ports.steering();
            assertThat(steering.workers()).isEqualTo(3);
            assertThat(steering.isComputable()).isTrue();
            assertThat(steering.isHashed(false, TCP)).isTrue();
            assertThat(steering.isHashed(true, TCP)).isTrue();
            assertThat(steering.isHashed(false, SCTP)).isFalse();
            byte[] key = ports.ethPort(0).rssKey();
            int[] table = ports.ethPort(0).redirectionTable();
            Toeplitz toeplitz = new Toeplitz(key);
            for (int flow = 0; flow < 5000; flow++) {
                long addresses = flow * 0x9E37_79B9_7F4A_7C15L;
                int transport = flow * 0x85EB_CA6B;
                int hash = toeplitz.hash4(addresses, transport);
                assertThat(steering.receiver4(addresses, transport, TCP))
                        .isEqualTo(table[hash & table.length - 1]);
            }
        }
    }
}
