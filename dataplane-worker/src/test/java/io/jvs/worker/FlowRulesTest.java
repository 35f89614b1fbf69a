package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jvs.dpdk.FlowDestination;
import io.jvs.dpdk.FlowRule;
import io.jvs.packet.FlowSteering;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When rules come and go, and which. */
class FlowRulesTest {
    private static final Address FIRST = Address.parse("10.0.0.200");
    private static final Address SECOND = Address.parse("2001:db8::200");
    private static final int WORKERS = 4;

    private final FakeTable table = new FakeTable();

    /** A port that takes everything, or from some moment on nothing. */
    private static final class FakeTable implements FlowRuleTable {
        final Map<Long, FlowRule> rules = new LinkedHashMap<>();
        boolean refuses;
        boolean keeps;
        private long last;

        @Override
        public long create(FlowRule rule) throws FlowRuleException {
            if (refuses) {
                throw new FlowRuleException("this port takes no rules.");
            }
            rules.put(++last, rule);
            return last;
        }

        @Override
        public void destroy(long rule) throws FlowRuleException {
            if (keeps) {
                throw new FlowRuleException("this port keeps its rules.");
            }
            assertThat(rules.remove(rule)).as("rule %d", rule).isNotNull();
        }
    }

    private FlowRules rules(Boolean... tags) {
        List<FlowSteering.PortBlock> blocks = FlowSteering.byPort(WORKERS).portBlocks();
        return new FlowRules(List.of(new PortFlowRules(table, blocks, Set.of(tags))));
    }

    private static PortView view(FlowRules rules) {
        PortView opened =
                new PortView("lan", "0000:01:00.0", "net_x", 1, 1500, true, Steering.HAND_OVER);
        return rules.refresh(List.of(opened)).getFirst();
    }

    private static List<Change> service(int index, ServiceKey key, Address... locals) {
        VirtualService spec =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        return List.of(
                new Change.AddService(index, spec),
                new Change.SetLocalAddresses(index, List.of(locals)));
    }

    private static List<Change> tcp(int index, Address... locals) {
        ServiceKey key =
                new ServiceKey.Endpoint(Protocol.TCP, Address.parse("192.0.2.9"), 80 + index);
        return service(index, key, locals);
    }

    private List<FlowDestination> destinations() {
        return table.rules.values().stream().map(FlowRule::destination).distinct().toList();
    }

    @Test
    void shouldMakeRulesBeforeWorkersHearAndEndThemWhenAllHaveApplied() {
        FlowRules rules = rules(false);
        assertThat(table.rules).isEmpty();
        rules.prepare(1, tcp(0, FIRST));
        assertThat(table.rules).hasSize(WORKERS);
        rules.prepare(2, List.of(new Change.SetLocalAddresses(0, List.of(SECOND))));
        assertThat(table.rules).hasSize(2 * WORKERS);
        rules.applied(1);
        assertThat(table.rules).hasSize(2 * WORKERS);
        rules.applied(2);
        assertThat(destinations())
                .containsExactly(new FlowDestination(false, true, SECOND.high(), SECOND.low(), 6));
        assertThat(view(rules).flowRules()).isEqualTo(WORKERS);
        rules.close();
        assertThat(table.rules).isEmpty();
        rules.prepare(3, tcp(1, FIRST));
        assertThat(table.rules).isEmpty();
    }

    @Test
    void shouldHaveOneRuleAWorkerForEachProtocolAndTag() {
        FlowRules rules = rules(false, true);
        List<Change> changes = new ArrayList<>(tcp(0, FIRST));
        changes.addAll(tcp(1, FIRST, SECOND));
        rules.prepare(1, changes);
        assertThat(table.rules).hasSize(2 * 2 * WORKERS);
        rules.prepare(2, service(2, new ServiceKey.Mark(7, AddressFamily.IPV4), FIRST));
        assertThat(table.rules).hasSize(3 * 2 * WORKERS);
        assertThat(destinations())
                .contains(
                        new FlowDestination(false, false, 0, FIRST.low(), 17),
                        new FlowDestination(true, false, 0, FIRST.low(), 17));
        // Another service still uses the address.
        rules.prepare(3, List.of(new Change.RemoveService(0)));
        rules.applied(3);
        assertThat(table.rules).hasSize(3 * 2 * WORKERS);
        assertThat(table.rules.values())
                .filteredOn(rule -> rule.destination().protocol() == 17)
                .extracting(FlowRule::port, FlowRule::portMask, FlowRule::queue)
                .contains(tuple(0, 96, 0), tuple(32, 96, 1), tuple(64, 96, 2), tuple(96, 96, 3));
    }

    @Test
    void shouldLeaveVirtualAddressesAlone() {
        FlowRules rules = rules(false);
        rules.prepare(1, tcp(0, FIRST, SECOND));
        assertThat(table.rules).hasSize(2 * WORKERS);
        rules.prepare(2, service(1, new ServiceKey.Endpoint(Protocol.UDP, FIRST, 53)));
        rules.applied(2);
        assertThat(destinations()).extracting(FlowDestination::ipv6).containsExactly(true);
        assertThat(view(rules).steering()).isEqualTo(Steering.FLOW_RULES);
        rules.prepare(3, List.of(new Change.RemoveService(1)));
        assertThat(table.rules).hasSize(2 * WORKERS);
    }

    @Test
    void shouldSayWhyThereAreNone() {
        table.refuses = true;
        FlowRules rules = rules(false);
        assertThat(view(rules).steering()).isEqualTo(Steering.HAND_OVER);
        assertThat(view(rules).noFlowRules()).isEqualTo("this port takes no rules.");
        table.refuses = false;
        rules.prepare(1, tcp(0, FIRST));
        assertThat(table.rules).as("never asked again").isEmpty();
    }

    @Test
    void shouldHandOverWhilePartOfTheAddressesHaveNone() {
        FlowRules rules = rules(false);
        assertThat(view(rules).steering()).isEqualTo(Steering.FLOW_RULES);
        rules.prepare(1, tcp(0, FIRST));
        table.refuses = true;
        rules.prepare(2, tcp(1, SECOND));
        assertThat(view(rules).steering()).isEqualTo(Steering.HAND_OVER);
        assertThat(view(rules).flowRules()).isEqualTo(WORKERS);
        assertThat(view(rules).noFlowRules())
                .isEqualTo("2001:db8::200 TCP: this port takes no rules.");
        table.refuses = false;
        rules.prepare(3, tcp(1, SECOND));
        assertThat(view(rules).steering()).isEqualTo(Steering.FLOW_RULES);
        assertThat(view(rules).noFlowRules()).isEmpty();
    }

    @Test
    void shouldKeepWithinItsBound() {
        FlowRules rules = rules(false);
        Address[] many = new Address[PortFlowRules.MAX_RULES / WORKERS + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = Address.ofIpv4(0x0A00_0000 + i);
        }
        rules.prepare(1, tcp(0, many));
        assertThat(table.rules).hasSize(PortFlowRules.MAX_RULES);
        assertThat(view(rules).steering()).isEqualTo(Steering.HAND_OVER);
        assertThat(view(rules).noFlowRules())
                .endsWith(" TCP: 8192 flow rules of the port are in use.");
    }

    @Test
    void shouldGoOnWhenAPortKeepsARule() {
        FlowRules rules = rules(false);
        rules.prepare(1, tcp(0, FIRST));
        table.keeps = true;
        rules.prepare(2, List.of(new Change.SetLocalAddresses(0, List.of(SECOND))));
        rules.applied(2);
        assertThat(view(rules).steering()).isEqualTo(Steering.FLOW_RULES);
        assertThat(view(rules).flowRules()).isEqualTo(WORKERS);
    }
}
