package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jvs.dpdk.HostFacts;
import io.jvs.service.Address;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real drivers are asked for flow rules: none here has any of use, and each says why. */
class FlowRuleSetupIT {
    private static PortSpec port(String name, String device, String address) {
        InterfaceSpec.Prefix prefix = new InterfaceSpec.Prefix(Address.parse(address), 24);
        return new PortSpec(name, device, 0, List.of(new InterfaceSpec(0, List.of(prefix))), "");
    }

    @Test
    void shouldHandOverAndTellTheDriversReasonWhereThereAreNoRules() throws Exception {
        assumeTrue(HostFacts.read().root() && HostFacts.read().tun(), "tap ports need root");
        DataplaneSpec spec =
                new DataplaneSpec(
                        List.of(
                                port("kernel", "af_packet:lo", "10.0.0.1"),
                                port("tap", "tap:jvsflow1", "10.0.1.1")),
                        List.of(),
                        List.of(),
                        2,
                        List.of(),
                        1000,
                        "no-huge",
                        64,
                        "jvs-flow-setup-it",
                        7,
                        false);
        try (DpdkPorts ports = DpdkPorts.open(spec)) {
            List<PortView> views = ports.flowRules().refresh(ports.views());
            assertThat(views).extracting(PortView::steering).containsOnly(Steering.HAND_OVER);
            assertThat(views).extracting(PortView::flowRules).containsOnly(0);
            assertThat(views.get(0).noFlowRules())
                    .startsWith("rte_flow_validate of port 'af_packet:lo' failed (errno 38, ")
                    .endsWith("): workers hand packets over instead.");
            // DPDK 22.11's driver finds the rule valid, and then cannot make it.
            assertThat(views.get(1).noFlowRules())
                    .startsWith("rte_flow_")
                    .contains(" of port 'tap:jvsflow1' failed (errno ")
                    .endsWith("): workers hand packets over instead.");
            ports.flowRules()
                    .prepare(
                            1,
                            List.of(
                                    new Change.SetLocalAddresses(
                                            0, List.of(Address.parse("10.0.0.200")))));
            views = ports.flowRules().refresh(ports.views());
            assertThat(views).extracting(PortView::flowRules).containsOnly(0);
        }
    }
}
