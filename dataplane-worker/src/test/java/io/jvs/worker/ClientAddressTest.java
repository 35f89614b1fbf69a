package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers are told of their clients, through the whole pipeline and over a bad network. */
class ClientAddressTest {
    private final Lab lab = new Lab();
    private final Random random = new Random(11);

    @AfterEach
    void close() {
        lab.close();
    }

    private void service(
            Protocol protocol, boolean v6, ForwardingMethod method, ClientAddress how) {
        lab.service(protocol, v6, method, Tunnel.IPIP, 8080, 1);
        ServiceKey key = new ServiceKey.Endpoint(protocol, Lab.virtual(v6).address(), 80);
        VirtualService spec =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        lab.apply(List.of(new Change.EditService(0, spec.withClientAddress(how))));
    }

    /** The header as the specification writes it. */
    static byte[] header(boolean v6, ClientAddress how) {
        if (how == ClientAddress.PROXY_V1) {
            String text =
                    v6
                            ? "PROXY TCP6 2001:db8:c::9 2001:db8:99::1 40000 80\r\n"
                            : "PROXY TCP4 172.16.0.9 10.99.0.1 40000 80\r\n";
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        byte[] client = Lab.client(v6).address().bytes();
        byte[] virtual = Lab.virtual(v6).address().bytes();
        ByteBuffer header = ByteBuffer.allocate(16 + 2 * client.length + 4);
        header.put("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII));
        header.put((byte) 0x21).put((byte) (v6 ? 0x21 : 0x11));
        header.putShort((short) (2 * client.length + 4)).put(client).put(virtual);
        return header.putShort((short) 40_000).putShort((short) 80).array();
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
    private TcpPeer server(boolean v6, int first, byte[] data) {
        return new TcpPeer(false, first, data, Lab.virtual(v6), Lab.client(v6));
    }

    private TcpConversation conversation(double badness) {
        return new TcpConversation(lab, random, badness, 0);
    }

    @ParameterizedTest(name = "{0} IPv6 {1} {2}, {3} and {4} bytes, badness {5}")
    @CsvSource({
        "PROXY_V1,false,FULLNAT,1000,500,0",
        "PROXY_V1,true,FULLNAT,1000,500,0",
        "PROXY_V2,false,FULLNAT,1000,500,0",
        "PROXY_V2,true,FULLNAT,1000,500,0",
        "PROXY_V2,false,NAT,1000,500,0",
        "PROXY_V1,false,FULLNAT,0,500,0",
        "PROXY_V2,true,FULLNAT,0,500,0.2",
        "PROXY_V1,false,FULLNAT,3000,3000,0.1",
        "PROXY_V1,true,FULLNAT,3000,3000,0.3",
        "PROXY_V2,false,FULLNAT,3000,3000,0.3",
        "PROXY_V2,true,NAT,3000,3000,0.3",
    })
    void shouldPutAHeaderInFrontOfTheClientsData(
            ClientAddress how,
            boolean v6,
            ForwardingMethod method,
            int clientBytes,
            int serverBytes,
            double badness) {
        service(Protocol.TCP, v6, method, how);
        for (int round = 0; round < (badness == 0 ? 1 : 20); round++) {
            byte[] question = data(clientBytes);
            byte[] answer = data(serverBytes);
            TcpPeer client = client(v6, random.nextInt(), question);
            TcpPeer server = server(v6, random.nextInt(), answer);
            conversation(badness).finish(client, server);
            byte[] header = header(v6, how);
            ByteBuffer wanted = ByteBuffer.allocate(header.length + clientBytes);
            assertThat(server.received()).isEqualTo(wanted.put(header).put(question).array());
            assertThat(client.received()).isEqualTo(answer);
            lab.dataplane.advance(1000 * Lab.SECOND);
        }
    }

    /** A SYN that anybody may have sent is no new connection while the old one is established. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotBeginAnewInTheMiddle(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.FULLNAT, ClientAddress.PROXY_V2);
        byte[] question = data(2000);
        TcpPeer client = client(v6, 77, question);
        TcpPeer server = server(v6, -9, data(2000));
        TcpConversation conversation = conversation(0);
        for (int i = 0; i < 4; i++) {
            conversation.toServer(client, server);
            conversation.toClient(server, client);
        }
        assertThat(server.isDone()).isFalse();
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.SYN, new byte[0]));
        lab.sent(Lab.LAN);
        conversation.finish(client, server);
        byte[] header = header(v6, ClientAddress.PROXY_V2);
        ByteBuffer wanted = ByteBuffer.allocate(header.length + question.length);
        assertThat(server.received()).isEqualTo(wanted.put(header).put(question).array());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutAnOptionIntoTheFirstSegments(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.FULLNAT, ClientAddress.TOA);
        TcpPeer client = client(v6, 77, data(250));
        TcpPeer server = server(v6, -5, data(250));
        byte[] address = Lab.client(v6).address().bytes();
        byte[] option =
                ByteBuffer.allocate(4 + address.length)
                        .put((byte) 254)
                        .put((byte) (4 + address.length))
                        .putShort((short) 40_000)
                        .put(address)
                        .array();
        TcpConversation conversation = conversation(0);
        conversation.toServer(client, server);
        assertThat(server.options).as("a SYN is left alone").containsExactly(2, 4, 5, 0xB4);
        conversation.toClient(server, client);
        int mss = 1500 - 20 - (v6 ? 40 : 20) - option.length;
        assertThat(ByteBuffer.wrap(client.options).getShort(2))
                .isEqualTo((short) Math.min(1460, mss));
        for (byte[] frame : client.send(Lab.WAN_MAC, Lab.CLIENT_MAC)) {
            lab.dataplane.inject(Lab.WAN, frame);
            lab.sent(Lab.LAN).forEach(server::receive);
            assertThat(server.options).isEqualTo(option);
        }
        conversation.finish(client, server);
        assertThat(server.options).as("once the server's data is acknowledged").isEmpty();
        assertThat(server.received()).hasSize(250);
        assertThat(client.received()).hasSize(250);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutAnOptionIntoTheFirstDatagrams(boolean v6) {
        service(Protocol.UDP, v6, ForwardingMethod.FULLNAT, ClientAddress.UOA);
        byte[] payload = data(33);
        byte[] question = lab.fromClient(v6, Frames.UDP, 0, payload);
        for (int datagram = 1; datagram <= 4; datagram++) {
            lab.dataplane.inject(Lab.WAN, question);
            byte[] seen = lab.sent(Lab.LAN).getFirst();
            if (datagram > 3) {
                FrameCheck.check(seen);
                assertThat(seen).hasSameSizeAs(question);
            } else {
                checkDatagram(v6, seen, payload);
            }
        }
    }

    private static void checkDatagram(boolean v6, byte[] seen, byte[] payload) {
        ByteBuffer b = ByteBuffer.wrap(seen);
        int option = v6 ? 14 + 40 + 4 : 14 + 20;
        Address client = Lab.client(v6).address();
        if (v6) {
            assertThat(seen[14 + 6]).isEqualTo((byte) 248);
            assertThat(b.getInt(14 + 40)).isEqualTo(2 << 28 | 17 << 16 | 24);
        } else {
            assertThat(seen[14]).isEqualTo((byte) 0x47);
            assertThat(Frames.checksum(seen, 14, 14 + 28, 0)).isZero();
        }
        int bytes = client.bytes().length + 4;
        assertThat(seen[option]).isEqualTo((byte) 31);
        assertThat(seen[option + 1]).isEqualTo((byte) bytes);
        assertThat(b.getShort(option + 2)).isEqualTo((short) 40_000);
        byte[] told = new byte[bytes - 4];
        b.get(option + 4, told);
        assertThat(told).isEqualTo(client.bytes());
        int udp = option + bytes;
        int length = b.getShort(udp + 4);
        assertThat(length).isEqualTo(8 + payload.length);
        assertThat(seen).hasSize(udp + length);
        Frames.Seen ip = Frames.read(seen);
        int pseudo = Frames.pseudo(ip.from(), ip.to(), Frames.UDP, length);
        assertThat(Frames.checksum(seen, udp, udp + length, pseudo)).isZero();
        byte[] data = new byte[payload.length];
        b.get(udp + 8, data);
        assertThat(data).isEqualTo(payload);
    }
}
