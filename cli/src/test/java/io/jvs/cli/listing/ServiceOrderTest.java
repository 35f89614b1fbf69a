package io.jvs.cli.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceOrderTest {
    private static VirtualService tcp(String address, int port) {
        return VirtualService.newBuilder()
                .setProtocol(Protocol.PROTOCOL_TCP)
                .setAddress(address)
                .setPort(port)
                .build();
    }

    private static VirtualService mark(int mark) {
        return VirtualService.newBuilder().setFirewallMark(mark).build();
    }

    @Test
    void shouldSortByMarkFamilyProtocolAddressAndPort() {
        VirtualService udp =
                tcp("10.0.0.1", 1).toBuilder().setProtocol(Protocol.PROTOCOL_UDP).build();
        List<VirtualService> sorted =
                List.of(
                        mark(-1),
                        tcp("10.0.0.1", 80),
                        tcp("10.0.0.1", 81),
                        tcp("10.0.0.2", 79),
                        udp,
                        tcp("2001:db8::1", 80),
                        tcp("2001:db8::2", 80),
                        mark(8));
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            List<VirtualService> made = new ArrayList<>(sorted);
            java.util.Collections.shuffle(made, random);
            assertThat(ServiceOrder.services(made, true)).isEqualTo(sorted);
        }
    }

    @Test
    void shouldSortAddressesFarApartAsTheSubtractionDoes() {
        assertThat(ServiceOrder.services(List.of(tcp("0.0.0.0", 80), tcp("224.0.0.1", 80)), true))
                .containsExactly(tcp("224.0.0.1", 80), tcp("0.0.0.0", 80));
    }

    @Test
    void shouldKeepListOrderOfServersUnlessSorted() {
        RealServer first = RealServer.newBuilder().setAddress("10.0.0.9").setPort(1).build();
        RealServer second = RealServer.newBuilder().setAddress("10.0.0.10").setPort(1).build();
        VirtualService service =
                tcp("10.0.0.1", 80).toBuilder()
                        .addRealServers(second)
                        .addRealServers(first)
                        .build();
        assertThat(ServiceOrder.servers(service, false)).containsExactly(second, first);
        assertThat(ServiceOrder.servers(service, true)).containsExactly(first, second);
    }

    @Test
    void shouldListTheNewestFirstInABucket() {
        VirtualService old = tcp("10.0.0.1", 80);
        VirtualService young = tcp("11.0.0.1", 80);
        assertThat(ServiceOrder.services(List.of(old, young), false)).containsExactly(young, old);
    }
}
