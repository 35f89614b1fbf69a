package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCTP associations through the whole pipeline. */
class SctpTest {
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int DATA = 0;
    private static final int ABORT = 6;
    private static final int SHUTDOWN_COMPLETE = 14;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;

    private final OneArm arm = new OneArm();

    @AfterEach
    void close() {
        arm.close();
    }

    /** An SCTP packet of chunks without bodies; 0 as checksum. */
    private static byte[] packet(boolean reply, int... chunks) {
        int from = reply ? 8080 : OneArm.CLIENT.port();
        int to = reply ? OneArm.CLIENT.port() : 80;
        ByteBuffer sctp = ByteBuffer.allocate(12 + 4 * chunks.length);
        sctp.putShort((short) from).putShort((short) to).putInt(77).putInt(0);
        for (int chunk : chunks) {
            sctp.put((byte) chunk).put((byte) 0).putShort((short) 4);
        }
        return Frames.withIp(
                OneArm.PORT_MAC,
                reply ? OneArm.SERVER_MAC : OneArm.CLIENT_MAC,
                reply ? OneArm.real(1) : OneArm.CLIENT.address(),
                reply ? OneArm.CLIENT.address() : OneArm.VIRTUAL.address(),
                Frames.SCTP,
                sctp.array());
    }

    private void client(int... chunks) {
        arm.send(packet(false, chunks));
    }

    private void server(int... chunks) {
        arm.send(packet(true, chunks));
    }

    private String state() {
        return arm.only().state();
    }

    private long count(ServerCounter counter) {
        return arm.counters().server(0, counter);
    }

    @Test
    void shouldFollowAnAssociationThroughNat() {
        arm.service(Protocol.SCTP, ForwardingMethod.NAT, 1);
        client(INIT);
        assertThat(state()).isEqualTo("INIT1");
        assertThat(arm.only().expiresMillis()).isEqualTo(4_000);
        server(INIT_ACK);
        assertThat(state()).isEqualTo("C-SENT");
        assertThat(arm.only().expiresMillis()).isEqualTo(61_000);
        client(COOKIE_ECHO);
        assertThat(count(ServerCounter.ACTIVE)).isZero();
        assertThat(count(ServerCounter.INACTIVE)).isEqualTo(1);
        server(COOKIE_ACK);
        assertThat(state()).isEqualTo("ESTABLISHED");
        assertThat(arm.only().expiresMillis()).isEqualTo(900_000);
        assertThat(count(ServerCounter.ACTIVE)).isEqualTo(1);
        assertThat(count(ServerCounter.INACTIVE)).isZero();
        client(DATA);
        client(ABORT);
        assertThat(state()).isEqualTo("CLOSED");
        assertThat(count(ServerCounter.ACTIVE)).isZero();
        assertThat(count(ServerCounter.INACTIVE)).isEqualTo(1);
    }

    @Test
    void shouldFollowAnAssociationThroughDirectRouting() {
        arm.service(Protocol.SCTP, ForwardingMethod.DIRECT_ROUTE, 1);
        client(INIT);
        client(COOKIE_ECHO);
        assertThat(state()).isEqualTo("ESTABLISHED");
        client(SHUTDOWN_COMPLETE);
        assertThat(state()).isEqualTo("ESTABLISHED");
    }

    @Test
    void shouldHearAnAbortBehindACookie() {
        arm.service(Protocol.SCTP, ForwardingMethod.DIRECT_ROUTE, 1);
        client(INIT);
        client(COOKIE_ECHO, ABORT);
        assertThat(state()).isEqualTo("CLOSED");
    }

    @ParameterizedTest
    @ValueSource(ints = {DATA, COOKIE_ECHO, ABORT})
    void shouldOpenOnlyByInit(int chunk) {
        arm.service(Protocol.SCTP, ForwardingMethod.NAT, 1);
        client(chunk);
        assertThat(arm.counters().connections()).isZero();
        assertThat(arm.counters().verdict(Verdict.DROP_NO_CONNECTION)).isEqualTo(1);
    }

    @Test
    void shouldOpenByAnyChunkButAbortWhenSloppy() {
        arm.service(Protocol.SCTP, ForwardingMethod.NAT, 1);
        arm.set("sloppy_sctp", "1");
        client(ABORT);
        client();
        assertThat(arm.counters().connections()).isZero();
        client(DATA);
        assertThat(state()).isEqualTo("ESTABLISHED");
    }

    @Test
    void shouldScheduleAnInitAnewOnceTheAssociationIsOver() {
        arm.service(Protocol.SCTP, ForwardingMethod.NAT, 2);
        client(INIT);
        var first = arm.only().real();
        client(ABORT);
        client(INIT);
        assertThat(arm.only().real()).isNotEqualTo(first);
        assertThat(state()).isEqualTo("INIT1");
    }
}
