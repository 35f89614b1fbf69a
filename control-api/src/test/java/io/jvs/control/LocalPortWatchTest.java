package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.FakeDataplane;
import io.jvs.packet.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalPortWatchTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldSayOnceAMinuteThatPortsHaveRunOut() throws Exception {
        FakeDataplane dataplane = new FakeDataplane();
        List<String> said = new ArrayList<>();
        try (LocalPortWatch watch = new LocalPortWatch(dataplane, said::add)) {
            watch.look(0);
            assertThat(said).isEmpty();
            dataplane.countVerdict(Verdict.DROP_NO_LOCAL_PORT, 5);
            watch.look(SECOND_NS);
            assertThat(said)
                    .containsExactly(
                            "local ports have run out: 5 packets refused (no_local_port);"
                                    + " 10.2.0.1 has 0 of 64511 free towards 10.1.0.1 port 80;"
                                    + " add local addresses to the service (jvsadm -P) or real"
                                    + " servers");
            dataplane.countVerdict(Verdict.DROP_NO_LOCAL_PORT, 8);
            watch.look(2 * SECOND_NS);
            assertThat(said).hasSize(1);
            watch.look(62 * SECOND_NS);
            assertThat(said).hasSize(2);
            assertThat(said.getLast()).contains(" 3 packets refused");
            watch.look(200 * SECOND_NS);
            assertThat(said).hasSize(2);
        }
    }
}
