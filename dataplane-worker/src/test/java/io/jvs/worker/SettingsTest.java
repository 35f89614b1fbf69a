package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.Tunnel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each setting changes, through the whole pipeline. */
class SettingsTest {
    private static final int PORT = OneArm.CLIENT.port();

    private final OneArm arm = new OneArm();

    @AfterEach
    void close() {
        arm.close();
    }

    private void tcp(int flags) {
        arm.fromClient(PORT, Frames.TCP, flags);
    }

    private void remove(int server) {
        arm.apply(List.of(new Change.RemoveServer(0, server)));
    }

    private void setWeight(int server, int weight) {
        RealServer spec =
                new RealServer(
                        OneArm.real(server + 1),
                        8080,
                        ForwardingMethod.NAT,
                        weight,
                        0,
                        0,
                        Tunnel.IPIP);
        arm.apply(List.of(new Change.EditServer(0, server, spec)));
    }

    private int serverOf(Address real) {
        return real.equals(OneArm.real(1)) ? 0 : 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {Frames.ACK, Frames.FIN | Frames.ACK, Frames.SYN})
    void shouldOpenByAnySegmentWithSloppyTcp(int flags) {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        arm.set("sloppy_tcp", "1");
        tcp(Frames.RST);
        assertThat(arm.counters().connections()).isZero();
        tcp(flags);
        assertThat(arm.counters().connections()).isEqualTo(1);
        arm.set("sloppy_tcp", "0");
        arm.fromClient(PORT + 1, Frames.TCP, Frames.ACK);
        assertThat(arm.counters().connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true", "2,true", "3,true"})
    void shouldReuseAClosedConnectionByMode(String mode, boolean anew) {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 2);
        arm.set("conn_reuse_mode", mode);
        tcp(Frames.SYN);
        Address first = arm.only().real();
        tcp(Frames.FIN);
        assertThat(arm.only().state()).isEqualTo("TIME_WAIT");
        tcp(Frames.SYN);
        assertThat(arm.only().state()).isEqualTo("SYN_RECV");
        assertThat(!arm.only().real().equals(first)).isEqualTo(anew);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,false", "2,true", "3,true"})
    void shouldReuseAConnectionInFinWaitByModeTwo(String mode, boolean anew) {
        arm.service(Protocol.TCP, ForwardingMethod.DIRECT_ROUTE, 2);
        arm.set("conn_reuse_mode", mode);
        tcp(Frames.SYN);
        tcp(Frames.ACK);
        Address first = arm.only().real();
        tcp(Frames.FIN);
        assertThat(arm.only().state()).isEqualTo("FIN_WAIT");
        tcp(Frames.SYN);
        assertThat(!arm.only().real().equals(first)).isEqualTo(anew);
    }

    @Test
    void shouldWaitForARemovedServerToComeBack() {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 2);
        arm.fromClient(PORT, Frames.UDP, 0);
        remove(serverOf(arm.only().real()));
        arm.fromClient(PORT, Frames.UDP, 0);
        assertThat(arm.counters().verdict(Verdict.DROP_SERVER_REMOVED)).isEqualTo(1);
        assertThat(arm.counters().connections()).isEqualTo(1);
    }

    @Test
    void shouldEndConnectionsOfARemovedServerWithExpireNodestConn() {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 2);
        arm.set("expire_nodest_conn", "1");
        arm.fromClient(PORT, Frames.UDP, 0);
        Address first = arm.only().real();
        remove(serverOf(first));
        arm.fromClient(PORT, Frames.UDP, 0);
        assertThat(arm.only().real()).isNotEqualTo(first);
        assertThat(arm.counters().verdict(Verdict.DROP_SERVER_REMOVED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true"})
    void shouldScheduleASynAnewAtWeightZeroWithExpireNodestConn(String value, boolean anew) {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 2);
        arm.set("expire_nodest_conn", value);
        tcp(Frames.SYN);
        Address first = arm.only().real();
        setWeight(serverOf(first), 0);
        tcp(Frames.ACK);
        assertThat(arm.only().real()).isEqualTo(first);
        tcp(Frames.SYN);
        assertThat(!arm.only().real().equals(first)).isEqualTo(anew);
    }

    @Test
    void shouldKeepConnectionsWhereReuseIsOff() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 2);
        arm.set("conn_reuse_mode", "0");
        arm.set("expire_nodest_conn", "1");
        tcp(Frames.SYN);
        Address first = arm.only().real();
        setWeight(serverOf(first), 0);
        tcp(Frames.SYN);
        assertThat(arm.only().real()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0"})
    void shouldEndConnectionsOfRemovedServersAtOnceWithExpireNodestConn(String value, int left) {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 1, new Persistence(300, -1));
        arm.set("expire_nodest_conn", value);
        for (int port = PORT; port < PORT + 200; port++) {
            arm.fromClient(port, Frames.UDP, 0);
        }
        assertThat(arm.all()).hasSize(201);
        remove(0);
        arm.pass(1);
        assertThat(arm.all()).hasSize(left * 201);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true"})
    void shouldForgetTemplatesAtWeightZero(String value, boolean forgotten) {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 2, new Persistence(300, -1));
        arm.set("expire_quiescent_template", value);
        arm.fromClient(PORT, Frames.UDP, 0);
        int first = arm.counters().server(0, ServerCounter.CONNECTIONS) == 1 ? 0 : 1;
        setWeight(first, 0);
        arm.fromClient(PORT + 1, Frames.UDP, 0);
        assertThat(arm.counters().server(1 - first, ServerCounter.CONNECTIONS))
                .isEqualTo(forgotten ? 1 : 0);
    }

    private static byte[] strayReply(int protocol, int flags, int port) {
        return Frames.frame(
                OneArm.PORT_MAC,
                OneArm.SERVER_MAC,
                new Frames.Endpoint(OneArm.real(1), port),
                OneArm.CLIENT,
                protocol,
                flags);
    }

    @ParameterizedTest
    @CsvSource({"6,16,8080,true", "6,4,8080,false", "17,0,8080,false", "6,16,8081,false"})
    void shouldTellARealServerOfAStrayReplyWithNatIcmpSend(
            int protocol, int flags, int port, boolean told) {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        arm.send(strayReply(protocol, flags, port));
        assertThat(arm.sent()).isEmpty();
        arm.set("nat_icmp_send", "1");
        arm.send(strayReply(protocol, flags, port));
        byte[] answer = arm.sent();
        assertThat(answer.length > 0).isEqualTo(told);
        if (told) {
            Frames.Seen seen = Frames.read(answer);
            assertThat(seen.protocol()).isEqualTo(1);
            assertThat(seen.to()).isEqualTo(OneArm.real(1));
            assertThat(seen.from()).isEqualTo(Address.parse("172.16.0.1"));
            assertThat(answer[34]).isEqualTo((byte) 3);
            assertThat(answer[35]).isEqualTo((byte) 3);
        }
    }

    @Test
    void shouldNotTellServersWhoseRepliesDoNotPassHere() {
        arm.service(Protocol.TCP, ForwardingMethod.DIRECT_ROUTE, 1);
        arm.set("nat_icmp_send", "1");
        arm.send(strayReply(Frames.TCP, Frames.ACK, 80));
        assertThat(arm.sent()).isEmpty();
    }

    /** An ICMP error of a router about a segment from the virtual endpoint to the client. */
    private static byte[] errorAboutReply() {
        byte[] quoted = Frames.frame(0, 0, OneArm.VIRTUAL, OneArm.CLIENT, Frames.TCP, Frames.ACK);
        byte[] icmp = new byte[8 + 28];
        icmp[0] = 3;
        icmp[1] = 1;
        System.arraycopy(quoted, 14, icmp, 8, 28);
        return Frames.withIp(
                OneArm.PORT_MAC,
                OneArm.CLIENT_MAC,
                Address.parse("172.16.0.200"),
                OneArm.VIRTUAL.address(),
                1,
                icmp);
    }

    @Test
    void shouldOpenAConnectionByAnIcmpErrorWithScheduleIcmp() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        arm.send(errorAboutReply());
        assertThat(arm.counters().verdict(Verdict.DROP_UNRELATED_ICMP)).isEqualTo(1);
        arm.set("schedule_icmp", "1");
        arm.send(errorAboutReply());
        ConnectionView view = arm.only();
        assertThat(view.state()).isEqualTo("NONE");
        assertThat(view.expiresMillis()).isEqualTo(3_000);
        assertThat(view.client()).isEqualTo(OneArm.CLIENT.address());
        assertThat(view.clientPort()).isEqualTo(PORT);
        Frames.Seen sent = Frames.read(arm.sent());
        assertThat(sent.to()).isEqualTo(OneArm.real(1));
        assertThat(sent.checksumsRight()).isTrue();
        arm.pass(4);
        assertThat(arm.counters().connections()).isZero();
        assertThat(arm.counters().server(0, ServerCounter.INACTIVE)).isZero();
    }

    @Test
    void shouldNotAnswerAnIcmpErrorThatNobodyTakes() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 0);
        arm.set("schedule_icmp", "1");
        arm.send(errorAboutReply());
        assertThat(arm.sent()).isEmpty();
        assertThat(arm.counters().verdict(Verdict.DROP_NO_SERVER)).isEqualTo(1);
    }

    private static byte[] large() {
        return Frames.frame(
                OneArm.PORT_MAC,
                OneArm.CLIENT_MAC,
                OneArm.CLIENT,
                OneArm.VIRTUAL,
                Frames.UDP,
                0,
                new byte[1472]);
    }

    @Test
    void shouldAskForSmallerPacketsThroughATunnelWithPmtuDisc() {
        arm.service(Protocol.UDP, ForwardingMethod.TUNNEL, 1);
        arm.send(large());
        byte[] answer = arm.sent();
        assertThat(answer[34]).isEqualTo((byte) 3);
        assertThat(answer[35]).isEqualTo((byte) 4);
        assertThat((answer[40] & 0xFF) << 8 | answer[41] & 0xFF).isEqualTo(1480);
    }

    @Test
    void shouldCutPacketsForATunnelWithoutPmtuDisc() {
        arm.service(Protocol.UDP, ForwardingMethod.TUNNEL, 1);
        arm.set("pmtu_disc", "0");
        arm.send(large());
        byte[] first = arm.sent();
        byte[] second = arm.sent();
        assertThat(first[20]).isEqualTo((byte) 0x20);
        assertThat(first.length).isEqualTo(1514);
        assertThat(second[20] & 0x20).isZero();
        assertThat(Frames.read(first).to()).isEqualTo(OneArm.real(1));
        assertThat(arm.sent()).isEmpty();
    }

    @Test
    void shouldKnowEverySettingOfAWorker() {
        WorkerSettings settings = new WorkerSettings();
        assertThat(settings.pmtuDisc).isTrue();
        assertThat(settings.connReuseMode).isEqualTo(1);
        settings.set(
                io.jvs.service.Sysctls.INITIAL.with(
                        Map.of("lblc_expiration", "60", "lblcr_expiration", "61")));
        assertThat(settings.lblcExpirationSeconds).isEqualTo(60);
        assertThat(settings.lblcrExpirationSeconds).isEqualTo(61);
    }
}
