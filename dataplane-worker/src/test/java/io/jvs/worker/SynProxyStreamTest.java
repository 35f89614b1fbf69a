package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.SynProxySpec;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole conversations behind the SYN proxy, over good and bad networks. */
class SynProxyStreamTest {
    private static final SynProxySpec ON = new SynProxySpec(SynProxySpec.Mode.ON, 100);

    private Lab lab = new Lab();
    private final Random random = new Random(3);

    @AfterEach
    void close() {
        lab.close();
    }

    private byte[] data(int bytes) {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        return data;
    }

    private void talk(TcpPeer client, TcpPeer server, double badness) {
        new TcpConversation(lab, random, badness, Lab.SECOND * 4 / 5).finish(client, server);
    }

    @ParameterizedTest(name = "{0}, IPv6 {1}, {2}, {3} and {4} bytes, badness {5}")
    @CsvSource({
        "NAT,false,HIDDEN,1000,1000,0",
        "FULLNAT,false,HIDDEN,1000,1000,0",
        "NAT,true,HIDDEN,1000,1000,0",
        "FULLNAT,true,HIDDEN,1000,1000,0",
        "FULLNAT,false,TOA,1000,1000,0",
        "NAT,false,HIDDEN,3000,3000,0.1",
        "NAT,true,HIDDEN,3000,3000,0.1",
        "FULLNAT,false,HIDDEN,3000,3000,0.1",
        "FULLNAT,true,HIDDEN,3000,3000,0.1",
    })
    void shouldCarryEveryByteInOrder(
            ForwardingMethod method,
            boolean v6,
            ClientAddress how,
            int clientBytes,
            int serverBytes,
            double badness) {
        lab.synProxied(v6, method, ON, how);
        for (int round = 0; round < (badness == 0 ? 1 : 10); round++) {
            byte[] question = data(clientBytes);
            byte[] answer = data(serverBytes);
            TcpPeer client =
                    new TcpPeer(true, random.nextInt(), question, Lab.client(v6), Lab.virtual(v6));
            TcpPeer server =
                    new TcpPeer(false, random.nextInt(), answer, Lab.virtual(v6), Lab.client(v6));
            talk(client, server, badness);
            assertThat(server.received()).isEqualTo(question);
            assertThat(client.received()).isEqualTo(answer);
            lab.dataplane.advance(1000 * Lab.SECOND);
            lab.sent(Lab.WAN);
            lab.sent(Lab.LAN);
        }
    }

    @ParameterizedTest
    @CsvSource({"PROXY_V1,false", "PROXY_V2,true"})
    void shouldPutAHeaderInFrontOfTheClientsData(ClientAddress how, boolean v6) {
        lab.synProxied(v6, ForwardingMethod.FULLNAT, ON, how);
        byte[] question = data(500);
        TcpPeer client = new TcpPeer(true, 77, question, Lab.client(v6), Lab.virtual(v6));
        TcpPeer server = new TcpPeer(false, -9, data(500), Lab.virtual(v6), Lab.client(v6));
        talk(client, server, 0.05);
        byte[] header = ClientAddressTest.header(v6, how);
        ByteBuffer wanted = ByteBuffer.allocate(header.length + question.length);
        assertThat(server.received()).isEqualTo(wanted.put(header).put(question).array());
    }

    @ParameterizedTest
    @ValueSource(strings = {MemoryPorts.SCATTER, MemoryPorts.RSS})
    void shouldWorkWithSeveralWorkers(String device) {
        lab.close();
        lab = new Lab(4, device);
        lab.synProxied(false, ForwardingMethod.FULLNAT, ON, ClientAddress.HIDDEN);
        for (int i = 0; i < 20; i++) {
            Frames.Endpoint from = new Frames.Endpoint(Lab.client(false).address(), 50_000 + i);
            byte[] question = data(300);
            TcpPeer client = new TcpPeer(true, i, question, from, Lab.virtual(false));
            TcpPeer server = new TcpPeer(false, 5, data(300), Lab.virtual(false), from);
            talk(client, server, 0);
            assertThat(server.received()).isEqualTo(question);
        }
        assertThat(lab.dataplane.counters().syn(SynCounter.COOKIES_VALID)).isEqualTo(20);
    }
}
