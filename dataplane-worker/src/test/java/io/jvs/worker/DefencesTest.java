package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** drop_packet, drop_entry and secure_tcp over a table of 1,920 connections: 30 pages of 64. */
class DefencesTest {
    private static final int CONNECTIONS = 1_920;
    private static final int FIRST_PORT = 10_000;

    private final OneArm arm = new OneArm(CONNECTIONS);

    @AfterEach
    void close() {
        arm.close();
    }

    private void open(int first, int count, int protocol, int flags) {
        for (int i = first; i < first + count; i++) {
            arm.fromClient(FIRST_PORT + i, protocol, flags);
        }
        arm.drain();
    }

    private long dropped() {
        return arm.counters().verdict(Verdict.DROP_OVERLOAD);
    }

    @ParameterizedTest
    @CsvSource({"10,100,10", "4,100,25", "1,7,7"})
    void shouldDropOneNewConnectionInAmDroprate(String rate, int packets, int expected) {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 1);
        arm.set("am_droprate", rate);
        arm.set("drop_packet", "3");
        int already = rate.equals("1") ? 0 : 1;
        open(0, packets, Frames.UDP, 0);
        assertThat(dropped()).isBetween((long) expected, (long) expected + already);
        arm.set("drop_packet", "0");
        open(packets, 100, Frames.UDP, 0);
        assertThat(dropped()).isBetween((long) expected, (long) expected + already);
    }

    @Test
    void shouldNotDropPacketsOfConnections() {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 1);
        open(0, 1, Frames.UDP, 0);
        arm.set("am_droprate", "1");
        arm.set("drop_packet", "3");
        open(0, 1, Frames.UDP, 0);
        assertThat(dropped()).isZero();
        assertThat(arm.counters().server(0, ServerCounter.INCOMING_PACKETS)).isEqualTo(2);
    }

    /** 24 pages are wanted free: the rate is 24 / (24 - free), checked once a second. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void shouldDropMoreTheFullerTheTableIs(String mode) {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 1);
        arm.set("amemthresh", "24");
        arm.set("drop_packet", mode);
        open(0, 6 * 64, Frames.UDP, 0);
        assertThat(dropped()).isZero();
        arm.pass(1);
        open(1000, 64, Frames.UDP, 0);
        arm.pass(1);
        long before = dropped();
        open(2000, 24, Frames.UDP, 0);
        assertThat(dropped() - before).isEqualTo(1);
        arm.pass(301);
        assertThat(arm.counters().connections()).isZero();
        before = dropped();
        open(3000, 100, Frames.UDP, 0);
        assertThat(dropped()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"3,1,SYN_RECV", "0,1000,ESTABLISHED", "1,0,ESTABLISHED", "1,1000,SYN_RECV"})
    void shouldUseTheSecureTablesByMode(String mode, String threshold, String answered) {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        arm.set("amemthresh", threshold);
        arm.set("secure_tcp", mode);
        open(0, 1, Frames.TCP, Frames.SYN);
        open(0, 1, Frames.TCP, Frames.ACK);
        assertThat(arm.only().state()).isEqualTo(answered);
        arm.fromServer(FIRST_PORT, Frames.TCP, Frames.ACK);
        assertThat(arm.only().state()).isEqualTo("ESTABLISHED");
    }

    @Test
    void shouldEndHalfOpenConnectionsAThirtySecondASecond() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        open(0, 1600, Frames.TCP, Frames.SYN);
        arm.set("drop_entry", "3");
        arm.pass(10);
        long ended = arm.counters().droppedConnections();
        // 1600 * (1 - (31/32)^10) = 435
        assertThat(ended).isBetween(370L, 500L);
        assertThat(arm.counters().connections()).isEqualTo(1600 - ended);
        assertThat(arm.counters().server(0, ServerCounter.ACTIVE)).isEqualTo(1600 - ended);
        arm.set("drop_entry", "0");
        arm.pass(10);
        assertThat(arm.counters().droppedConnections()).isEqualTo(ended);
    }

    @Test
    void shouldLeaveEstablishedConnectionsAloneForAMinute() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1);
        for (int i = 0; i < 640; i++) {
            arm.fromClient(FIRST_PORT + i, Frames.TCP, Frames.SYN);
            arm.fromServer(FIRST_PORT + i, Frames.TCP, Frames.SYN | Frames.ACK);
            arm.fromClient(FIRST_PORT + i, Frames.TCP, Frames.ACK);
            arm.drain();
        }
        arm.set("drop_entry", "3");
        arm.pass(59);
        assertThat(arm.counters().droppedConnections()).isZero();
        arm.pass(33);
        // 640 / 32 looked at a second, one in two (two packets from the client) ended
        assertThat(arm.counters().droppedConnections()).isBetween(180L, 330L);
    }

    @Test
    void shouldLeaveBusyConnectionsAlone() {
        arm.service(Protocol.UDP, ForwardingMethod.NAT, 1);
        for (int packet = 0; packet < 9; packet++) {
            open(0, 64, Frames.UDP, 0);
        }
        arm.set("drop_entry", "3");
        arm.pass(200);
        assertThat(arm.counters().droppedConnections()).isZero();
    }

    @Test
    void shouldEndTemplatesThatNoAnswerEverCameFor() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1, new Persistence(10_000, -1));
        open(0, 32, Frames.TCP, Frames.SYN);
        assertThat(arm.counters().connections()).isEqualTo(33);
        arm.set("drop_entry", "3");
        arm.pass(59);
        arm.pass(141);
        assertThat(arm.counters().connections()).isZero();
        assertThat(arm.counters().server(0, ServerCounter.PERSISTENT)).isZero();
    }

    @Test
    void shouldKeepTemplatesOfEstablishedConnections() {
        arm.service(Protocol.TCP, ForwardingMethod.NAT, 1, new Persistence(10_000, -1));
        open(0, 1, Frames.TCP, Frames.SYN);
        arm.fromServer(FIRST_PORT, Frames.TCP, Frames.SYN | Frames.ACK);
        open(0, 1, Frames.TCP, Frames.ACK);
        open(0, 1, Frames.TCP, Frames.RST);
        arm.set("drop_entry", "3");
        arm.pass(1000);
        assertThat(arm.counters().connections()).isEqualTo(1);
        assertThat(arm.counters().server(0, ServerCounter.PERSISTENT)).isEqualTo(1);
    }
}
