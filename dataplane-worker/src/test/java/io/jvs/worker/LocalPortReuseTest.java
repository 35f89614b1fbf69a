package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The local port of a connection that its client's next one takes the place of. */
class LocalPortReuseTest {
    private static final Address LOCAL = Address.parse("192.168.77.200");

    /** More than the minute that a port waits, less than TIME_WAIT lasts. */
    private static final long PAUSE_SECONDS = 70;

    private final OneArm director = new OneArm();

    @BeforeEach
    void openAndEnd() {
        director.service(Protocol.TCP, ForwardingMethod.FULLNAT, 1);
        director.apply(List.of(new Change.SetLocalAddresses(0, List.of(LOCAL))));
        sendTogether(Frames.SYN);
        sendTogether(Frames.FIN);
        assertThat(director.only().state()).isEqualTo("TIME_WAIT");
        director.pass(PAUSE_SECONDS);
    }

    @Test
    void shouldBeFreeAtOnceAfterAMinuteOfSilence() {
        sendTogether(Frames.SYN);
        assertWaiting(0);
    }

    @Test
    void shouldWaitWhenTheLastPacketCameInTheSameBurst() {
        sendTogether(Frames.ACK, Frames.SYN);
        assertWaiting(1);
    }

    private void sendTogether(int... flags) {
        director.sendTogether(
                Arrays.stream(flags)
                        .mapToObj(each ->
                                Frames.frame(
                                        OneArm.PORT_MAC,
                                        OneArm.CLIENT_MAC,
                                        OneArm.CLIENT,
                                        OneArm.VIRTUAL,
                                        Frames.TCP,
                                        each))
                        .toList());
        director.drain();
    }

    private void assertWaiting(long ports) {
        CountersView counters = director.counters();
        assertThat(counters.localPorts(LocalPortCounter.PORTS_USED)).isEqualTo(1 + ports);
        assertThat(counters.localPorts(LocalPortCounter.PORTS_WAITING)).isEqualTo(ports);
    }

    @AfterEach
    void close() {
        director.close();
    }
}
