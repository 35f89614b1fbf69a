package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of QUIC that stay at their real server when the client's address changes. */
class QuicRoutingTest {
    private static final QuicRouting PLAIN =
            new QuicRouting(
                    false,
                    List.of(new QuicIdFormat(1, 3, 4, "")),
                    List.of(
                            new QuicServerId(Lab.realAddress(false, 1), 4433, "aaaaaa"),
                            new QuicServerId(Lab.realAddress(false, 2), 4433, "bbbbbb")));

    private final Lab lab = new Lab();
    private int clientPort = 1024;

    @AfterEach
    void close() {
        lab.close();
    }

    private static RealServer server(boolean v6, int number, int weight) {
        return new RealServer(
                Lab.realAddress(v6, number),
                4433,
                ForwardingMethod.FULLNAT,
                weight,
                0,
                0,
                Tunnel.IPIP);
    }

    /** Server 1 has weight 1 and server 2 has none, so that the scheduler never takes it. */
    private void service(boolean v6, QuicRouting routing) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.UDP, Lab.virtual(v6).address(), 80);
        VirtualService service =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(0, service.withQuic(routing)));
        changes.add(new Change.SetLocalAddresses(0, List.of(Lab.local(v6))));
        changes.add(new Change.AddServer(0, 0, server(v6, 1, 1)));
        changes.add(new Change.AddServer(0, 1, server(v6, 2, 0)));
        lab.apply(changes);
    }

    private void send(boolean v6, int port, String start) {
        byte[] bytes = HexFormat.of().parseHex(start);
        byte[] payload = ByteBuffer.allocate(bytes.length + 30).put(bytes).array();
        Frames.Endpoint client = new Frames.Endpoint(Lab.client(v6).address(), port);
        lab.dataplane.inject(
                Lab.WAN,
                Frames.frame(
                        Lab.WAN_MAC,
                        Lab.CLIENT_MAC,
                        client,
                        Lab.virtual(v6),
                        Frames.UDP,
                        0,
                        payload));
    }

    /** Which server gets a packet that begins so, from a port that no other one came from. */
    private Address receiver(boolean v6, String start) {
        send(v6, clientPort++, start);
        return receiver();
    }

    private Address receiver() {
        List<byte[]> sent = lab.sent(Lab.LAN);
        assertThat(sent).hasSize(1);
        return Frames.read(sent.getFirst()).to();
    }

    private long count(ServiceCounter counter) {
        return lab.dataplane.counters().service(0, counter);
    }

    @Test
    void shouldFollowTheIdFromAnyAddress() {
        service(false, PLAIN);
        assertThat(receiver(false, "402abbbbbb00112233")).isEqualTo(Lab.realAddress(false, 2));
        assertThat(receiver(false, "402abbbbbb99887766")).isEqualTo(Lab.realAddress(false, 2));
        assertThat(receiver(false, "402aaaaaaa99887766")).isEqualTo(Lab.realAddress(false, 1));
        assertThat(receiver(false, "e00000000108" + "2abbbbbb00112233"))
                .as("Handshake")
                .isEqualTo(Lab.realAddress(false, 2));
        assertThat(count(ServiceCounter.QUIC_ROUTED)).isEqualTo(4);
        assertThat(count(ServiceCounter.QUIC_UNKNOWN)).isZero();
    }

    @Test
    void shouldScheduleWhatNamesNobody() {
        service(false, PLAIN);
        Address scheduled = Lab.realAddress(false, 1);
        assertThat(receiver(false, "c00000000108" + "2abbbbbb00112233"))
                .as("Initial")
                .isEqualTo(scheduled);
        assertThat(receiver(false, "40e0bbbbbb00112233")).as("unroutable").isEqualTo(scheduled);
        assertThat(count(ServiceCounter.QUIC_UNKNOWN)).isZero();
        assertThat(receiver(false, "402acccccc00112233")).as("unknown id").isEqualTo(scheduled);
        assertThat(receiver(false, "404abbbbbb00112233")).as("no format").isEqualTo(scheduled);
        assertThat(receiver(false, "e000000001042abbbbbb")).as("too short").isEqualTo(scheduled);
        assertThat(count(ServiceCounter.QUIC_UNKNOWN)).isEqualTo(3);
        assertThat(count(ServiceCounter.QUIC_ROUTED)).isZero();
    }

    /** The connection of addresses and ports comes first: it saves the look into the packet. */
    @Test
    void shouldKeepToTheConnectionOfAddressesAndPorts() {
        service(false, PLAIN);
        send(false, 5000, "c00000000108" + "0011223344556677");
        assertThat(receiver()).isEqualTo(Lab.realAddress(false, 1));
        send(false, 5000, "402abbbbbb00112233");
        assertThat(receiver()).isEqualTo(Lab.realAddress(false, 1));
        send(false, 5001, "402abbbbbb00112233");
        assertThat(receiver()).isEqualTo(Lab.realAddress(false, 2));
        assertThat(lab.dataplane.counters().connections()).isEqualTo(2);
    }

    @Test
    void shouldForgetRemovedServers() {
        service(false, PLAIN);
        lab.apply(List.of(new Change.RemoveServer(0, 1)));
        assertThat(receiver(false, "402abbbbbb00112233")).isEqualTo(Lab.realAddress(false, 1));
        assertThat(count(ServiceCounter.QUIC_UNKNOWN)).isEqualTo(1);
    }

    /** Three bytes of 192.168.77.2 and 2001:db8:77::2. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeriveIdsFromAddresses(boolean v6) {
        QuicIdFormat format = new QuicIdFormat(1, 3, 4, "");
        service(v6, new QuicRouting(false, List.of(format), List.of()));
        String id = v6 ? "000002" : "a84d02";
        assertThat(receiver(v6, "402a" + id + "00112233")).isEqualTo(Lab.realAddress(v6, 2));
    }

    @Test
    void shouldDeriveIdsFromAddressAndPort() {
        QuicIdFormat format = new QuicIdFormat(0, 7, 4, "");
        service(false, new QuicRouting(false, List.of(format), List.of()));
        assertThat(receiver(false, "400a" + "00c0a84d021151" + "00112233"))
                .isEqualTo(Lab.realAddress(false, 2));
    }

    /** Server id ed793a of the draft's example, encrypted. */
    @Test
    void shouldDecrypt() {
        QuicIdFormat format = new QuicIdFormat(0, 3, 4, "8f95f09245765f80256934e50c66207f");
        QuicServerId id = new QuicServerId(Lab.realAddress(false, 2), 4433, "ed793a");
        service(false, new QuicRouting(false, List.of(format), List.of(id)));
        assertThat(receiver(false, "40" + "0720b1d07b359d3c")).isEqualTo(Lab.realAddress(false, 2));
    }

    /** As DPVS has it: 77.2 and port 4433; two bytes of the address alone; and nobody's. */
    @Test
    void shouldReadAddressSuffixes() {
        service(false, new QuicRouting(true, List.of(), List.of()));
        Address second = Lab.realAddress(false, 2);
        assertThat(receiver(false, "40" + "a534d0211510" + "0123456789")).isEqualTo(second);
        assertThat(receiver(false, "40" + "a524d020" + "0123456789")).isEqualTo(second);
        assertThat(receiver(false, "40" + "a524d090" + "0123456789"))
                .isEqualTo(Lab.realAddress(false, 1));
        assertThat(count(ServiceCounter.QUIC_ROUTED)).isEqualTo(2);
        assertThat(count(ServiceCounter.QUIC_UNKNOWN)).isEqualTo(1);
    }
}
