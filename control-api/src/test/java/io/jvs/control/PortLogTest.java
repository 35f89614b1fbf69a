package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.FakeDataplane;
import io.jvs.worker.PortView;
import io.jvs.worker.Steering;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortLogTest {
    private static PortView port(Steering steering, int rules, String refusal) {
        return new PortView(
                "lan", "0000:01:00.0", "net_x", 1, 1500, true, steering, rules, refusal);
    }

    @Test
    void shouldSayHowPortsSteerAndWhenThatChanges() {
        FakeDataplane dataplane = new FakeDataplane();
        List<String> said = new ArrayList<>();
        List<String> warned = new ArrayList<>();
        PortLog log = new PortLog(dataplane, said::add, warned::add);
        dataplane.setPort(port(Steering.FLOW_RULES, 0, ""));
        log.look();
        dataplane.setPort(port(Steering.FLOW_RULES, 8, ""));
        log.look();
        assertThat(said).containsExactly("port lan: net_x, steering FLOW_RULES");
        assertThat(warned).isEmpty();
        dataplane.setPort(port(Steering.HAND_OVER, 8, "10.0.0.9 TCP: no room."));
        log.look();
        log.look();
        assertThat(warned)
                .containsExactly(
                        "port lan: net_x, steering HAND_OVER, 8 flow rules;"
                                + " flow rules: 10.0.0.9 TCP: no room.");
        dataplane.setPort(port(Steering.FLOW_RULES, 12, ""));
        log.look();
        assertThat(said).hasSize(2);
        assertThat(said.getLast()).isEqualTo("port lan: net_x, steering FLOW_RULES, 12 flow rules");
    }
}
