package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.Tunnel;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulerTest {

    static Set<String> names() {
        return Scheduler.names();
    }

    @Test
    void shouldKnowTheFourteenOfLinux() {
        assertThat(Scheduler.names())
                .containsExactly(
                        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo",
                        "ovf", "mh", "twos");
        assertThat(Scheduler.isKnown("wlc")).isTrue();
        assertThat(Scheduler.isKnown("WLC")).isFalse();
        assertThat(Scheduler.isKnown("")).isFalse();
    }

    @Test
    void shouldRefuseAnotherName() {
        assertThatThrownBy(() -> Scheduler.create("foo", Set.of(), new DestinationList(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'foo' is not a scheduler; it is one of [rr, wrr,");
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldPickNobodyFromNobody(String name) {
        Scheduler scheduler = Scheduler.create(name, Set.of(), new DestinationList(), 1);

        assertThat(scheduler.name()).isEqualTo(name);
        assertThat(Scheduler.pick(scheduler, new Flow())).isNull();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldPickNobodyWhenAllAreQuiescentOrOverloaded(String name) {
        DestinationList list = listOf(0, 5);
        list.get(0).setOverloaded(true);

        Scheduler scheduler = Scheduler.create(name, Set.of(), list, 1);

        assertThat(list.get(0).weight()).isEqualTo(5);
        for (int i = 0; i < 10; i++) {
            assertThat(Scheduler.pick(scheduler, new Flow())).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldPickTheOnlyOne(String name) {
        DestinationList list = listOf(1);
        Scheduler scheduler = Scheduler.create(name, Set.of(), list, 1);

        for (int i = 0; i < 10; i++) {
            assertThat(Scheduler.pick(scheduler, new Flow())).isSameAs(list.get(0));
        }
    }

    /** A pass for each of two thousand million levels would hold the worker up for minutes. */
    @Test
    void shouldNotWalkEmptyPassesOfWrr() {
        DestinationList list = listOf(3, 2, Integer.MAX_VALUE);
        Destination huge = list.get(0);
        Scheduler scheduler = Scheduler.create("wrr", Set.of(), list, 1);
        huge.setOverloaded(true);

        assertThat(Scheduler.pick(scheduler, new Flow())).isSameAs(list.get(2));
        assertThat(Scheduler.pick(scheduler, new Flow())).isSameAs(list.get(1));
        assertThat(Scheduler.pick(scheduler, new Flow())).isSameAs(list.get(2));
        list.get(1).setOverloaded(true);
        list.get(2).setOverloaded(true);
        assertThat(Scheduler.pick(scheduler, new Flow())).isNull();
    }

    @Test
    void shouldEndOverloadByItsThresholds() {
        Destination d = new Destination(0, server(1, 1, 8, 3));
        for (int i = 1; i < 8; i++) {
            d.addConnection();
            d.moveConnection(true);
            assertThat(d.isOverloaded()).isFalse();
        }
        d.addConnection();
        assertThat(d.isOverloaded()).isTrue();
        Counts.set(d, 3, 0);
        assertThat(d.isOverloaded()).isTrue();
        d.removeConnection(true);
        assertThat(d.isOverloaded()).isFalse();
    }

    @Test
    void shouldEndOverloadBelowThreeQuartersWithoutALowerThreshold() {
        Destination d = new Destination(0, server(1, 1, 8, 0));
        Counts.set(d, 0, 8);
        Counts.set(d, 0, 6);
        assertThat(d.isOverloaded()).isTrue();
        d.removeConnection(false);
        assertThat(d.isOverloaded()).isFalse();
    }

    @Test
    void shouldEndOverloadWhenTheUpperThresholdIsRaisedOrTakenAway() {
        Destination d = new Destination(0, server(1, 1, 8, 0));
        d.setOverloaded(true);
        d.edit(server(1, 4, 7, 0));
        assertThat(d.isOverloaded()).isTrue();
        d.edit(server(1, 4, 9, 0));
        assertThat(d.isOverloaded()).isFalse();
        d.setOverloaded(true);
        d.edit(server(1, 4, 0, 0));
        assertThat(d.isOverloaded()).isFalse();
    }

    @Test
    void shouldKeepTheLastWeightThroughAnEditOnly() {
        Destination d = new Destination(0, server(1, 4, 0, 0));
        d.edit(server(1, 0, 0, 0));
        assertThat(d.lastWeight()).isEqualTo(4);
        d.revive(server(1, 0, 0, 0));
        assertThat(d.lastWeight()).isZero();
    }

    /** Servers added with these weights, so the last one stands first. */
    static DestinationList listOf(int... weights) {
        DestinationList list = new DestinationList();
        for (int i = 0; i < weights.length; i++) {
            list.addFirst(new Destination(i, server(i + 1, weights[i], 0, 0)));
        }
        return list;
    }

    static RealServer server(int number, int weight, int upper, int lower) {
        return new RealServer(
                Address.ofIpv4(0xC0A8_4D00 + number),
                8080,
                ForwardingMethod.NAT,
                weight,
                upper,
                lower,
                Tunnel.IPIP);
    }
}
