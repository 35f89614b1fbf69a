package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.dpdk.FlowRule;
import io.jvs.service.Address;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Steering by flow rules, over a model adapter that carries out the rules that it is given and
 * scatters all else over its queues: only the rules can bring an answer to its worker.
 */
class FlowRuleSteeringTest {
    private static final int BATCH = 250;
    private static final String SCATTER = MemoryPorts.SCATTER;

    private static MemoryDataplane open(int workers, String lan) {
        return MemoryDataplane.open(SteeredTraffic.spec(workers, SCATTER, lan), 1_000_000_000L);
    }

    private static long misdirected(MemoryDataplane dataplane) {
        return dataplane.workers().stream().mapToLong(WorkerView::misdirected).sum();
    }

    private static PortView lan(MemoryDataplane dataplane) {
        return dataplane.ports().get(SteeredTraffic.LAN);
    }

    @ParameterizedTest
    @CsvSource({
        "2, false, 2",
        "3, true, 11",
        "3, false, 11",
        "4, true, 4",
        "6, false, 18",
        "8, false, 8",
        "8, true, 8"
    })
    void shouldBringEveryAnswerToItsWorker(int workers, boolean ipv6, int rules) {
        SteeredTraffic traffic = new SteeredTraffic(ipv6);
        try (MemoryDataplane dataplane = open(workers, MemoryPorts.FLOW)) {
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.FLOW_RULES);
            assertThat(dataplane.flowRules(SteeredTraffic.LAN)).isEmpty();
            assertThat(dataplane.apply(1, traffic.changes()).join()).isEqualTo(1);
            for (int i = 0; i < 40; i++) {
                assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            }
            assertThat(lan(dataplane).flowRules()).isEqualTo(rules * SteeredTraffic.LOCALS);
            assertThat(dataplane.flowRules(SteeredTraffic.LAN))
                    .hasSize(rules * SteeredTraffic.LOCALS);
            assertThat(dataplane.workers())
                    .allSatisfy(worker -> {
                        assertThat(worker.handedOver()).isZero();
                        assertThat(worker.misdirected()).isZero();
                        assertThat(worker.receivedPackets()).isGreaterThan(40 * BATCH / workers);
                    });
            assertThat(dataplane.counters().connections()).isEqualTo(40 * BATCH);
        }
    }

    @Test
    void shouldTakeBackAllRulesOfAnAddressThatThePortRefusesHalfway() {
        SteeredTraffic traffic = new SteeredTraffic(false);
        // Room for the 4 rules of two addresses and half of those of the third.
        try (MemoryDataplane dataplane = open(4, MemoryPorts.FLOW + "=10")) {
            dataplane.apply(1, traffic.changes()).join();
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.HAND_OVER);
            assertThat(lan(dataplane).flowRules()).isEqualTo(8);
            assertThat(lan(dataplane).noFlowRules())
                    .isEqualTo("192.168.77.103 TCP: no room for more flow rules.");
            assertThat(dataplane.flowRules(SteeredTraffic.LAN))
                    .extracting(rule -> rule.destination().low() & 0xFF)
                    .containsOnly(100L, 101L);
            assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            assertThat(misdirected(dataplane)).isPositive();
        }
    }

    @Test
    void shouldHandOverWhereThePortRefusesTheFirstRulesHalfway() {
        SteeredTraffic traffic = new SteeredTraffic(true);
        try (MemoryDataplane dataplane = open(4, MemoryPorts.FLOW + "=3")) {
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.HAND_OVER);
            assertThat(lan(dataplane).noFlowRules()).isEqualTo("no room for more flow rules.");
            dataplane.apply(1, traffic.changes()).join();
            assertThat(dataplane.flowRules(SteeredTraffic.LAN)).isEmpty();
            assertThat(lan(dataplane).flowRules()).isZero();
            assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            assertThat(misdirected(dataplane)).isPositive();
        }
    }

    @Test
    void shouldLoseNothingButTimeToRulesThatAreNotCarriedOut() {
        SteeredTraffic traffic = new SteeredTraffic(false);
        try (MemoryDataplane dataplane = open(3, MemoryPorts.FLOW + "=ignored")) {
            dataplane.apply(1, traffic.changes()).join();
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.FLOW_RULES);
            assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            assertThat(misdirected(dataplane)).isGreaterThan(BATCH / 3);
        }
    }

    @Test
    void shouldFollowTheLocalAddresses() {
        SteeredTraffic traffic = new SteeredTraffic(false);
        List<Address> locals = SteeredTraffic.locals(false);
        try (MemoryDataplane dataplane = open(2, MemoryPorts.FLOW)) {
            dataplane.apply(1, traffic.changes()).join();
            List<FlowRule> before = dataplane.flowRules(SteeredTraffic.LAN);
            dataplane
                    .apply(2, List.of(new Change.SetLocalAddresses(0, locals.subList(2, 4))))
                    .join();
            assertThat(dataplane.flowRules(SteeredTraffic.LAN))
                    .hasSize(4)
                    .isSubsetOf(before)
                    .extracting(rule -> rule.destination().low() & 0xFF)
                    .containsOnly(102L, 103L);
            assertThat(traffic.exchange(dataplane, BATCH)).isEqualTo(BATCH);
            assertThat(misdirected(dataplane)).isZero();
            dataplane.apply(3, List.of(new Change.RemoveService(0))).join();
            assertThat(dataplane.flowRules(SteeredTraffic.LAN)).isEmpty();
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.FLOW_RULES);
        }
    }

    @Test
    void shouldTryAgainWhenOtherAddressesHaveGone() {
        SteeredTraffic traffic = new SteeredTraffic(false);
        List<Address> locals = SteeredTraffic.locals(false);
        try (MemoryDataplane dataplane = open(2, MemoryPorts.FLOW + "=4")) {
            dataplane.apply(1, traffic.changes()).join();
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.HAND_OVER);
            // Both are new to the port, and there is room when the first two have gone.
            dataplane
                    .apply(2, List.of(new Change.SetLocalAddresses(0, locals.subList(2, 4))))
                    .join();
            assertThat(lan(dataplane).steering()).isEqualTo(Steering.FLOW_RULES);
            assertThat(lan(dataplane).noFlowRules()).isEmpty();
            assertThat(dataplane.flowRules(SteeredTraffic.LAN)).hasSize(4);
        }
    }
}
