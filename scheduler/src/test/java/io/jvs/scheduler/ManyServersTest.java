package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long lists: the choices are those of a walk over the whole list, server for server, while
 * connections come and go, and servers are added, removed, edited, overloaded, held back.
 */
class ManyServersTest {
    private static final int STEPS = 10_000;

    static Stream<Arguments> walks() {
        List<Arguments> all = new ArrayList<>();
        for (String name : List.of("rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "twos")) {
            for (int most : new int[] {3, 40, 700}) {
                for (int highestWeight : new int[] {1, 6, 1000}) {
                    all.add(Arguments.of(name, most, highestWeight));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("walks")
    void shouldPickWhatAWalkOverTheListFinds(String name, int most, int highestWeight) {
        Walk walk = new Walk(name, most, highestWeight);
        for (int step = 0; step < STEPS; step++) {
            walk.step(step);
        }
        assertThat(walk.picked).isGreaterThan(name.equals("ovf") ? STEPS / 100 : STEPS / 4);
    }

    /** Most steps pick or end a connection; now and then a generation of many changes. */
    private static final class Walk {
        private final SplittableRandom random;
        private final DestinationList list = new DestinationList();
        private final List<Destination> open = new ArrayList<>();
        private final List<Destination> removed = new ArrayList<>();
        private final Flow flow = new Flow();
        private final String name;
        private final int most;
        private final int highestWeight;
        private final PlainRule rule;
        private final Scheduler scheduler;
        private int serverIndex;
        private int picked;

        Walk(String name, int most, int highestWeight) {
            this.name = name;
            this.most = most;
            this.highestWeight = highestWeight;
            random = new SplittableRandom(most * 7919L + highestWeight);
            rule = new PlainRule(name, 77);
            scheduler = Scheduler.create(name, Set.of(), list, 77, 1);
            changeList(most);
        }

        void step(int step) {
            int dice = random.nextInt(1000);
            if (dice < 2) {
                changeList(1 + random.nextInt(most));
            } else if (dice < 20) {
                changeList(1);
            } else if (dice < 80 && list.size() > 0) {
                changeOne(list.get(random.nextInt(list.size())));
            } else if (dice < 300 && !open.isEmpty()) {
                Destination d = open.remove(random.nextInt(open.size()));
                d.removeConnection(d.active() > 0 && (d.inactive() == 0 || random.nextBoolean()));
            } else {
                pick(step);
            }
        }

        private void pick(int step) {
            Destination actual = Scheduler.pick(scheduler, flow);
            assertThat(actual).as("%s step %d", name, step).isSameAs(rule.pick());
            if (actual != null) {
                picked++;
                actual.addConnection();
                open.add(actual);
                if (random.nextInt(4) != 0) {
                    actual.moveConnection(true);
                }
            }
        }

        private void changeOne(Destination d) {
            switch (random.nextInt(5)) {
                case 0 -> d.setOverloaded(!d.isOverloaded());
                case 1 -> d.setHeld(!d.isHeld());
                case 2 -> d.setForeign(random.nextInt(4), random.nextInt(300));
                default -> {
                    d.edit(d.spec.withWeight(weight()));
                    scheduler.onEdited(d);
                    rule.edit();
                }
            }
        }

        private void changeList(int changes) {
            for (int i = 0; i < changes; i++) {
                if (list.size() == 0 || list.size() < most && random.nextInt(5) < 3) {
                    add();
                } else {
                    remove(list.get(random.nextInt(list.size())));
                }
            }
            scheduler.settle();
        }

        private void add() {
            boolean returns = !removed.isEmpty() && random.nextBoolean();
            Destination d =
                    returns
                            ? removed.remove(random.nextInt(removed.size()))
                            : new Destination(
                                    serverIndex, SchedulerTest.server(serverIndex++, 1, 0, 0));
            d.revive(d.spec.withWeight(weight()));
            list.addFirst(d);
            scheduler.onAdded(d);
            rule.add(d);
        }

        private void remove(Destination d) {
            list.remove(d);
            scheduler.onRemoved(d);
            rule.remove(d);
            removed.add(d);
        }

        private int weight() {
            int unit = highestWeight > 10 ? 10 : 1;
            return random.nextInt(8) == 0 ? 0 : unit * (1 + random.nextInt(highestWeight / unit));
        }
    }

    /** lblc and lblcr against their models, on one virtual address and on several. */
    @ParameterizedTest
    @CsvSource({"lblc,1", "lblc,5", "lblcr,1", "lblcr,5"})
    void shouldKeepToWhatAnAddressHasHad(String name, int addresses) {
        SplittableRandom random = new SplittableRandom(addresses);
        DestinationList list = new DestinationList();
        SchedulerModel model = SchedulerModel.of(name, Set.of());
        int rooms = addresses == 1 ? 1 : Scheduler.ADDRESSES_MAX;
        Scheduler scheduler = Scheduler.create(name, Set.of(), list, 3, rooms);
        for (int i = 0; i < 150; i++) {
            Destination d =
                    new Destination(i, SchedulerTest.server(i, 1 + random.nextInt(3), 0, 0));
            list.addFirst(d);
            scheduler.onAdded(d);
            model.add(d);
        }
        Flow flow = new Flow();
        List<Destination> open = new ArrayList<>();
        for (int step = 0; step < 4000; step++) {
            flow.virtualLow = random.nextInt(addresses);
            flow.nowSeconds += random.nextInt(200) == 0 ? 40_000 : 0;
            Destination actual = Scheduler.pick(scheduler, flow);
            assertThat(actual).as("step %d", step).isSameAs(model.pick(flow));
            if (actual == null) {
                continue;
            }
            actual.addConnection();
            actual.moveConnection(true);
            open.add(actual);
            if (open.size() > 400 || random.nextInt(4) == 0) {
                open.remove(random.nextInt(open.size())).removeConnection(true);
            }
            if (random.nextInt(100) == 0) {
                actual.setOverloaded(!actual.isOverloaded());
            }
        }
    }

    /** Counts that a 64-bit product of load and weight has no room for. */
    @Test
    void shouldCompareWithoutOverflow() {
        long load = 1L << 40;
        assertThat(Tournament.isLess(load, Integer.MAX_VALUE, load, 1)).isTrue();
        assertThat(Tournament.isLess(load, 1, load, Integer.MAX_VALUE)).isFalse();
        assertThat(Tournament.isLess(load - 1, 3, load, 3)).isTrue();
        assertThat(Tournament.isLess(load, Integer.MAX_VALUE, load, Integer.MAX_VALUE)).isFalse();
        assertThat(Tournament.isLess(1, 0, load, 1)).isFalse();
        assertThat(Tournament.isLess(load, 1, 1, 0)).isTrue();
    }
}
