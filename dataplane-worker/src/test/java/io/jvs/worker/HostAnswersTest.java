package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a virtual address answers that no service takes, as a host's address does: and traceroute.
 */
class HostAnswersTest {
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private void service(Protocol protocol, boolean v6, ForwardingMethod method) {
        int realPort = method == ForwardingMethod.NAT ? 8080 : 80;
        lab.service(protocol, v6, method, Tunnel.IPIP, realPort, 1);
    }

    private static byte[] toPort(boolean v6, int protocol, int port, int flags) {
        return Frames.frame(
                Lab.WAN_MAC,
                Lab.CLIENT_MAC,
                Lab.client(v6),
                new Frames.Endpoint(Lab.virtual(v6).address(), port),
                protocol,
                flags);
    }

    /** The one frame that went back to the client, from the virtual address. */
    private byte[] answer(boolean v6, int protocol) {
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        byte[] answer = lab.dataplane.takeSent(Lab.WAN);
        assertThat(answer).isNotEmpty();
        Frames.Seen seen = Frames.read(answer);
        assertThat(seen.dstMac()).isEqualTo(Lab.CLIENT_MAC);
        assertThat(seen.from()).isEqualTo(Lab.virtual(v6).address());
        assertThat(seen.to()).isEqualTo(Lab.client(v6).address());
        assertThat(seen.protocol()).isEqualTo(protocol);
        assertThat(seen.checksumsRight()).isTrue();
        return answer;
    }

    private void icmp(boolean v6, int typeAndCode, int quotedFrom, byte[] quoted) {
        byte[] answer = answer(v6, v6 ? ICMP6 : ICMP);
        int icmp = v6 ? 54 : 34;
        assertThat(ByteBuffer.wrap(answer).getShort(icmp)).isEqualTo((short) typeAndCode);
        int bytes = quoted.length - quotedFrom;
        assertThat(Arrays.copyOfRange(answer, icmp + 8, icmp + 8 + bytes))
                .isEqualTo(Arrays.copyOfRange(quoted, quotedFrom, quoted.length));
    }

    @ParameterizedTest
    @CsvSource({"false, 81, 2", "true, 81, 2", "false, 80, 16", "true, 80, 16", "false, 80, 18"})
    void shouldResetSegmentsWithoutServiceOrConnection(boolean v6, int port, int flags) {
        service(Protocol.TCP, v6, ForwardingMethod.DIRECT_ROUTE);
        int before = (int) lab.dataplane.counters().connections();
        lab.dataplane.inject(Lab.WAN, toPort(v6, Frames.TCP, port, flags & ~2));
        byte[] answer = answer(v6, Frames.TCP);
        assertThat(answer[(v6 ? 54 : 34) + 13] & Frames.RST).isEqualTo(Frames.RST);
        assertThat(lab.dataplane.counters().connections()).isEqualTo(before);
    }

    @Test
    void shouldNotAnswerResets() {
        service(Protocol.TCP, false, ForwardingMethod.NAT);
        lab.dataplane.inject(Lab.WAN, toPort(false, Frames.TCP, 80, Frames.RST));
        lab.dataplane.inject(Lab.WAN, toPort(false, Frames.TCP, 81, Frames.RST));
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        assertThat(lab.verdict(Verdict.DROP_NO_CONNECTION)).isEqualTo(1);
        assertThat(lab.verdict(Verdict.DROP_NO_SERVICE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayThatNobodyServesAUdpPort(boolean v6) {
        service(Protocol.UDP, v6, ForwardingMethod.NAT);
        byte[] probe = toPort(v6, Frames.UDP, 33_434, 0);
        lab.dataplane.inject(Lab.WAN, probe);
        icmp(v6, v6 ? 0x0104 : 0x0303, 14, probe);
        assertThat(lab.verdict(Verdict.REPLIED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayThatNobodySpeaksAProtocol(boolean v6) {
        service(Protocol.UDP, v6, ForwardingMethod.NAT);
        byte[] probe =
                Frames.withIp(
                        Lab.WAN_MAC,
                        Lab.CLIENT_MAC,
                        Lab.client(v6).address(),
                        Lab.virtual(v6).address(),
                        89,
                        new byte[24]);
        lab.dataplane.inject(Lab.WAN, probe);
        icmp(v6, v6 ? 0x0401 : 0x0302, 14, probe);
    }

    @Test
    void shouldNotAnswerMoreThanTheRateAllows() {
        service(Protocol.UDP, false, ForwardingMethod.NAT);
        for (int i = 0; i < 200; i++) {
            lab.dataplane.inject(Lab.WAN, toPort(false, Frames.UDP, 1000 + i, 0));
            lab.dataplane.inject(Lab.WAN, toPort(false, Frames.TCP, 1000 + i, Frames.SYN));
        }
        assertThat(lab.sent(Lab.WAN)).hasSize(100);
        assertThat(lab.verdict(Verdict.DROP_ICMP_RATE)).isEqualTo(150);
        assertThat(lab.verdict(Verdict.DROP_RESET_RATE)).isEqualTo(150);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetARealServersSegmentAfterItsConnection(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.FULLNAT);
        byte[] late =
                Frames.frame(
                        Lab.LAN_MAC,
                        Lab.SERVER_MAC,
                        new Frames.Endpoint(Lab.realAddress(v6, 1), 80),
                        new Frames.Endpoint(Lab.local(v6), 5000),
                        Frames.TCP,
                        Frames.FIN | Frames.ACK);
        lab.dataplane.inject(Lab.LAN, late);
        byte[] answer = lab.dataplane.takeSent(Lab.LAN);
        assertThat((int) answer[(v6 ? 54 : 34) + 13]).isEqualTo(Frames.RST);
        assertThat(Frames.read(answer).to()).isEqualTo(Lab.realAddress(v6, 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = ForwardingMethod.class,
            names = {"NAT", "DIRECT_ROUTE", "TUNNEL", "FULLNAT"})
    void shouldBeSeenByTraceroute(ForwardingMethod method) {
        for (boolean v6 : new boolean[] {false, true}) {
            service(Protocol.UDP, v6, method);
            service(Protocol.TCP, v6, method);
            for (int protocol : new int[] {Frames.UDP, Frames.TCP}) {
                byte[] probe = toPort(v6, protocol, 80, Frames.SYN);
                byte[] ip = Datagrams.ip(probe);
                ip[v6 ? 7 : 8] = 1;
                byte[] hopless =
                        Datagrams.frame(probe, v6 ? ip : Datagrams.piece(ip, 1, 0, ip.length - 20));
                lab.dataplane.inject(Lab.WAN, hopless);
                icmp(v6, v6 ? 0x0300 : 0x0B00, 14, hopless);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerPingsWithOneHopLeft(boolean v6) {
        service(Protocol.TCP, v6, ForwardingMethod.NAT);
        byte[] echo = new byte[64];
        echo[0] = (byte) (v6 ? 128 : 8);
        byte[] ping =
                Frames.withIp(
                        Lab.WAN_MAC,
                        Lab.CLIENT_MAC,
                        Lab.client(v6).address(),
                        Lab.virtual(v6).address(),
                        v6 ? ICMP6 : ICMP,
                        echo);
        byte[] ip = Datagrams.ip(ping);
        ip[v6 ? 7 : 8] = 1;
        lab.dataplane.inject(
                Lab.WAN,
                Datagrams.frame(ping, v6 ? ip : Datagrams.piece(ip, 1, 0, ip.length - 20)));
        byte[] answer = answer(v6, v6 ? ICMP6 : ICMP);
        assertThat(answer[v6 ? 54 : 34]).isEqualTo((byte) (v6 ? 129 : 0));
        assertThat((int) answer[v6 ? 21 : 22]).isEqualTo(64);
    }
}
