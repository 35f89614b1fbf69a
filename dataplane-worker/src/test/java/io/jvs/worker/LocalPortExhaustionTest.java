package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Must show 2, through the whole packet path: one local address, one real server. */
class LocalPortExhaustionTest {
    private static final int ALL = 64_511;
    private static final int TOO_MANY = 20;
    private static final int FIRST_CLIENT = 100;
    private static final Address FIRST = Address.parse("192.168.77.200");
    private static final Address SECOND = Address.parse("192.168.77.201");

    @Test
    void shouldCarryAConnectionByEachPortAndThenSayThatThereIsNone() {
        try (OneArm director = new OneArm(70_000)) {
            director.service(Protocol.TCP, ForwardingMethod.FULLNAT, 1);
            director.apply(List.of(new Change.SetLocalAddresses(0, List.of(FIRST))));
            for (int i = 0; i < ALL + TOO_MANY; i++) {
                director.fromClient(FIRST_CLIENT + i, Frames.TCP, Frames.SYN);
                if (i % 500 == 0) {
                    director.drain();
                }
            }
            CountersView counters = director.counters();
            assertThat(counters.connections()).isEqualTo(ALL);
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(ALL);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isEqualTo(TOO_MANY);
            assertThat(counters.localPorts(LocalPortCounter.PORTS_USED)).isEqualTo(ALL);
            assertThat(counters.localPorts(LocalPortCounter.PORTS_WAITING)).isZero();
            assertThat(counters.localPorts(LocalPortCounter.PORTS_EXHAUSTED)).isEqualTo(TOO_MANY);
            assertThat(director.localPorts())
                    .containsExactly(
                            new LocalPortView(FIRST, 6, OneArm.real(1), 80, ALL, 0, ALL, TOO_MANY));

            director.apply(List.of(new Change.SetLocalAddresses(0, List.of(FIRST, SECOND))));
            director.drain();
            for (int i = 0; i < TOO_MANY; i++) {
                director.fromClient(FIRST_CLIENT + ALL + i, Frames.TCP, Frames.SYN);
            }
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(ALL + TOO_MANY);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isEqualTo(TOO_MANY);
            assertThat(director.localPorts())
                    .extracting(LocalPortView::local, LocalPortView::used)
                    .containsExactly(tuple(FIRST, ALL), tuple(SECOND, TOO_MANY));
        }
    }
}
