package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceGuard;
import io.jvs.service.SynProxySpec;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole conversations behind the SYN proxy, over good and bad networks. */
class SynProxyStreamTest {
    private static final SynProxySpec ON = new SynProxySpec(SynProxySpec.Mode.ON, 100);
    private static final double BAD = 0.1;
    private static final byte[] NONE = new byte[0];

    private final Lab lab = lab();
    private final Random random = new Random(3);

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

    private TcpPeer client(boolean v6, int round, byte[] question) {
        Frames.Endpoint from = new Frames.Endpoint(Lab.client(v6).address(), 40_000 + round);
        return new TcpPeer(true, random.nextInt(), question, from, Lab.virtual(v6));
    }

    /** A server learns both ends from the first SYN. */
    private TcpPeer server(byte[] answer) {
        return new TcpPeer(false, random.nextInt(), answer, Lab.virtual(false), Lab.client(false));
    }

    private void talk(TcpPeer client, TcpPeer server, double badness) {
        new TcpConversation(lab, random, badness, Lab.SECOND * 4 / 5).finish(client, server);
    }

    /** Conversations one after the other; the server gets {@code header} first. */
    private void shouldCarry(boolean v6, Stamps stamps, double badness, byte[] header) {
        for (int round = 0; round < (badness == 0 ? 1 : 10); round++) {
            byte[] question = data(round % 2 == 0 ? 1000 : 3000);
            byte[] answer = data(2000);
            TcpPeer client = client(v6, header.length > 0 ? 0 : round, question);
            TcpPeer server = server(answer);
            if (stamps.client) {
                client.withStamps(random.nextInt());
            }
            if (stamps.server) {
                server.withStamps(random.nextInt());
            }
            talk(client, server, badness);
            ByteBuffer wanted = ByteBuffer.allocate(header.length + question.length);
            assertThat(server.received()).isEqualTo(wanted.put(header).put(question).array());
            assertThat(client.received()).isEqualTo(answer);
            assertThat(server.isStamped()).isEqualTo(stamps == Stamps.BOTH);
            assertThat(server.bareSegments()).isZero();
            if (stamps == Stamps.BOTH) {
                assertThat(client.isStamped()).isTrue();
                assertThat(client.bareSegments()).isZero();
            }
            lab.dataplane.advance(1000 * Lab.SECOND);
            lab.sent(Lab.WAN);
            lab.sent(Lab.LAN);
        }
        assertThat(lab.dataplane.counters().syn(SynCounter.COOKIES_VALID))
                .isGreaterThanOrEqualTo(badness == 0 ? 1 : 10);
    }

    /** Who puts time stamps into its segments. */
    enum Stamps {
        NEITHER(false, false),
        BOTH(true, true),
        CLIENT(true, false),
        SERVER(false, true);

        final boolean client;
        final boolean server;

        Stamps(boolean client, boolean server) {
            this.client = client;
            this.server = server;
        }
    }

    @ParameterizedTest(name = "{0}, IPv6 {1}, {2}, time stamps of {3}, badness {4}")
    @CsvSource({
        "NAT,false,HIDDEN,NEITHER,0",
        "FULLNAT,true,HIDDEN,NEITHER,0",
        "NAT,true,HIDDEN,BOTH,0",
        "FULLNAT,false,HIDDEN,BOTH,0",
        "NAT,false,HIDDEN,BOTH,0.1",
        "NAT,true,HIDDEN,NEITHER,0.1",
        "FULLNAT,false,HIDDEN,NEITHER,0.1",
        "FULLNAT,true,HIDDEN,BOTH,0.1",
        "FULLNAT,false,HIDDEN,CLIENT,0.1",
        "FULLNAT,true,HIDDEN,SERVER,0.1",
    })
    void shouldCarryEveryByteInOrder(
            ForwardingMethod method, boolean v6, ClientAddress how, Stamps stamps, double badness) {
        lab.synProxied(v6, method, ON, how);
        shouldCarry(v6, stamps, badness, NONE);
    }

    @ParameterizedTest(name = "{0}, IPv6 {1}, time stamps of {2}")
    @CsvSource({
        "PROXY_V1,false,NEITHER",
        "PROXY_V2,true,NEITHER",
        "PROXY_V1,true,BOTH",
        "PROXY_V2,false,BOTH",
        "PROXY_V2,true,CLIENT",
    })
    void shouldPutAHeaderInFrontOfTheClientsData(ClientAddress how, boolean v6, Stamps stamps) {
        lab.synProxied(v6, ForwardingMethod.FULLNAT, ON, how);
        shouldCarry(v6, stamps, BAD, ClientAddressTest.header(v6, how));
    }

    @ParameterizedTest
    @CsvSource({"false,NEITHER", "true,BOTH"})
    void shouldPutAnOptionIntoTheClientsSegments(boolean v6, Stamps stamps) {
        lab.synProxied(v6, ForwardingMethod.FULLNAT, ON, ClientAddress.TOA);
        shouldCarry(v6, stamps, BAD, NONE);
        TcpPeer client = client(v6, 0, data(500));
        TcpPeer server = server(data(500));
        if (stamps == Stamps.BOTH) {
            client.withStamps(random.nextInt());
            server.withStamps(random.nextInt());
        }
        talk(client, server, 0);
        assertThat(server.kinds).contains(254);
        assertThat(server.bareSegments()).isZero();
        assertThat(server.isStamped()).isEqualTo(stamps == Stamps.BOTH);
    }

    /** NAT64 and NAT46: a real server of the other IP version than the client. */
    @ParameterizedTest(name = "client of IPv6 {0}, {1}, time stamps of {2}, badness {3}")
    @CsvSource({
        "true,HIDDEN,NEITHER,0",
        "false,HIDDEN,NEITHER,0",
        "true,HIDDEN,BOTH,0.1",
        "false,HIDDEN,BOTH,0.1",
        "true,HIDDEN,CLIENT,0.1",
        "true,PROXY_V2,BOTH,0.1",
        "false,PROXY_V1,BOTH,0.1",
        "false,TOA,BOTH,0.1",
    })
    void shouldReachServersOfTheOtherFamily(
            boolean v6, ClientAddress how, Stamps stamps, double badness) {
        lab.mixed(Protocol.TCP, v6, ServiceGuard.NONE.withSynProxy(ON), how);
        boolean proxy = how == ClientAddress.PROXY_V1 || how == ClientAddress.PROXY_V2;
        shouldCarry(v6, stamps, badness, proxy ? ClientAddressTest.header(v6, how) : NONE);
    }

    /** A server that does without is not promised again for a while. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotOfferWhatServersDoWithout(boolean v6) {
        lab.synProxied(v6, ForwardingMethod.NAT, ON, ClientAddress.HIDDEN);
        int promised = 0;
        for (int round = 0; round < 10; round++) {
            TcpPeer client = client(v6, round, data(100)).withStamps(round);
            TcpPeer server = server(data(100));
            talk(client, server, 0);
            promised += client.isStamped() ? 1 : 0;
        }
        assertThat(promised).isBetween(1, lab.workers == 1 ? 1 : 9);
        lab.dataplane.advance(601 * Lab.SECOND);
        TcpPeer client = client(v6, 10, data(100)).withStamps(-5);
        talk(client, server(data(100)).withStamps(7), 0);
        assertThat(client.isStamped()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"NAT", "FULLNAT"})
    void shouldOpenOneAfterTheOther(ForwardingMethod method) {
        lab.synProxied(false, method, ON, ClientAddress.HIDDEN);
        for (int i = 0; i < 20; i++) {
            byte[] question = data(300);
            TcpPeer client = client(false, i, question).withStamps(-10);
            TcpPeer server = server(data(300)).withStamps(Integer.MAX_VALUE - 5);
            talk(client, server, 0);
            assertThat(server.received()).isEqualTo(question);
            assertThat(client.isStamped()).isTrue();
        }
        assertThat(lab.dataplane.counters().syn(SynCounter.COOKIES_VALID)).isEqualTo(20);
    }
}
