package io.jvs.director;

import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.service;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RulesDiffTest {
    private static final ServiceKey WEB = tcp("10.0.0.1", 80);
    private static final ServiceKey MAIL = tcp("10.0.0.1", 25);

    private static Map<ServiceKey, VirtualService> state(VirtualService... services) {
        Map<ServiceKey, VirtualService> state = new LinkedHashMap<>();
        for (VirtualService service : services) {
            state.put(service.key(), service);
        }
        return state;
    }

    @Test
    void shouldFindNothingBetweenEqualStates() {
        Map<ServiceKey, VirtualService> a = state(service(WEB, nat("10.1.0.1", 80, 1)));
        Map<ServiceKey, VirtualService> b = state(service(WEB, nat("10.1.0.1", 80, 1)));
        assertThat(RulesDiff.between(a, b)).isEmpty();
    }

    @Test
    void shouldAddServersFromTheTailSoThatTheListEndsInTheWantedOrder() {
        RealServer one = nat("10.1.0.1", 80, 1);
        RealServer two = nat("10.1.0.2", 80, 1);
        assertThat(RulesDiff.between(Map.of(), state(service(WEB, two, one))))
                .containsExactly(
                        new Step.ServiceAdded(service(WEB, two, one)),
                        new Step.ServerAdded(WEB, one),
                        new Step.ServerAdded(WEB, two));
    }

    @Test
    void shouldRemoveServicesBeforeItAddsOthers() {
        assertThat(RulesDiff.between(state(service(WEB)), state(service(MAIL))))
                .containsExactly(
                        new Step.ServiceRemoved(WEB), new Step.ServiceAdded(service(MAIL)));
    }

    @Test
    void shouldEditAServerInItsPlace() {
        RealServer one = nat("10.1.0.1", 80, 1);
        RealServer two = nat("10.1.0.2", 80, 1);
        assertThat(
                        RulesDiff.between(
                                state(service(WEB, two, one)),
                                state(service(WEB, two, one.withWeight(7)))))
                .containsExactly(new Step.ServerEdited(WEB, one.withWeight(7)));
    }

    @Test
    void shouldSetLocalAddressesOnlyWhenTheyChange() {
        List<Address> locals = List.of(Address.parse("10.2.0.1"));
        VirtualService with = service(WEB).withLocalAddresses(locals);
        assertThat(RulesDiff.between(state(service(WEB)), state(with)))
                .containsExactly(new Step.LocalAddressesSet(WEB, locals));
        assertThat(RulesDiff.between(state(with), state(service(WEB).withLocalAddresses(locals))))
                .isEmpty();
    }

    /** Applied to a list whose only insert is at the head, the steps give the wanted list. */
    @Test
    void shouldLeadFromAnyListToAnyOther() {
        Random random = new Random(25);
        for (int round = 0; round < 2000; round++) {
            List<RealServer> from = someServers(random);
            List<RealServer> to = someServers(random);
            List<RealServer> list = new ArrayList<>(from);
            for (Step step :
                    RulesDiff.between(
                            state(service(WEB).withServers(from)),
                            state(service(WEB).withServers(to)))) {
                switch (step) {
                    case Step.ServerAdded added -> list.addFirst(added.server());
                    case Step.ServerRemoved removed ->
                            list.removeIf(server -> server.sameEndpoint(removed.server()));
                    case Step.ServerEdited edited ->
                            list.replaceAll(server ->
                                    server.sameEndpoint(edited.server())
                                            ? edited.server()
                                            : server);
                    default -> throw new AssertionError(step);
                }
            }
            assertThat(list).as("round %d", round).isEqualTo(to);
        }
    }

    private static List<RealServer> someServers(Random random) {
        List<RealServer> servers = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            if (random.nextInt(3) > 0) {
                servers.add(nat("10.1.0." + i, 80, random.nextInt(2)));
            }
        }
        if (random.nextBoolean()) {
            Collections.shuffle(servers, random);
        }
        return servers;
    }
}
