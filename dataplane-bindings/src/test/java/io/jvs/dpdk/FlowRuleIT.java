package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flow rules asked of real drivers; no packet is sent. */
class FlowRuleIT {
    private static final FlowDestination WEB =
            new FlowDestination(false, false, 0, 0xC000_0201L, FlowDestination.TCP);
    private static Eal eal;
    private MbufPool pool;

    @BeforeAll
    static void start() {
        eal =
                Eal.start(
                        EalSpec.of("jvs-flow-it")
                                .withHugepageMode(HugepageMode.NO_HUGE)
                                .withMemoryMegabytes(64));
    }

    @AfterAll
    static void end() {
        eal.close();
    }

    @BeforeEach
    void makePool() {
        pool = eal.createMbufPool(MbufPoolSpec.of("flow-it", 2047));
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    private EthPort started(String device, int queues) {
        EthPort port = eal.attach(DeviceArgument.parse(device), queues);
        port.configure(EthPortSpec.of(queues), pool);
        port.start();
        return port;
    }

    private static FlowRule rule(FlowDestination destination) {
        return new FlowRule(destination, 64, 127, 1);
    }

    @Test
    void shouldSayThatADriverHasNoRules() {
        try (EthPort port = started("ring", 1)) {
            assertThatThrownBy(() -> port.validateFlowRule(rule(WEB)))
                    .isInstanceOf(DpdkException.class)
                    .hasMessage(
                            "rte_flow_validate of port 'ring' failed (errno 38, Function not"
                                    + " implemented): workers hand packets over instead.");
            assertThatThrownBy(() -> port.createFlowRule(rule(WEB)))
                    .isInstanceOf(DpdkException.class)
                    .hasMessageStartingWith("rte_flow_create of port 'ring' failed (errno 38, ");
        }
    }

    /** DPDK's tap finds nothing wrong with masked ports, and then cannot make the rule. */
    @Test
    void shouldTellTheDriversReason() {
        assumeTrue(HostFacts.read().root() && HostFacts.read().tun(), "tap ports need root");
        try (EthPort port = started("tap:jvsflow0", 2)) {
            for (FlowDestination destination :
                    List.of(
                            WEB,
                            new FlowDestination(true, true, 1, 2, FlowDestination.UDP),
                            new FlowDestination(false, false, 0, 9, FlowDestination.SCTP))) {
                assertThatThrownBy(() -> port.createFlowRule(rule(destination)))
                        .isInstanceOf(DpdkException.class)
                        .hasMessageStartingWith("rte_flow_create of port 'tap:jvsflow0' failed (")
                        .hasMessageEndingWith("): workers hand packets over instead.")
                        .hasMessageContaining("; ");
            }
        }
    }

    @Test
    void shouldRefuseRulesThatAreNone() {
        assertThatThrownBy(() -> new FlowDestination(false, false, 0, 1, 1))
                .hasMessage("A flow rule takes protocol 6 (TCP), 17 (UDP) or 132 (SCTP), not 1");
        assertThatThrownBy(() -> new FlowRule(WEB, 65, 64, 1))
                .hasMessage("No flow rule: port 0x41 with mask 0x40 to queue 1");
        try (EthPort port = eal.attach(DeviceArgument.parse("ring"), 1)) {
            assertThatThrownBy(() -> port.createFlowRule(rule(WEB)))
                    .hasMessage("Port 'ring' is not started");
        }
    }
}
