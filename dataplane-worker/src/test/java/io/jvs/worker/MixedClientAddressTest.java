package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceGuard;
import io.jvs.service.SynProxySpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real servers of one IP version are told of clients of the other, through the pipeline. */
class MixedClientAddressTest {
    private static final ServiceGuard SYN_PROXY =
            ServiceGuard.NONE.withSynProxy(new SynProxySpec(SynProxySpec.Mode.ON, 0));

    private final Lab lab = lab();
    private final Random random = new Random(6052);

    /** The director to test. */
    Lab lab() {
        return new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private byte[] data(int bytes) {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        return data;
    }

    private TcpPeer client(boolean v6, int first, byte[] data) {
        return new TcpPeer(true, first, data, Lab.client(v6), Lab.virtual(v6));
    }

    /** A server learns both ends from the first SYN. */
    private static TcpPeer server(boolean v6, int first, byte[] data) {
        return new TcpPeer(false, first, data, Lab.virtual(v6), Lab.client(v6));
    }

    @ParameterizedTest(name = "{0} client IPv6 {1}, {2} and {3} bytes, badness {4}")
    @CsvSource({
        "HIDDEN,true,1000,500,0.3",
        "HIDDEN,false,1000,500,0.3",
        "PROXY_V1,false,1000,500,0",
        "PROXY_V1,true,1000,500,0",
        "PROXY_V2,false,1000,500,0",
        "PROXY_V2,true,1000,500,0",
        "PROXY_V1,true,0,500,0",
        "PROXY_V2,false,0,500,0.2",
        "PROXY_V1,false,3000,3000,0.3",
        "PROXY_V2,true,3000,3000,0.3",
        "TOA,false,3000,3000,0.2",
        "TOA,true,3000,3000,0.2",
    })
    void shouldPutAHeaderInFrontOfTheClientsData(
            ClientAddress how, boolean v6, int clientBytes, int serverBytes, double badness) {
        lab.mixed(Protocol.TCP, v6, ServiceGuard.NONE, how);
        for (int round = 0; round < (badness == 0 ? 1 : 10); round++) {
            talk(how, v6, data(clientBytes), data(serverBytes), badness, 0);
            lab.dataplane.advance(1000 * Lab.SECOND);
        }
    }

    private void talk(
            ClientAddress how,
            boolean v6,
            byte[] question,
            byte[] answer,
            double badness,
            long roundNs) {
        TcpPeer client = client(v6, random.nextInt(), question);
        TcpPeer server = server(v6, random.nextInt(), answer);
        new TcpConversation(lab, random, badness, roundNs).finish(client, server);
        boolean proxy = how == ClientAddress.PROXY_V1 || how == ClientAddress.PROXY_V2;
        byte[] header = proxy ? ClientAddressTest.header(v6, how) : new byte[0];
        ByteBuffer wanted = ByteBuffer.allocate(header.length + question.length);
        assertThat(server.received()).isEqualTo(wanted.put(header).put(question).array());
        assertThat(server.self.address()).isEqualTo(Lab.realAddress(!v6, 1));
        assertThat(client.received()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"PROXY_V1,false", "PROXY_V2,true", "TOA,true", "HIDDEN,false"})
    void shouldTellBehindTheSynProxyToo(ClientAddress how, boolean v6) {
        lab.mixed(Protocol.TCP, v6, SYN_PROXY, how);
        talk(how, v6, data(1500), data(1500), 0.05, Lab.SECOND * 4 / 5);
    }

    private static byte[] option(int kind, boolean v6) {
        byte[] address = Lab.client(v6).address().bytes();
        return ByteBuffer.allocate(4 + address.length)
                .put((byte) kind)
                .put((byte) (4 + address.length))
                .putShort((short) 40_000)
                .put(address)
                .array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutAnOptionIntoTheFirstSegments(boolean v6) {
        lab.mixed(Protocol.TCP, v6, ServiceGuard.NONE, ClientAddress.TOA);
        TcpPeer client = client(v6, 77, data(250));
        TcpPeer server = server(v6, -5, data(250));
        TcpConversation conversation = new TcpConversation(lab, random, 0, 0);
        conversation.toServer(client, server);
        int size = ByteBuffer.wrap(server.options).getShort(2);
        assertThat(size).as("what passes both ways").isEqualTo(1440);
        conversation.toClient(server, client);
        byte[] option = option(254, v6);
        int most = 1500 - 20 - (v6 ? 20 : 40) - option.length;
        int told = ByteBuffer.wrap(client.options).getShort(2);
        assertThat(told).isEqualTo(Math.min(1440, most));
        for (byte[] frame : client.send(Lab.WAN_MAC, Lab.CLIENT_MAC)) {
            lab.dataplane.inject(Lab.WAN, frame);
            lab.sent(Lab.LAN).forEach(server::receive);
            assertThat(server.options).isEqualTo(option);
        }
        byte[] biggest = lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[told]);
        ByteBuffer.wrap(biggest).putInt(14 + (v6 ? 40 : 20) + 8, -5 + 1);
        lab.dataplane.inject(Lab.WAN, biggest);
        List<byte[]> sent = lab.sent(Lab.LAN);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().length).isLessThanOrEqualTo(1514);
        assertThat(
                        Arrays.copyOfRange(
                                sent.getFirst(),
                                14 + (v6 ? 20 : 40) + 20,
                                14 + (v6 ? 20 : 40) + 20 + option.length))
                .isEqualTo(option);
        conversation.finish(client, server);
        assertThat(server.options).as("once the server's data is acknowledged").isEmpty();
        assertThat(server.received()).hasSize(250);
        assertThat(client.received()).hasSize(250);
        assertThat(lab.dataplane.counters().undisclosed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutAHeaderIntoTheFirstDatagrams(boolean v6) {
        lab.mixed(Protocol.UDP, v6, ServiceGuard.NONE, ClientAddress.UOA);
        byte[] payload = data(33);
        byte[] question = lab.fromClient(v6, Frames.UDP, 0, payload);
        for (int datagram = 1; datagram <= 4; datagram++) {
            lab.dataplane.inject(Lab.WAN, question);
            byte[] seen = lab.sent(Lab.LAN).getFirst();
            if (datagram > 3) {
                FrameCheck.check(seen);
                assertThat(seen).hasSize(14 + (v6 ? 20 : 40) + 8 + 33);
            } else {
                checkDatagram(v6, seen, payload);
            }
        }
    }

    private static void checkDatagram(boolean v6, byte[] seen, byte[] payload) {
        byte[] option = option(31, v6);
        ByteBuffer b = ByteBuffer.wrap(seen);
        int header = 14 + (v6 ? 20 : 40);
        assertThat(seen[v6 ? 14 + 9 : 14 + 6]).isEqualTo((byte) 248);
        assertThat(b.getInt(header)).isEqualTo((v6 ? 2 : 1) << 28 | 17 << 16 | 4 + option.length);
        int udp = header + 4 + option.length;
        assertThat(Arrays.copyOfRange(seen, header + 4, udp)).isEqualTo(option);
        assertThat(seen).hasSize(udp + 8 + payload.length);
        assertThat((int) b.getShort(v6 ? 16 : 18)).isEqualTo(seen.length - (v6 ? 14 : 54));
        if (v6) {
            assertThat(Frames.checksum(seen, 14, 34, 0)).isZero();
        }
        Frames.Seen ip = Frames.read(seen);
        Address real = Lab.realAddress(!v6, 1);
        assertThat(ip.to()).isEqualTo(real);
        assertThat(b.getShort(udp + 2)).isEqualTo((short) 8080);
        int length = 8 + payload.length;
        int pseudo = Frames.pseudo(ip.from(), real, Frames.UDP, length);
        assertThat(Frames.checksum(seen, udp, udp + length, pseudo)).isZero();
        assertThat(Arrays.copyOfRange(seen, udp + 8, seen.length)).isEqualTo(payload);
    }

    /** A datagram that fills the way, or must be cut, has no room; it arrives all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountDatagramsWithoutRoom(boolean v6) {
        lab.mixed(Protocol.UDP, v6, ServiceGuard.NONE, ClientAddress.UOA);
        byte[] payload = data(1500 - 40 - 8);
        byte[] question = lab.fromClient(v6, Frames.UDP, 0, payload);
        if (!v6) {
            question[14 + 6] = 0;
            ByteBuffer header = ByteBuffer.wrap(question).putShort(24, (short) 0);
            header.putShort(24, (short) Frames.checksum(question, 14, 34, 0));
        }
        lab.dataplane.inject(Lab.WAN, question);
        List<byte[]> sent = lab.sent(Lab.LAN);
        assertThat(sent).hasSize(v6 ? 1 : 2);
        sent.forEach(FrameCheck::check);
        // Towards IPv4 the header became 20 bytes smaller, but the option has 24.
        assertThat(lab.dataplane.counters().undisclosed()).isEqualTo(1);
    }
}
